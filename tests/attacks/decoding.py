"""What must hold for any bytes that come as a command and a payload; and the inputs that fuzzing found worth keeping."""

from pathlib import Path

from naivechat.protocol import codec
from naivechat.protocol.errors import BadFrame, ProtocolError

CORPUS = Path(__file__).with_name("corpus.txt")
"""One input a line, in hexadecimal: the command's byte, then the payload."""


def check(data: bytes) -> None:
    """Decode an input as a client and as a node do. AssertionError when it is decoded otherwise than it is encoded."""
    command, payload = data[0] if data else 0, data[1:]
    for decode in (codec.decode, codec.decode_request):
        try:
            packet = decode(command, payload)
        except ProtocolError as error:
            assert error.message
            assert 0 <= error.rid < 2**32
            assert not (isinstance(error, BadFrame) and error.rid), "a rid was read where nothing can be read"
        else:
            assert packet.command == command
            assert decode(command, codec.encode(packet)) == packet


def kept_inputs() -> tuple[bytes, ...]:
    """The corpus."""
    return tuple(bytes.fromhex(line) for line in CORPUS.read_text().split())


def keep_inputs(inputs: set[bytes]) -> None:
    """Write the corpus anew, in order."""
    lines = (data.hex() for data in sorted(inputs, key=lambda data: (data[:1], len(data), data)))
    CORPUS.write_text("".join(f"{line}\n" for line in lines))
