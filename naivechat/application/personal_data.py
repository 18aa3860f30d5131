"""All that is kept of one person, for whoever asks what that is."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.domain.audit import AuditAction
from naivechat.domain.directory_ports import AccountDirectory
from naivechat.domain.friend import Friend, FriendRequest
from naivechat.domain.group import Group
from naivechat.domain.message import Message
from naivechat.domain.operator import ActingOperator
from naivechat.domain.ports import Snapshot
from naivechat.domain.user import UserId

MESSAGES_A_PORTION = 500


class SentMessages(Protocol):
    """What somebody has written, in all talks, those that they have left too."""

    async def list_sent(self, user_id: UserId, after_uuid: bytes, limit: int) -> tuple[Message, ...]:
        """The next ones in the order of `msg_uuid`, b"" before the first. Unavailable."""


class Snapshots(Protocol):
    """What a person's client shows first."""

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Snapshot:
        """Friends, groups and requests; see `domain.ports.TalkRepository`. Unavailable."""


@attrs.frozen(kw_only=True)
class PersonalData:
    """Gathers it; what others have written is theirs, and not in it."""

    _accounts: AccountDirectory
    _snapshots: Snapshots
    _sent: SentMessages
    _audit: AuditTrail

    async def about(self, by: ActingOperator, user_id: UserId) -> Mapping[str, Any]:
        """The account, its devices, friends, requests and groups, in words for JSON; times in ms since 1970. NotFound.

        That it was asked for is written down first.
        """
        account = await self._accounts.get_account(user_id)
        await self._audit.record(by, AuditAction.USER_DATA, user_id)
        devices = await self._accounts.list_devices(user_id)
        shown = await self._snapshots.read_snapshot(user_id, since_ms=0, offset=0)
        return {
            "user_id": user_id,
            "nickname": account.user.nickname,
            "avatar": account.user.avatar,
            "disabled": account.disabled,
            "created_at_ms": account.created_at_ms,
            "last_seen_ms": account.last_seen_ms,
            "devices": [{"name": one.name, "may_come_back_until_ms": one.expires_at_ms} for one in devices],
            "friends": list(map(_friend, shown.friends)),
            "friend_requests": list(map(_request, shown.requests)),
            "groups": list(map(_group, shown.groups)),
        }

    async def messages(self, user_id: UserId) -> AsyncIterator[Mapping[str, Any]]:
        """All that the person has written, in no order of time; a text that was taken back or has expired is empty."""
        after = b""
        while portion := await self._sent.list_sent(user_id, after, MESSAGES_A_PORTION):
            for message in portion:
                yield _message(message)
            after = portion[-1].msg_uuid


def _friend(friend: Friend) -> Mapping[str, Any]:
    return {"user_id": friend.user.user_id, "nickname": friend.user.nickname, "remark": friend.remark}


def _request(request: FriendRequest) -> Mapping[str, Any]:
    return {
        "from_user_id": request.asker.user_id,
        "greeting": request.greeting,
        "asked_at_ms": request.asked_at_ms,
    }


def _group(group: Group) -> Mapping[str, Any]:
    return {"group_id": group.group_id, "name": group.name, "owner_id": group.owner_id}


def _message(message: Message) -> Mapping[str, Any]:
    return {
        "talk_id": message.talk_id,
        "seq": message.seq,
        "sent_at_ms": message.sent_at_ms,
        "msg_type": message.msg_type,
        "text": message.text,
        "taken_back": message.recalled,
    }
