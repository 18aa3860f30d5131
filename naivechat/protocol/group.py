"""Packets about groups. Most requests are answered by GroupNotice, which others get as a push."""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet, packet


@attrs.frozen(kw_only=True)
class GroupRecord:
    """A group as its members see it; ``official`` marks an account in which only operators write."""

    group_id: words.GroupId
    name: words.Name
    avatar: words.Avatar
    notice: str
    owner_id: words.UserId
    member_count: words.Uint
    official: bool | None = None


@attrs.frozen(kw_only=True)
class MemberRecord:
    """A member of a group."""

    user_id: words.UserId
    nickname: words.Name
    avatar: words.Avatar
    role: words.Role


@packet(Command.CREATE_GROUP_REQUEST)
@attrs.frozen(kw_only=True)
class CreateGroupRequest(Packet):
    """Opens a group with oneself as owner and ``member_ids`` as members. Answered by GroupNotice."""

    rid: words.Rid
    name: words.Name
    avatar: words.Avatar | None = None
    member_ids: words.MemberIds


@packet(Command.INVITE_GROUP_REQUEST)
@attrs.frozen(kw_only=True)
class InviteGroupRequest(Packet):
    """Adds people to a group; any member may. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId
    member_ids: words.InvitedIds


@packet(Command.LEAVE_GROUP_REQUEST)
@attrs.frozen(kw_only=True)
class LeaveGroupRequest(Packet):
    """Leaves a group; an owner passes ownership on. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId


@packet(Command.REMOVE_MEMBER_REQUEST)
@attrs.frozen(kw_only=True)
class RemoveMemberRequest(Packet):
    """Removes a member; the owner and admins may. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId
    user_id: words.UserId


@packet(Command.GROUP_MEMBERS_REQUEST)
@attrs.frozen(kw_only=True)
class GroupMembersRequest(Packet):
    """Asks who is in a group. Answered by GroupMembersResponse."""

    rid: words.Rid
    group_id: words.GroupId


@packet(Command.GROUP_MEMBERS_RESPONSE)
@attrs.frozen(kw_only=True)
class GroupMembersResponse(Packet):
    """Everybody in a group."""

    rid: words.Rid
    group_id: words.GroupId
    members: tuple[MemberRecord, ...]


@packet(Command.GROUP_NOTICE)
@attrs.frozen(kw_only=True)
class GroupNotice(Packet):
    """What ``by`` has done to a group and to ``user_ids`` in it; an answer or, with rid 0, a push."""

    rid: words.Rid
    event: words.GroupEvent
    group: GroupRecord
    user_ids: tuple[words.UserId, ...]
    by: words.UserId


@packet(Command.UPDATE_GROUP_REQUEST)
@attrs.frozen(kw_only=True)
class UpdateGroupRequest(Packet):
    """Changes a group's name, picture or notice; a key left out stays as it is. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId
    name: words.Name | None = None
    avatar: words.Avatar | None = None
    notice: words.GroupNoticeText | None = None


@packet(Command.SET_ROLE_REQUEST)
@attrs.frozen(kw_only=True)
class SetRoleRequest(Packet):
    """Gives a member another role; the owner may. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId
    user_id: words.UserId
    role: words.Role


@packet(Command.DISSOLVE_GROUP_REQUEST)
@attrs.frozen(kw_only=True)
class DissolveGroupRequest(Packet):
    """Ends a group; the owner may. Answered by GroupNotice."""

    rid: words.Rid
    group_id: words.GroupId
