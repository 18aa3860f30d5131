"""Groups: each change is answered by what happened."""

import attrs

from naivechat.application.groups import Groups
from naivechat.domain.group import GroupId, GroupUpdate, Role
from naivechat.domain.user import UserId
from naivechat.protocol.group import (
    CreateGroupRequest,
    DissolveGroupRequest,
    GroupMembersRequest,
    GroupMembersResponse,
    GroupNotice,
    InviteGroupRequest,
    LeaveGroupRequest,
    RemoveMemberRequest,
    SetRoleRequest,
    UpdateGroupRequest,
)
from naivechat.sockets import presenter
from naivechat.sockets.session import Session


@attrs.frozen
class CreateGroup:
    """CreateGroupRequest: a new group."""

    _groups: Groups

    async def answer(self, session: Session, request: CreateGroupRequest) -> GroupNotice:
        """As `Groups.create`."""
        member_ids = tuple(UserId(user_id) for user_id in request.member_ids)
        changed = await self._groups.create(session.actor, request.name, request.avatar or "", member_ids)
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class InviteToGroup:
    """InviteGroupRequest: bring people in."""

    _groups: Groups

    async def answer(self, session: Session, request: InviteGroupRequest) -> GroupNotice:
        """As `Groups.invite`."""
        member_ids = tuple(UserId(user_id) for user_id in request.member_ids)
        changed = await self._groups.invite(session.actor, GroupId(request.group_id), member_ids)
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class LeaveGroup:
    """LeaveGroupRequest: go."""

    _groups: Groups

    async def answer(self, session: Session, request: LeaveGroupRequest) -> GroupNotice:
        """As `Groups.leave`."""
        changed = await self._groups.leave(session.actor, GroupId(request.group_id))
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class RemoveMember:
    """RemoveMemberRequest: take somebody out."""

    _groups: Groups

    async def answer(self, session: Session, request: RemoveMemberRequest) -> GroupNotice:
        """As `Groups.remove`."""
        group_id, user_id = GroupId(request.group_id), UserId(request.user_id)
        changed = await self._groups.remove(session.actor, group_id, user_id)
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class ListMembers:
    """GroupMembersRequest: who is in a group."""

    _groups: Groups

    async def answer(self, session: Session, request: GroupMembersRequest) -> GroupMembersResponse:
        """As `Groups.list_members`."""
        people = await self._groups.list_members(session.actor, GroupId(request.group_id))
        return presenter.members(request.rid, request.group_id, people)


@attrs.frozen
class UpdateGroup:
    """UpdateGroupRequest: another name, avatar or notice."""

    _groups: Groups

    async def answer(self, session: Session, request: UpdateGroupRequest) -> GroupNotice:
        """As `Groups.update`."""
        values = GroupUpdate(name=request.name, avatar=request.avatar, notice=request.notice)
        changed = await self._groups.update(session.actor, GroupId(request.group_id), values)
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class SetRole:
    """SetRoleRequest: make somebody member, admin or owner."""

    _groups: Groups

    async def answer(self, session: Session, request: SetRoleRequest) -> GroupNotice:
        """As `Groups.set_role`."""
        group_id, user_id = GroupId(request.group_id), UserId(request.user_id)
        changed = await self._groups.set_role(session.actor, group_id, user_id, Role(request.role))
        return presenter.group_notice(request.rid, changed)


@attrs.frozen
class DissolveGroup:
    """DissolveGroupRequest: end a group."""

    _groups: Groups

    async def answer(self, session: Session, request: DissolveGroupRequest) -> GroupNotice:
        """As `Groups.dissolve`."""
        changed = await self._groups.dissolve(session.actor, GroupId(request.group_id))
        return presenter.group_notice(request.rid, changed)
