"""What is told to whoever listens to a topic, on this node and on others.

Topics are `user:<id>`, what concerns one person, and `group:<id>`, what concerns all members of a group. Frames in bells are
encoded once, where something happened. Between nodes a bell is MessagePack; fields may be added at the end, with a default,
so nodes of neighbouring versions understand each other.
"""

from typing import Final, NewType, TypeAlias

import msgspec

from naivechat.domain.session import EndReason, SessionId
from naivechat.domain.talk import TalkId, friends_in, is_group_talk

Topic = NewType("Topic", str)
"""What sessions are bound to: `user:<id>` or `group:<id>`."""


def user_topic(user_id: str) -> Topic:
    """What concerns one person."""
    return Topic(f"user:{user_id}")


def group_topic(group_id: str) -> Topic:
    """What concerns all members of a group."""
    return Topic(f"group:{group_id}")


def owner_of(topic: Topic) -> str:
    """The id of the person or group that a topic is about."""
    return topic.partition(":")[2]


def topics_of(talk_id: TalkId) -> tuple[Topic, ...]:
    """Where the records of a talk are told: to both friends, or to the group."""
    if is_group_talk(talk_id):
        return (group_topic(talk_id[1:]),)
    one, other = friends_in(talk_id)
    return user_topic(one), user_topic(other)


class Push(msgspec.Struct, frozen=True, array_like=True, tag="push"):
    """A frame for all sessions of the topic, but those of the people in `not_to`."""

    frame: bytes
    not_to: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, array_like=True):
    """What a record of a group's log did to its members: the kind of the event, and whom it is about."""

    kind: str
    user_ids: tuple[str, ...]


class Record(msgspec.Struct, frozen=True, array_like=True, tag="record"):
    """Record `seq` of a talk's log, as this topic's people see it. `change` when it is an event of a group."""

    talk_id: str
    seq: int
    frame: bytes
    change: Change | None = None


class Joined(msgspec.Struct, frozen=True, array_like=True, tag="joined"):
    """The person came into a group by its record `seq`; `notice` is told to them."""

    group_id: str
    seq: int
    notice: bytes = b""


class Left(msgspec.Struct, frozen=True, array_like=True, tag="left"):
    """The person is out of a group by its record `seq`; `notice` is told to them."""

    group_id: str
    seq: int
    notice: bytes = b""


class Renamed(msgspec.Struct, frozen=True, array_like=True, tag="renamed"):
    """The person has another nickname or avatar."""

    nickname: str
    avatar: str


class Opened(msgspec.Struct, frozen=True, array_like=True, tag="opened"):
    """The person has logged in on a device; a session of it with a lower number gives way."""

    device: str
    login_no: int


class Present(msgspec.Struct, frozen=True, array_like=True, tag="present"):
    """The person's sessions on the node that says so: of each the device and the number."""

    sessions: tuple[tuple[str, int], ...]


class Ended(msgspec.Struct, frozen=True, array_like=True, tag="ended"):
    """Sessions of the person end: those of `login_nos`, or all but `keep` where None are named; of `device` alone, if one is.

    A node that knows nothing of devices looks whose token is gone, as all do that hear this from another one: it ends the same.
    """

    reason: EndReason
    keep: SessionId | None = None
    login_nos: tuple[int, ...] | None = None
    device: str | None = None


class Enrolled(msgspec.Struct, frozen=True, array_like=True, tag="enrolled"):
    """The person belongs to an official account and reads from behind its record `seq` on; `notice` is told to them.

    No record tells of it: of everybody there would be too many.
    """

    group_id: str
    seq: int
    notice: bytes = b""


Bell: TypeAlias = Push | Record | Joined | Left | Renamed | Opened | Present | Ended | Enrolled

encode: Final = msgspec.msgpack.Encoder().encode
_decoder: Final = msgspec.msgpack.Decoder(Bell)


def decode(payload: bytes) -> Bell:
    """The bell that another node has sent.

    Raises:
        ValueError: it is none.
    """
    try:
        bell: Bell = _decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    return bell
