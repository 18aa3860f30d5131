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

    def came_online(self, user_id: UserId, friend_ids: tuple[UserId, ...]) -> None:
        """The first device of a person has connected, whose friends these are."""
        self._publish(user_id, friend_ids, online=True)

    async def correct(self, user_ids: Collection[UserId]) -> None:
        """These people's last device has gone, from one node at least: tell of those who are on no other."""
        online = await self._directory.online_among(user_ids)
        gone = [user_id for user_id in user_ids if user_id not in online]
        for user_id in gone:
            self._publish(user_id, await self._friends.list_friend_ids(user_id), online=False)
        # Who came to another node meanwhile may have been told of there before this.
        for user_id in sorted(await self._directory.online_among(gone)):
            self._publish(user_id, await self._friends.list_friend_ids(user_id), online=True)

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those of `user_ids` with at least one session, on any node."""
        return await self._directory.online_among(user_ids)

    def _publish(self, user_id: UserId, friend_ids: Collection[UserId], *, online: bool) -> None:
        if reachable := self._directory.reachable_among(friend_ids):
            self._bus.publish(PresenceChanged(user_id=user_id, online=online, friend_ids=reachable))
