"""Frames as nobody should send them, made up without end from a seed."""

import struct
from collections.abc import Iterator
from random import Random
from typing import Any

import cbor2

from naivechat.protocol.command import REQUESTS
from tests.attacks.hostile import HOSTILE
from tests.unit.protocol.samples import FULL

_COMMANDS = sorted(REQUESTS)
_ITEMS = tuple(HOSTILE.values())
_WORDS = ("target", "friend", "nobody", "g1", "", "%", "x" * 33, 0, 1, 2, 2**32, -1, None, True, b"", [], {})
_INTERESTING = (0x00, 0x1B, 0x3B, 0x5B, 0x7B, 0x7F, 0x80, 0x9F, 0xA1, 0xBF, 0xC2, 0xD8, 0xF6, 0xFF)


def hostile_frames(random: Random, count: int) -> Iterator[bytes]:
    """So many frames: damaged ones, others' fields, hostile items, wrong lengths, and noise."""
    kinds = (_damaged, _damaged, _shuffled, _shuffled, _with_item, _noise, _wrong_length)
    for _ in range(count):
        yield random.choice(kinds)(random)


def frame(command: int, payload: bytes) -> bytes:
    """A frame that is at least one."""
    return struct.pack("!IB", 1 + len(payload), command) + payload


def _damaged(random: Random) -> bytes:
    command = random.choice(_COMMANDS)
    payload = bytearray(cbor2.dumps(FULL[command]))
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(payload) + 1)
        cut = at + random.randrange(3)
        payload[at:cut] = bytes(random.choice(_INTERESTING) for _ in range(random.randrange(3)))
    return frame(command, bytes(payload))


def _shuffled(random: Random) -> bytes:
    """Well-formed, with values that other fields have, or nobody expects."""
    command = random.choice(_COMMANDS)
    fields: dict[str, Any] = dict(FULL[command])
    for key in random.sample(sorted(fields), random.randint(1, len(fields))):
        fields[key] = random.choice(_WORDS)
    return frame(command, cbor2.dumps(fields))


def _with_item(random: Random) -> bytes:
    command = random.choice(_COMMANDS)
    head, *rest = (cbor2.dumps(key) for key in random.sample(sorted(FULL[command]), len(FULL[command])))
    pairs = head + random.choice(_ITEMS) + b"".join(key + random.choice(_ITEMS) for key in rest)
    return frame(command, bytes([0xA0 + 1 + len(rest)]) + pairs)


def _noise(random: Random) -> bytes:
    return frame(random.randrange(256), random.randbytes(random.randrange(60)))


def _wrong_length(random: Random) -> bytes:
    length = random.choice((0, 1, 2, 4_097, 65_537, 2**31, 2**32 - 1))
    return struct.pack("!I", length) + random.randbytes(random.randrange(8))
