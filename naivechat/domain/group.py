"""Groups: who belongs, who may do what.

A change of a group is decided from its state and gives a `GroupChange`: the group afterwards, who came and went, whose role
moved, and the events to write into the group's log. The storage reads a `GroupState` under lock, calls one of the deciding
functions below, writes the change and the events, and commits.
"""

import enum
from typing import NewType

import attrs

from naivechat.domain.errors import Forbidden, LimitReached, NotFound, NotMember
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes
from naivechat.domain.user import User, UserId

GroupId = NewType("GroupId", str)
"""Chosen by the node; same shape as a user id."""


class Role(enum.IntEnum):
    """What a member may do: admins invite, remove members and update; the owner sets roles and dissolves."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


class GroupEventKind(enum.StrEnum):
    """What happened to a group; the words of GroupNotice and of event messages."""

    CREATED = "created"
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"
    UPDATED = "updated"
    DISSOLVED = "dissolved"
    ROLE = "role"


@attrs.frozen(kw_only=True)
class Group:
    """A group as its members see it. `official` marks an official account: everybody is a member, only operators write."""

    group_id: GroupId
    name: str
    avatar: str = ""
    notice: str = ""
    owner_id: UserId
    member_count: int
    official: bool = False


@attrs.frozen(kw_only=True)
class Member:
    """A member as others see them."""

    user: User
    role: Role


@attrs.frozen(kw_only=True)
class Membership:
    """Since when, and as what, somebody belongs."""

    role: Role
    joined_at_ms: int


@attrs.frozen(kw_only=True)
class GroupState:
    """What a change is decided from.

    group: None when there is none of that name, or it was dissolved. members: everybody in it.
    group_counts: of the people named in the change that exist and are not disabled, in how many groups each is.
    """

    group: Group | None
    members: dict[UserId, Membership]
    group_counts: dict[UserId, int] = attrs.Factory(dict)


@attrs.frozen(kw_only=True)
class GroupEvent:
    """What happened, to whom (`user_ids`), by whom."""

    kind: GroupEventKind
    user_ids: tuple[UserId, ...]
    by: UserId


@attrs.frozen(kw_only=True)
class GroupChange:
    """A decided change: the group afterwards, members that come, go or get another role, and what to tell.

    events is empty when nothing changes; the first one answers the request that asked. A dissolved group's members all go.
    """

    group: Group
    events: tuple[GroupEvent, ...] = ()
    joining: tuple[UserId, ...] = ()
    leaving: tuple[UserId, ...] = ()
    roles: dict[UserId, Role] = attrs.Factory(dict)
    dissolved: bool = False


@attrs.frozen(kw_only=True)
class GroupUpdate:
    """New values; None leaves a value as it is."""

    name: str | None = None
    avatar: str | None = None
    notice: str | None = None


def create(
    state: GroupState, group: Group, others: tuple[UserId, ...], sizes: Sizes = DEFAULT_SIZES
) -> GroupChange:
    """A new group of its owner and `others`.

    Raises:
        NotFound: one of the people does not exist. LimitReached: too many members, or groups of one of them.
    """
    everybody = tuple(dict.fromkeys((group.owner_id, *others)))
    _require_may_join(state, everybody, len(everybody), sizes)
    event = GroupEvent(kind=GroupEventKind.CREATED, user_ids=everybody, by=group.owner_id)
    return GroupChange(
        group=attrs.evolve(group, member_count=len(everybody)),
        events=(event,),
        joining=everybody,
        roles={group.owner_id: Role.OWNER},
    )


def invite(
    state: GroupState, actor_id: UserId, user_ids: tuple[UserId, ...], sizes: Sizes = DEFAULT_SIZES
) -> GroupChange:
    """Any member brings people in; those already in are passed over.

    Raises:
        NotMember, Forbidden (official account), NotFound (no such person), LimitReached.
    """
    group = _require_member(state, actor_id)
    _require_not_official(group)
    joining = tuple(u for u in dict.fromkeys(user_ids) if u not in state.members)
    if not joining:
        return GroupChange(group=group)
    _require_may_join(state, joining, len(state.members) + len(joining), sizes)
    return GroupChange(
        group=attrs.evolve(group, member_count=len(state.members) + len(joining)),
        events=(GroupEvent(kind=GroupEventKind.JOINED, user_ids=joining, by=actor_id),),
        joining=joining,
    )


def leave(state: GroupState, actor_id: UserId) -> GroupChange:
    """Go. An owner passes the group on to the longest-standing admin, else member; the last one dissolves it.

    Raises:
        NotMember, Forbidden (official account).
    """
    group = _require_member(state, actor_id)
    _require_not_official(group)
    if len(state.members) == 1:
        return _dissolved(state, group, actor_id)
    left = GroupEvent(kind=GroupEventKind.LEFT, user_ids=(actor_id,), by=actor_id)
    after = attrs.evolve(group, member_count=len(state.members) - 1)
    if group.owner_id != actor_id:
        return GroupChange(group=after, events=(left,), leaving=(actor_id,))
    heir = successor(state, actor_id)
    return GroupChange(
        group=attrs.evolve(after, owner_id=heir),
        events=(left, GroupEvent(kind=GroupEventKind.ROLE, user_ids=(heir,), by=actor_id)),
        leaving=(actor_id,),
        roles={heir: Role.OWNER},
    )


def successor(state: GroupState, owner_id: UserId) -> UserId:
    """Who owns the group after `owner_id`: the longest-standing admin, else member; of equals the first by id."""
    others = (user_id for user_id in state.members if user_id != owner_id)
    return min(others, key=lambda u: (-state.members[u].role, state.members[u].joined_at_ms, u))


def remove(state: GroupState, actor_id: UserId, user_id: UserId) -> GroupChange:
    """Owner or admin takes somebody of lower role out.

    Raises:
        NotMember, Forbidden (not above that person, oneself included), NotFound (not in the group).
    """
    group = _require_member(state, actor_id)
    actor_role = state.members[actor_id].role
    _require_role(state, actor_id, Role.ADMIN)
    if user_id not in state.members:
        raise NotFound("This person is not in the group.")
    if state.members[user_id].role >= actor_role:
        raise Forbidden("You may only remove members of a lower role.")
    return GroupChange(
        group=attrs.evolve(group, member_count=len(state.members) - 1),
        events=(GroupEvent(kind=GroupEventKind.REMOVED, user_ids=(user_id,), by=actor_id),),
        leaving=(user_id,),
    )


def update(state: GroupState, actor_id: UserId, values: GroupUpdate) -> GroupChange:
    """Owner or admin changes name, avatar or notice.

    Raises:
        NotMember, Forbidden.
    """
    group = _require_member(state, actor_id)
    _require_role(state, actor_id, Role.ADMIN)
    changes = attrs.asdict(values, filter=lambda _, value: value is not None)
    after = attrs.evolve(group, **changes)
    if after == group:
        return GroupChange(group=group)
    event = GroupEvent(kind=GroupEventKind.UPDATED, user_ids=(), by=actor_id)
    return GroupChange(group=after, events=(event,))


def set_role(state: GroupState, actor_id: UserId, user_id: UserId, role: Role) -> GroupChange:
    """The owner makes somebody admin or member; making somebody owner passes the group on, and the old owner becomes admin.

    Raises:
        NotMember, Forbidden (not the owner, or the owner's own role), NotFound (not in the group).
    """
    group = _require_member(state, actor_id)
    _require_role(state, actor_id, Role.OWNER)
    if user_id not in state.members:
        raise NotFound("This person is not in the group.")
    if state.members[user_id].role is role:
        return GroupChange(group=group)
    if user_id == actor_id:
        raise Forbidden("An owner passes the group on before becoming something else.")
    event = GroupEvent(kind=GroupEventKind.ROLE, user_ids=(user_id,), by=actor_id)
    if role is not Role.OWNER:
        return GroupChange(group=group, events=(event,), roles={user_id: role})
    return GroupChange(
        group=attrs.evolve(group, owner_id=user_id),
        events=(event,),
        roles={user_id: Role.OWNER, actor_id: Role.ADMIN},
    )


def dissolve(state: GroupState, actor_id: UserId) -> GroupChange:
    """The owner ends the group.

    Raises:
        NotMember, Forbidden.
    """
    group = _require_member(state, actor_id)
    _require_role(state, actor_id, Role.OWNER)
    return _dissolved(state, group, actor_id)


def _dissolved(state: GroupState, group: Group, actor_id: UserId) -> GroupChange:
    everybody = tuple(state.members)
    return GroupChange(
        group=attrs.evolve(group, member_count=0),
        events=(GroupEvent(kind=GroupEventKind.DISSOLVED, user_ids=(), by=actor_id),),
        leaving=everybody,
        dissolved=True,
    )


def _require_member(state: GroupState, actor_id: UserId) -> Group:
    if state.group is None or actor_id not in state.members:
        raise NotMember
    return state.group


def _require_role(state: GroupState, actor_id: UserId, role: Role) -> None:
    if state.members[actor_id].role < role:
        raise Forbidden


def _require_not_official(group: Group) -> None:
    if group.official:
        raise Forbidden("Everybody belongs to an official account.")


def _require_may_join(state: GroupState, user_ids: tuple[UserId, ...], size: int, sizes: Sizes) -> None:
    for user_id in user_ids:
        if user_id not in state.group_counts:
            raise NotFound(f"There is no user {user_id}.")
        if state.group_counts[user_id] >= sizes.groups:
            raise LimitReached(f"A person belongs to at most {sizes.groups} groups.", limit="groups")
    if size > sizes.members:
        raise LimitReached(f"A group has at most {sizes.members} members.", limit="members")
