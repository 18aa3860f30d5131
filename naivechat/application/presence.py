"""Presence: who is there, and who hears of it."""

from collections.abc import Collection

import attrs

from naivechat.domain.events import PresenceChanged
from naivechat.domain.ports import EventBus, FriendRepository, PresenceDirectory
from naivechat.domain.user import UserId


@attrs.frozen(kw_only=True)
class Presence:
    """Tells friends when a person's first device comes, on any node, and when the last one goes."""

    _friends: FriendRepository
    _bus: EventBus
    _directory: PresenceDirectory

    async def came_online(self, user_id: UserId) -> None:
        """The first device of a person has connected."""
        await self._publish(user_id, online=True)

    async def went_offline(self, user_id: UserId) -> None:
        """The last device of a person has gone."""
        await self._publish(user_id, online=False)

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those of `user_ids` with at least one session, on any node."""
        return await self._directory.online_among(user_ids)

    async def _publish(self, user_id: UserId, *, online: bool) -> None:
        friend_ids = await self._friends.list_friend_ids(user_id)
        self._bus.publish(PresenceChanged(user_id=user_id, online=online, friend_ids=friend_ids))
