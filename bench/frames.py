"""Message frames made once and patched for each message, and their recognition without decoding.

Every message is known by a number, which travels in its msg_uuid: 8 bytes of the run, 8 bytes of the number.
"""

import os
import struct
from collections.abc import Iterator

import attrs

from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.message import MsgGroupRequest, MsgRequest

ACK = int(Command.MSG_ACK_RESPONSE)
DELIVERY = int(Command.MSG_RESPONSE)
DELIVERIES = frozenset({DELIVERY, int(Command.MSG_GROUP_RESPONSE)})
SYNC_NOTICE = int(Command.SYNC_NOTICE)

PREFIX = struct.Struct("!I")
_NUMBER = struct.Struct("!Q")
_UUID_KEY = b"\x68msg_uuid\x50"
_LEAST_WIDE_RID = 1 << 16
"""From here on a rid is written in four bytes, so that all frames are equally long."""


class MessageFrames:
    """Frames of messages that are all like `pattern`, whose rid and msg_uuid do not matter.

    Args:
        run: the 8 bytes by which messages of this run are known.
    """

    def __init__(self, pattern: MsgRequest | MsgGroupRequest, *, run: bytes) -> None:
        self._run = run
        mark, rid = os.urandom(16), 0xFACADE42
        frame = encode_frame(attrs.evolve(pattern, rid=rid, msg_uuid=mark))
        self._parts = _split(frame, PREFIX.pack(rid), mark)

    def make(self, number: int) -> bytes:
        """The frame of message `number`, from 0."""
        first, rid_is_first, middle, last = self._parts
        rid = PREFIX.pack(_LEAST_WIDE_RID + number)
        uuid = self._run + _NUMBER.pack(number)
        return b"".join(
            (first, rid, middle, uuid, last) if rid_is_first else (first, uuid, middle, rid, last)
        )


def text_to_friend(friend_id: str, text_bytes: int) -> MsgRequest:
    """The pattern of messages to a friend, each with a text so long."""
    return MsgRequest(rid=0, friend_id=friend_id, msg_uuid=bytes(16), msg_type=0, msg_text="x" * text_bytes)


def text_to_group(group_id: str, text_bytes: int) -> MsgGroupRequest:
    """The pattern of messages to a group, each with a text so long."""
    return MsgGroupRequest(
        rid=0, group_id=group_id, msg_uuid=bytes(16), msg_type=0, msg_text="x" * text_bytes
    )


def whole_frames(buffer: bytearray) -> Iterator[tuple[int, int]]:
    """Where each whole frame in a buffer begins, at its command, and ends: the next one's prefix, or an unfinished frame."""
    used = 0
    while len(buffer) - used >= PREFIX.size:
        end = used + PREFIX.size + PREFIX.unpack_from(buffer, used)[0]
        if end > len(buffer):
            return
        yield used + PREFIX.size, end
        used = end


def find_number(buffer: bytearray, start: int, end: int, run: bytes) -> int | None:
    """The number of the message that the frame between `start` and `end` is about; None if it is not of this run."""
    at = buffer.find(_UUID_KEY, start, end)
    if at < 0:
        return None
    at += len(_UUID_KEY)
    if buffer[at : at + 8] != run:
        return None
    return int(_NUMBER.unpack_from(buffer, at + 8)[0])


def _split(frame: bytes, rid: bytes, uuid: bytes) -> tuple[bytes, bool, bytes, bytes]:
    rid_at, uuid_at = frame.index(rid), frame.index(uuid)
    rid_span, uuid_span = (rid_at, rid_at + len(rid)), (uuid_at, uuid_at + len(uuid))
    (start, begin_gap), (end_gap, end) = sorted((rid_span, uuid_span))
    return frame[:start], rid_at < uuid_at, frame[begin_gap:end_gap], frame[end:]
