"""Talks: one log of messages each, and how it looks to one of its members.

A person names a talk by its type and the other side: the friend's user_id or the group's group_id (`TalkAddress`).
The log has one name for everybody (`TalkId`): both user ids in order joined by a colon, or a colon and the group id.
Ids contain no colon, so no two talks share a name.
"""

import enum
from typing import NewType

import attrs

from naivechat.domain.user import UserId

TalkId = NewType("TalkId", str)

SKETCH_CHARACTERS = 64
MOST_UNREAD = 100
"""Unread counts end here: 100 stands for 100 or more."""
TALKS_A_PAGE = 200
MOST_TYPING_AUDIENCE = 50
"""Groups larger than this do not hear who is typing."""

OPENED = -1
"""`hidden_seq` of an opened dialogue: listed even while its log is empty."""


class TalkType(enum.IntEnum):
    """Between two friends, or in a group."""

    FRIEND = 0
    GROUP = 1


@attrs.frozen(kw_only=True)
class TalkAddress:
    """A talk as one person names it: the friend's user_id, or the group's group_id."""

    talk_type: TalkType
    other_id: str


def talk_id_of(user_id: UserId, address: TalkAddress) -> TalkId:
    """The log that `user_id` means by `address`."""
    if address.talk_type is TalkType.GROUP:
        return group_talk_id(address.other_id)
    return friend_talk_id(user_id, UserId(address.other_id))


def friend_talk_id(one: UserId, other: UserId) -> TalkId:
    """The log of two people, whichever is named first."""
    return TalkId(f"{one}:{other}" if one < other else f"{other}:{one}")


def group_talk_id(group_id: str) -> TalkId:
    """The log of a group."""
    return TalkId(f":{group_id}")


def is_group_talk(talk_id: TalkId) -> bool:
    """Whether a log is a group's."""
    return talk_id[0] == ":"


def talk_type_of(talk_id: TalkId) -> TalkType:
    """The type of a log, read from its name."""
    return TalkType.GROUP if is_group_talk(talk_id) else TalkType.FRIEND


def friends_in(talk_id: TalkId) -> tuple[UserId, UserId]:
    """The two people of a friend talk."""
    one, _, other = talk_id.partition(":")
    return UserId(one), UserId(other)


def friend_of(user_id: UserId, talk_id: TalkId) -> UserId:
    """The other one of the two people of a friend talk."""
    one, _, other = talk_id.partition(":")
    return UserId(other if one == user_id else one)


def address_for(user_id: UserId, talk_id: TalkId) -> TalkAddress:
    """How `user_id`, a member, names a log."""
    one, _, other = talk_id.partition(":")
    if not one:
        return TalkAddress(talk_type=TalkType.GROUP, other_id=other)
    return TalkAddress(talk_type=TalkType.FRIEND, other_id=other if one == user_id else one)


@attrs.frozen(kw_only=True)
class Talk:
    """A dialogue on one person's list.

    `name` is the friend's remark or nickname, or the group's name. `sketch` is the beginning of the last message,
    `date_ms` its time or that of the opening. `unread` is 0…100.
    """

    address: TalkAddress
    name: str
    avatar: str
    sketch: str
    date_ms: int
    last_seq: int
    read_seq: int
    unread: int
    pinned: bool
    muted: bool
