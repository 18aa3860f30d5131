"""How payloads travel in one PUBLISH: the sender's instance, 16 bytes, then each payload behind its length, 4 bytes big-endian."""

from collections.abc import Iterator, Sequence

INSTANCE_BYTES = 16
MOST_BYTES = 1 << 20
"""The longest envelope."""

_LENGTH_BYTES = 4
MOST_PAYLOAD_BYTES = MOST_BYTES - INSTANCE_BYTES - _LENGTH_BYTES
"""The longest payload: one that fills an envelope."""


def seal(instance: bytes, payloads: Sequence[bytes]) -> Iterator[bytes]:
    """Envelopes with all of `payloads`, in order; none is longer than `MOST_BYTES`, if no payload is too long."""
    parts, size = [instance], INSTANCE_BYTES
    for payload in payloads:
        taken = _LENGTH_BYTES + len(payload)
        if size + taken > MOST_BYTES:
            yield b"".join(parts)
            parts, size = [instance], INSTANCE_BYTES
        parts += (len(payload).to_bytes(_LENGTH_BYTES, "big"), payload)
        size += taken
    yield b"".join(parts)


def open_envelope(envelope: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The sender's instance and the payloads.

    Raises:
        ValueError: it is no envelope, or too long.
    """
    size = len(envelope)
    if not INSTANCE_BYTES <= size <= MOST_BYTES:
        raise ValueError(f"{size} bytes are no envelope")
    payloads, position = [], INSTANCE_BYTES
    while position < size:
        start = position + _LENGTH_BYTES
        position = start + int.from_bytes(envelope[position:start], "big")
        if start > size or position > size:
            raise ValueError("a payload is cut off")
        payloads.append(envelope[start:position])
    return envelope[:INSTANCE_BYTES], tuple(payloads)
