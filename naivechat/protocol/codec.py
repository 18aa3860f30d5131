"""Packets as bytes: the only module that knows CBOR.

A payload is decoded in two steps.
First it must be one map of the strict CBOR profile, or it is a `BadFrame`:
no tags, no indefinite lengths, no key twice, nesting at most 8, integers within ±2^63, valid UTF-8,
nothing behind it.
Then its keys must be texts and have the types and ranges of the packet's class, or it is a `BadRequest`;
unknown keys are ignored.

Source: ``docs/protocol.md``, section "Frame"; RFC 8949.
"""

import re
import secrets
import struct
from typing import Any, Final, NoReturn

import cbor2

from naivechat.protocol import friend, group, message, profile, session, talk  # noqa: F401 (they register)
from naivechat.protocol.command import REQUESTS
from naivechat.protocol.conversion import fields_of, packet_of, rid_of
from naivechat.protocol.errors import BadFrame, BadRequest, ProtocolError, UnknownCommand
from naivechat.protocol.packet import PACKETS, Packet
from naivechat.protocol.plain_message import READERS, WRITERS
from naivechat.protocol.shape import Shape, shape_of

MAX_NESTING: Final = 8
"""How deep maps and lists may stand in each other; the payload's map is the first."""

MAX_INT: Final = 2**63
"""The greatest distance from 0 that an integer may have."""

_HEADER = struct.Struct("!IB")
_KNOWN: dict[int, Shape] = {command: shape_of(cls) for command, cls in PACKETS.items()}
_KNOWN_REQUESTS: dict[int, Shape] = {command: _KNOWN[command] for command in REQUESTS}


def encode_frame(packet: Packet) -> bytes:
    """Encode a packet as one frame: length, command and payload.

    Raises:
        ValueError: a text holds a lone surrogate, which UTF-8 cannot say.
    """
    payload = encode(packet)
    return _HEADER.pack(1 + len(payload), packet.command) + payload


def encode(packet: Packet) -> bytes:
    """Encode a packet as a payload; fields that are None are left out.

    Raises:
        ValueError: a text holds a lone surrogate, which UTF-8 cannot say.
    """
    write = WRITERS.get(packet.command)
    payload = write(packet) if write is not None else None
    return payload if payload is not None else cbor2.dumps(fields_of(packet, _KNOWN[packet.command]))


def decode_request(command: int, payload: bytes) -> Packet:
    """Decode what a client has sent.

    Raises:
        UnknownCommand: no client may send this command, whatever its payload is.
        BadFrame: the payload is not one map of the strict profile.
        BadRequest: a key is missing, of the wrong type or out of range.
        UnsupportedVersion: the client speaks another version.
    """
    read = READERS.get(command)
    packet = read(payload) if read is not None else None
    return packet if packet is not None else _decode(_KNOWN_REQUESTS, command, payload)


def decode(command: int, payload: bytes) -> Packet:
    """Decode a packet of any command, as a client does with what a node has sent.

    Raises:
        UnknownCommand: a later node may send such; a client ignores it.
        BadFrame: the payload is not one map of the strict profile.
        BadRequest: a key is missing, of the wrong type or out of range.
        UnsupportedVersion: it is a login of another version.
    """
    return _decode(_KNOWN, command, payload)


def _decode(known: dict[int, Shape], command: int, payload: bytes) -> Packet:
    shape = known.get(command)
    if shape is None:
        raise UnknownCommand(f"command {command} is unknown here", rid=_find_rid(payload))
    return packet_of(_load(payload), shape)


def _refuse_tag(*_: object) -> NoReturn:
    raise ValueError("tags are not allowed")


_TAGS_OF_CBOR2 = (
    *(0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54),
    *(100, 256, 258, 260, 261, 1004, 43000, 55799),
)
_REFUSED_TAGS: Final = dict.fromkeys(_TAGS_OF_CBOR2, _refuse_tag)

# cbor2.loads does not say where it stopped, and a decoder on a stream, which does, takes twice as long.
# So the payload is read as the first of two items: whatever stands behind it comes out instead of the second,
# which nobody outside this process knows.
_END = secrets.token_bytes(16)
_PAIR_HEAD = b"\x82"
_PAIR_TAIL = cbor2.dumps(_END)

_NOT_A_TEXT_KEY = re.compile("(error decoding [a-z]+: )*map key must be")
_WIDE_INT = re.compile(rb"[\x1b\x3b][\x80-\xff]")


def _load(payload: bytes) -> dict[Any, Any]:
    try:
        fields, end = _read_pair(payload, MAX_NESTING)
    except Exception as error:  # MemoryError, RecursionError and OverflowError are the peer's doing, too
        fields, end = _read_deep_pair(payload, error)
    if end != _END or type(fields) is not dict:
        raise BadFrame("the payload is not exactly one CBOR map")
    if (0x1B in payload or 0x3B in payload) and _WIDE_INT.search(payload) and _has_wide_int(fields):
        raise BadFrame("an integer is beyond 2^63")
    return fields


def _read_pair(payload: bytes, max_depth: int) -> list[Any]:
    pair: list[Any] = cbor2.loads(
        _PAIR_HEAD + payload + _PAIR_TAIL,
        max_depth=max_depth,
        allow_indefinite=False,
        allow_duplicate_keys=False,
        strict_hashable_types=True,
        semantic_decoders=_REFUSED_TAGS,
        tag_hook=_refuse_tag,
    )
    return pair


def _read_deep_pair(payload: bytes, error: Exception) -> list[Any]:
    """Read again with one level more: at its limit, cbor2 takes a container only when that is empty."""
    if "nesting depth" in str(error):
        try:
            pair = _read_pair(payload, MAX_NESTING + 1)
        except Exception as deeper_error:
            _refuse(deeper_error)
        if _nesting_of(pair[0]) <= MAX_NESTING:
            return pair
    _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    if _NOT_A_TEXT_KEY.match(str(error)):
        # cbor2 stops at such a key, so the rid and whatever else may be wrong stay unread.
        raise BadRequest("", "every key must be a text") from None
    raise BadFrame("the payload is not well-formed CBOR of the strict profile") from None


def _nesting_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_nesting_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_nesting_of, value), default=0)
    return 0


def _has_wide_int(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_wide_int, value.values()))
    if isinstance(value, list):
        return any(map(_has_wide_int, value))
    return isinstance(value, int) and abs(value) > MAX_INT


def _find_rid(payload: bytes) -> int:
    try:
        return rid_of(_load(payload))
    except ProtocolError:
        return 0
