"""What operators decide about groups, from outside: they are no members, and need no role in them.

Of an official account the state names no members, for they may be everybody: those who are there hear of its end by its log.
"""

import attrs

from naivechat.domain.errors import Forbidden, NotFound
from naivechat.domain.group import (
    Group,
    GroupChange,
    GroupEvent,
    GroupEventKind,
    GroupState,
    Role,
)
from naivechat.domain.user import UserId


def create_official(state: GroupState, group: Group) -> GroupChange:
    """A new official account of its owner alone; everybody else is enrolled afterwards. Forbidden: there is a group of this id."""
    if state.group is not None:
        raise Forbidden("There is a group of this id.")
    event = GroupEvent(kind=GroupEventKind.CREATED, user_ids=(group.owner_id,), by=group.owner_id)
    return GroupChange(
        group=attrs.evolve(group, official=True, member_count=1),
        events=(event,),
        joining=(group.owner_id,),
        roles={group.owner_id: Role.OWNER},
    )


def rename(state: GroupState, actor_id: UserId, name: str) -> GroupChange:
    """Another name for a group. NotFound."""
    group = _require_group(state)
    if group.name == name:
        return GroupChange(group=group)
    event = GroupEvent(kind=GroupEventKind.UPDATED, user_ids=(), by=actor_id)
    return GroupChange(group=attrs.evolve(group, name=name), events=(event,))


def dissolve(state: GroupState, actor_id: UserId) -> GroupChange:
    """The end of a group. NotFound."""
    group = _require_group(state)
    return GroupChange(
        group=attrs.evolve(group, member_count=0),
        events=(GroupEvent(kind=GroupEventKind.DISSOLVED, user_ids=(), by=actor_id),),
        leaving=tuple(state.members),
        dissolved=True,
    )


def _require_group(state: GroupState) -> Group:
    if state.group is None:
        raise NotFound("There is no such group.")
    return state.group
