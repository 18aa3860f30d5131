"""People, groups and requests to become friends."""

import enum

import attrs


@attrs.frozen(kw_only=True)
class Person:
    """Somebody. `remark` is one's own name for a friend; `avatar` the name of a built-in picture, "" to draw one from the id."""

    user_id: str
    nickname: str
    avatar: str = ""
    remark: str = ""
    is_online: bool = False

    @property
    def name(self) -> str:
        """What to call them."""
        return self.remark or self.nickname


class FoundStatus(enum.IntEnum):
    """Where one stands with somebody a search has found."""

    ADDABLE = 0
    ASKED = 1
    FRIEND = 2


@attrs.frozen(kw_only=True)
class Found:
    """Somebody a search has found."""

    person: Person
    status: FoundStatus


@attrs.frozen(kw_only=True)
class FriendRequest:
    """Somebody wants to be a friend. `asked_at_ms` in milliseconds since 1970."""

    person: Person
    greeting: str = ""
    asked_at_ms: int = 0


class Role(enum.IntEnum):
    """What a member may do in a group."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


@attrs.frozen(kw_only=True)
class Member:
    """Somebody in a group."""

    person: Person
    role: Role = Role.MEMBER


@attrs.frozen(kw_only=True)
class Group:
    """A group one is in. `members`, owner and admins first, is empty until they were asked for."""

    group_id: str
    name: str
    owner_id: str
    avatar: str = ""
    notice: str = ""
    member_count: int = 0
    is_official: bool = False
    members: tuple[Member, ...] = ()
