"""Friendship: who may write to whom."""

import enum

import attrs

from naivechat.domain.user import User

MOST_OPEN_REQUESTS = 200
"""Friend requests a person is shown, newest first."""


class FriendPolicy(enum.StrEnum):
    """How a friendship begins: at once, or when the other one accepts."""

    OPEN = "open"
    APPROVE = "approve"


class Standing(enum.IntEnum):
    """How a person found by a search stands to the one who searches."""

    CAN_ADD = 0
    ASKED = 1
    FRIEND = 2


@attrs.frozen(kw_only=True)
class Friend:
    """A friend as one person sees them; `remark` is that person's own name for the friend, "" if none."""

    user: User
    remark: str = ""


@attrs.frozen(kw_only=True)
class FriendRequest:
    """An open request of `asker`."""

    asker: User
    greeting: str
    asked_at_ms: int


@attrs.frozen(kw_only=True)
class Found:
    """One row of a search."""

    user: User
    standing: Standing


class AskOutcome(enum.Enum):
    """What became of asking somebody: friends already, friends now, a new or changed request, or the same one again."""

    ALREADY_FRIENDS = enum.auto()
    NOW_FRIENDS = enum.auto()
    ASKED = enum.auto()
    ASKED_AGAIN = enum.auto()
