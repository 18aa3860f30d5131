"""What happens in a history: one class an event, all on one monotonic clock (`at_s`, in seconds).

Talks have the one name that their log has for everybody (`talk_id`), whatever its members call them.
Devices are `user/device`; connections are numbers, never used again.
"""

from collections.abc import Sequence
from typing import TypeAlias

import attrs

TEXT = 0
"""The message type of what people write; records of other types are the nodes' own."""


@attrs.frozen(kw_only=True, cache_hash=True)
class Record:
    """One record of a log as somebody saw it. `msg_uuid` is its sender's name for it."""

    talk_id: str
    seq: int
    sender_id: str
    msg_uuid: bytes
    msg_type: int
    text: str


@attrs.frozen(kw_only=True)
class Send:
    """A message is about to leave: every attempt is one, under the same `msg_uuid`."""

    at_s: float
    connection: int
    user_id: str
    talk_id: str
    msg_uuid: bytes
    text: str


@attrs.frozen(kw_only=True)
class Ok:
    """An attempt was acknowledged: the message is stored, as `seq` of its talk; `duplicate` if it was before."""

    at_s: float
    connection: int
    msg_uuid: bytes
    talk_id: str
    seq: int
    duplicate: bool


@attrs.frozen(kw_only=True)
class Fail:
    """An attempt was refused, and so has changed nothing."""

    at_s: float
    connection: int
    msg_uuid: bytes
    code: str


@attrs.frozen(kw_only=True)
class Info:
    """What became of an attempt is not known: it may be stored, at that time or later."""

    at_s: float
    connection: int
    msg_uuid: bytes


@attrs.frozen(kw_only=True)
class Wire:
    """A frame with a record reached a client of `user_id`: pushed, or asked for."""

    at_s: float
    connection: int
    user_id: str
    record: Record
    pushed: bool


@attrs.frozen(kw_only=True)
class Recv:
    """A device showed a record to its user."""

    at_s: float
    device: str
    user_id: str
    record: Record


@attrs.frozen(kw_only=True)
class HeadRead:
    """A node was asked at `asked_at_s` and said that a talk goes up to `last_seq`."""

    asked_at_s: float
    at_s: float
    user_id: str
    talk_id: str
    last_seq: int


@attrs.frozen(kw_only=True)
class MemberOn:
    """By the record `seq` of its log somebody came into a talk, and reads from that record on."""

    talk_id: str
    user_id: str
    seq: int


@attrs.frozen(kw_only=True)
class MemberOff:
    """By the record `seq` of its log somebody went out of a talk, and does not read it nor any later one."""

    talk_id: str
    user_id: str
    seq: int


@attrs.frozen(kw_only=True)
class Drain:
    """All faults were over and this device had its time; `missing` are the talks it did not show up to their end."""

    at_s: float
    device: str
    user_id: str
    missing: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class Stored:
    """A row of the database, read when all was over."""

    record: Record


@attrs.frozen(kw_only=True)
class Fault:
    """Something was broken on purpose from `began_at_s` to `ended_at_s`; `happened` if that was verified."""

    kind: str
    began_at_s: float
    ended_at_s: float
    happened: bool
    detail: str = ""


Event: TypeAlias = (
    Send | Ok | Fail | Info | Wire | Recv | HeadRead | MemberOn | MemberOff | Drain | Stored | Fault
)
