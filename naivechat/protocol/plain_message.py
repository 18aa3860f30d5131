"""What nearly every message is made of, read and written without CBOR's library.

A message that comes alone finds the processor's caches full of other things: what it costs is how much code it goes through.
So a request whose payload is one map of the packet's keys in their order, lengths as short as they can be, is read by one
regular expression, which holds all that the packet's words ask for; whatever else a client may write goes through the codec.
Acks and pushes to friends are joined from their parts, to the same bytes that the codec would write.

Source: ``docs/protocol.md``, section "Frame"; RFC 8949, section 3.
"""

import re
from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any, Final, TypeAlias

from naivechat.protocol.command import Command
from naivechat.protocol.message import MsgAckResponse, MsgGroupRequest, MsgRequest, MsgResponse
from naivechat.protocol.packet import Packet

_Parts: TypeAlias = tuple[int, str, bytes, int, str]
"""A request's fields in their order."""

_UINT: Final = 0x00
_TEXT: Final = 0x60
_UINT16: Final = Struct("!BH").pack
_UINT32: Final = Struct("!BI").pack
_UINT64: Final = Struct("!BQ").pack


def _short_heads(major: int) -> tuple[bytes, ...]:
    """How CBOR begins what is of a major type, by its number or length below 2^8."""
    return (
        *(bytes((major + value,)) for value in range(0x18)),
        *(bytes((major + 0x18, value)) for value in range(0x18, 0x100)),
    )


def _long_head(major: int, value: int) -> bytes:
    """The same from 2^8 on."""
    if value < 0x10000:
        return _UINT16(major + 0x19, value)
    if value < 0x100000000:
        return _UINT32(major + 0x1A, value)
    return _UINT64(major + 0x1B, value)


_SHORT_UINTS: Final = _short_heads(_UINT)
_SHORT_TEXTS: Final = _short_heads(_TEXT)


def _uint(value: int) -> bytes:
    return _SHORT_UINTS[value] if value < 0x100 else _long_head(_UINT, value)


def _text_head(length: int) -> bytes:
    return _SHORT_TEXTS[length] if length < 0x100 else _long_head(_TEXT, length)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _text_head(len(encoded)) + encoded


def _form(id_key: bytes) -> re.Pattern[bytes]:
    """What payloads look like; their texts are as long as they say only if `_text_head` agrees."""
    return re.compile(
        rb"\xa5\x63rid([\x00-\x17]|\x18.|\x19..|\x1a....)"
        + re.escape(_text_head(len(id_key)) + id_key)
        + rb"([\x61-\x77]|\x78.)([A-Za-z0-9][A-Za-z0-9_.-]{0,31})"
        rb"\x68msg_uuid\x50(.{16})"
        rb"\x68msg_type([\x00-\x17]|\x18[\x18-\x7f])"
        rb"\x68msg_text([\x60-\x77]|\x78.|\x79[\x01-\x3f].)(.*)\Z",
        re.DOTALL,
    )


_TO_FRIEND: Final = _form(b"friend_id")
_TO_GROUP: Final = _form(b"group_id")


def _parts(found: re.Match[bytes] | None) -> _Parts | None:
    if found is None:
        return None
    rid, id_head, other_id, msg_uuid, msg_type, text_head, text = found.groups()
    if id_head != _text_head(len(other_id)) or text_head != _text_head(len(text)):
        return None
    try:
        msg_text = text.decode()
    except UnicodeDecodeError:
        return None
    return int.from_bytes(rid[1:] or rid, "big"), other_id.decode(), msg_uuid, msg_type[-1], msg_text


def _read_to_friend(payload: bytes) -> MsgRequest | None:
    parts = _parts(_TO_FRIEND.match(payload))
    if parts is None:
        return None
    rid, friend_id, msg_uuid, msg_type, msg_text = parts
    return MsgRequest(rid=rid, friend_id=friend_id, msg_uuid=msg_uuid, msg_type=msg_type, msg_text=msg_text)


def _read_to_group(payload: bytes) -> MsgGroupRequest | None:
    parts = _parts(_TO_GROUP.match(payload))
    if parts is None:
        return None
    rid, group_id, msg_uuid, msg_type, msg_text = parts
    return MsgGroupRequest(
        rid=rid, group_id=group_id, msg_uuid=msg_uuid, msg_type=msg_type, msg_text=msg_text
    )


def _write_ack(ack: MsgAckResponse) -> bytes:
    return b"".join(
        (
            b"\xa7\x63rid",
            _uint(ack.rid),
            b"\x69talk_type",
            _uint(ack.talk_type),
            b"\x67talk_id",
            _text(ack.talk_id),
            b"\x68msg_uuid\x50",
            ack.msg_uuid,
            b"\x63seq",
            _uint(ack.seq),
            b"\x67sent_at",
            _uint(ack.sent_at),
            b"\x69duplicate\xf5" if ack.duplicate else b"\x69duplicate\xf4",
        )
    )


def _write_push(push: MsgResponse) -> bytes | None:
    if push.target_seq is not None:
        return None
    return b"".join(
        (
            b"\xa7\x67talk_id",
            _text(push.talk_id),
            b"\x63seq",
            _uint(push.seq),
            b"\x69sender_id",
            _text(push.sender_id),
            b"\x68msg_type",
            _uint(push.msg_type),
            b"\x68msg_text",
            _text(push.msg_text),
            b"\x67sent_at",
            _uint(push.sent_at),
            b"\x68msg_uuid\x50",
            push.msg_uuid,
        )
    )


READERS: Final[Mapping[int, Callable[[bytes], Packet | None]]] = {
    Command.MSG_REQUEST: _read_to_friend,
    Command.MSG_GROUP_REQUEST: _read_to_group,
}
"""By command, what reads a payload; None where only the codec can tell."""

WRITERS: Final[Mapping[int, Callable[[Any], bytes | None]]] = {
    Command.MSG_ACK_RESPONSE: _write_ack,
    Command.MSG_RESPONSE: _write_push,
}
"""By command, what writes a packet's payload; None where the codec is to."""
