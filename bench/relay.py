"""The yardstick: the least that a Python program can do with the same frames.

`python -m bench.relay` takes connections in pairs, in the order they come, and for each frame writes one of the same length
to the sender (the ack) and one to the other of the pair (the delivery). Nothing is decoded, stored or checked.
"""

import select
import socket

from bench.frames import ACK, DELIVERY, PREFIX


class Relay:
    """One listening socket of 127.0.0.1 and what comes in there."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._sockets: list[socket.socket] = []
        self._numbers: dict[int, int] = {}
        self._buffers: dict[int, bytearray] = {}

    def run(self) -> None:
        """Relay for ever."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._listener.fileno():
                    self._accept()
                else:
                    self._receive(self._numbers[descriptor])

    def _accept(self) -> None:
        peer, _ = self._listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = len(self._sockets)
        self._sockets.append(peer)
        self._numbers[peer.fileno()] = number
        self._buffers[number] = bytearray()
        self._poll.register(peer, select.EPOLLIN)

    def _receive(self, number: int) -> None:
        data = self._sockets[number].recv(65_536)
        if not data:
            self._poll.unregister(self._sockets[number])
            return
        buffer = self._buffers[number]
        buffer += data
        frames, used = cut(buffer)
        del buffer[:used]
        self._sockets[number].sendall(b"".join(changed(frame, ACK) for frame in frames))
        self._sockets[number ^ 1].sendall(b"".join(changed(frame, DELIVERY) for frame in frames))


def cut(buffer: bytearray) -> tuple[list[bytes], int]:
    """The whole frames that a buffer begins with, and how long they are together."""
    frames, used = [], 0
    while len(buffer) - used >= PREFIX.size:
        end = used + PREFIX.size + PREFIX.unpack_from(buffer, used)[0]
        if end > len(buffer):
            break
        frames.append(bytes(buffer[used:end]))
        used = end
    return frames, used


def changed(frame: bytes, command: int) -> bytes:
    """The frame under another command."""
    return b"%b%c%b" % (frame[: PREFIX.size], command, frame[PREFIX.size + 1 :])


def main() -> None:
    """Say the port and relay."""
    relay = Relay()
    print(relay.port, flush=True)
    relay.run()


if __name__ == "__main__":
    main()
