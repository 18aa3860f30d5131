"""The requests of the protocol as methods, one for each command.

Every method raises RequestRefused when the node refuses, and NotConnected when there is no connection, it breaks or no
answer comes in time; whether the request was done is then unknown.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TypeVar

import attrs

from naivechat.client.login import expect
from naivechat.client.state import ChatState
from naivechat.client.talk import TalkKey
from naivechat.protocol import friend, group, message, profile, talk
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import OkResponse

_P = TypeVar("_P", bound=Packet)


class Commands(ABC):
    """What a user can do besides sending messages. `state` follows what was done."""

    state: ChatState

    @abstractmethod
    async def request(self, packet: Packet) -> Packet:
        """Send a request and give its answer; the packet's `rid` is chosen here, whatever it says."""

    async def history(
        self,
        talk_type: int,
        talk_id: str,
        *,
        after_seq: int | None = None,
        before_seq: int | None = None,
        limit: int = 20,
    ) -> message.HistoryResponse:
        """Messages in rising seq: those after `after_seq`, or the last before `before_seq`, or the newest; `limit` 1…100."""
        return await self._ask(
            message.HistoryRequest(
                rid=0,
                talk_type=talk_type,
                talk_id=talk_id,
                after_seq=after_seq,
                before_seq=before_seq,
                limit=limit,
            ),
            message.HistoryResponse,
        )

    async def read(self, talk_type: int, talk_id: str, seq: int) -> None:
        """Say that the talk is read up to `seq`."""
        await self._do(message.ReadRequest(rid=0, talk_type=talk_type, talk_id=talk_id, seq=seq))
        self.state.read(TalkKey(talk_type, talk_id), seq)

    async def recall(self, talk_type: int, talk_id: str, seq: int) -> message.MsgAckResponse:
        """Take the message `seq` back; the recall is itself a message of the talk, whose seq the answer has."""
        return await self._ask(
            message.RecallRequest(
                rid=0, talk_type=talk_type, talk_id=talk_id, seq=seq, msg_uuid=os.urandom(16)
            ),
            message.MsgAckResponse,
        )

    async def typing(self, talk_type: int, talk_id: str) -> None:
        """Say that one is typing."""
        await self._do(message.TypingRequest(rid=0, talk_type=talk_type, talk_id=talk_id))

    async def open_talk(self, talk_type: int, talk_id: str) -> talk.TalkRecord:
        """Put a dialogue on the list."""
        request = talk.TalkNoticeRequest(rid=0, talk_type=talk_type, talk_id=talk_id)
        return (await self._ask(request, talk.TalkNoticeResponse)).talk

    async def delete_talk(self, talk_type: int, talk_id: str) -> None:
        """Take a dialogue off the list until its next message."""
        await self._do(talk.DelTalkRequest(rid=0, talk_type=talk_type, talk_id=talk_id))
        self.state.talk_removed(TalkKey(talk_type, talk_id))

    async def set_talk(
        self, talk_type: int, talk_id: str, *, pinned: bool | None = None, muted: bool | None = None
    ) -> None:
        """Pin or mute a dialogue; None leaves as it is."""
        await self._do(
            talk.SetTalkRequest(rid=0, talk_type=talk_type, talk_id=talk_id, pinned=pinned, muted=muted)
        )
        flags = {"pinned": pinned, "muted": muted}
        changes = {name: flag for name, flag in flags.items() if flag is not None}
        self.state.talk_changed(TalkKey(talk_type, talk_id), **changes)

    async def search(
        self, search_key: str, *, limit: int = 20, offset: int = 0
    ) -> friend.SearchFriendResponse:
        """Users whose id or nickname has the key in it, best first; `limit` 1…50."""
        return await self._ask(
            friend.SearchFriendRequest(rid=0, search_key=search_key, limit=limit, offset=offset),
            friend.SearchFriendResponse,
        )

    async def add_friend(self, friend_id: str, greeting: str = "") -> friend.FriendRecord | None:
        """Ask for a friendship: the new friend, or None if they must approve first."""
        answer = await self.request(friend.AddFriendRequest(rid=0, friend_id=friend_id, greeting=greeting))
        return answer.friend if isinstance(answer, friend.AddFriendResponse) else None

    async def answer_friend(self, user_id: str, accept: bool) -> friend.FriendRecord | None:
        """Accept or refuse somebody who asked: the new friend, or None after a refusal."""
        answer = await self.request(friend.AnswerFriendRequest(rid=0, user_id=user_id, accept=accept))
        self.state.asked.pop(user_id, None)
        return answer.friend if isinstance(answer, friend.AddFriendResponse) else None

    async def remove_friend(self, friend_id: str) -> None:
        """End a friendship, both ways."""
        await self._do(friend.DelFriendRequest(rid=0, friend_id=friend_id))
        self.state.friend_removed(friend_id)

    async def set_remark(self, friend_id: str, remark: str) -> None:
        """Set one's own name for a friend; "" takes it away."""
        await self._do(friend.SetRemarkRequest(rid=0, friend_id=friend_id, remark=remark))
        self.state.friend_changed(friend_id, remark=remark)

    async def create_group(
        self, name: str, member_ids: Iterable[str] = (), *, avatar: str | None = None
    ) -> group.GroupRecord:
        """Make a group of oneself, its owner, and others."""
        return await self._change_group(
            group.CreateGroupRequest(rid=0, name=name, avatar=avatar, member_ids=tuple(member_ids))
        )

    async def invite(self, group_id: str, member_ids: Iterable[str]) -> group.GroupRecord:
        """Bring people into a group."""
        return await self._change_group(
            group.InviteGroupRequest(rid=0, group_id=group_id, member_ids=tuple(member_ids))
        )

    async def leave_group(self, group_id: str) -> group.GroupRecord:
        """Leave a group."""
        return await self._change_group(group.LeaveGroupRequest(rid=0, group_id=group_id))

    async def remove_member(self, group_id: str, user_id: str) -> group.GroupRecord:
        """Remove somebody from a group, as its owner or an admin."""
        return await self._change_group(group.RemoveMemberRequest(rid=0, group_id=group_id, user_id=user_id))

    async def members(self, group_id: str) -> tuple[group.MemberRecord, ...]:
        """Everybody in a group."""
        request = group.GroupMembersRequest(rid=0, group_id=group_id)
        return (await self._ask(request, group.GroupMembersResponse)).members

    async def update_group(
        self, group_id: str, *, name: str | None = None, avatar: str | None = None, notice: str | None = None
    ) -> group.GroupRecord:
        """Change a group's name, picture or notice; None leaves as it is."""
        return await self._change_group(
            group.UpdateGroupRequest(rid=0, group_id=group_id, name=name, avatar=avatar, notice=notice)
        )

    async def set_role(self, group_id: str, user_id: str, role: int) -> group.GroupRecord:
        """Make somebody a member (0), an admin (1) or the owner (2), as the owner."""
        return await self._change_group(
            group.SetRoleRequest(rid=0, group_id=group_id, user_id=user_id, role=role)
        )

    async def dissolve(self, group_id: str) -> group.GroupRecord:
        """End a group, as its owner."""
        return await self._change_group(group.DissolveGroupRequest(rid=0, group_id=group_id))

    async def update_profile(self, *, nickname: str | None = None, avatar: str | None = None) -> None:
        """Change one's nickname or avatar; None leaves as it is."""
        await self._do(profile.UpdateProfileRequest(rid=0, nickname=nickname, avatar=avatar))
        user = self.state.user
        if user is not None:
            self.state.user = attrs.evolve(
                user,
                nickname=user.nickname if nickname is None else nickname,
                avatar=user.avatar if avatar is None else avatar,
            )

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Set a new password, which ends the user's other sessions."""
        await self._do(
            profile.ChangePasswordRequest(rid=0, old_password=old_password, new_password=new_password)
        )

    async def _change_group(self, packet: Packet) -> group.GroupRecord:
        return (await self._ask(packet, group.GroupNotice)).group

    async def _do(self, packet: Packet) -> None:
        await self._ask(packet, OkResponse)

    async def _ask(self, packet: Packet, kind: type[_P]) -> _P:
        return expect(await self.request(packet), kind)
