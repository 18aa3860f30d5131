"""Friends: finding people, becoming friends and ceasing to be."""

import attrs

from naivechat.domain.errors import InvalidRequest
from naivechat.domain.events import FriendAdded, FriendAsked, FriendRemoved
from naivechat.domain.friend import AskOutcome, Friend, FriendPolicy
from naivechat.domain.ports import Clock, EventBus, FoundPage, FriendRepository, UserRepository
from naivechat.domain.session import Actor
from naivechat.domain.sizes import DEFAULT_SIZES
from naivechat.domain.user import UserId

MOST_FOUND = 50


@attrs.frozen(kw_only=True)
class Friends:
    """Friendships, begun as `policy` says: at once, or when the other one accepts."""

    _users: UserRepository
    _friends: FriendRepository
    _bus: EventBus
    _clock: Clock
    _policy: FriendPolicy
    _most_friends: int = DEFAULT_SIZES.friends

    async def search(self, actor: Actor, key: str, limit: int, offset: int) -> FoundPage:
        """Other people by id or nickname, best first; a blank key finds nobody.

        Raises:
            InvalidRequest: `limit` is not 1…50.
        """
        if not 1 <= limit <= MOST_FOUND:
            raise InvalidRequest("limit", f"is not 1 to {MOST_FOUND}")
        wanted = key.strip()
        if not wanted:
            return FoundPage(users=(), has_more=False)
        return await self._users.search(actor.user_id, wanted, limit=limit, offset=offset)

    async def add(self, actor: Actor, friend_id: UserId, greeting: str) -> Friend | None:
        """Become friends, or ask to.

        Returns:
            The friend as the actor sees them, a friend of before too; None when the other one was asked and has to accept.

        Raises:
            InvalidRequest: oneself. NotFound: no such person, or disabled. LimitReached: too many friends of either.
        """
        if friend_id == actor.user_id:
            raise InvalidRequest("friend_id", "is yourself")
        outcome = await self._ask(actor, friend_id, greeting)
        if outcome is AskOutcome.NOW_FRIENDS:
            return await self._tell_both(actor, friend_id)
        if outcome is AskOutcome.ALREADY_FRIENDS:
            return await self._friends.get_friend(actor.user_id, friend_id)
        if outcome is AskOutcome.ASKED:
            request = await self._friends.get_request(friend_id, actor.user_id)
            self._bus.publish(FriendAsked(user_id=friend_id, request=request))
        return None

    async def answer(self, actor: Actor, asker_id: UserId, accept: bool) -> Friend | None:
        """Answer an open request: accepting makes friends, of a refusal the asker hears nothing.

        Returns:
            The new friend as the actor sees them; None after a refusal.

        Raises:
            NotFound: no such request. LimitReached: too many friends of either.
        """
        await self._friends.answer(actor.user_id, asker_id, accept, self._clock(), most=self._most_friends)
        if not accept:
            return None
        return await self._tell_both(actor, asker_id)

    async def remove(self, actor: Actor, friend_id: UserId) -> None:
        """End a friendship both ways; both hear of it. NotFriend."""
        await self._friends.remove(actor.user_id, friend_id)
        self._bus.publish(FriendRemoved(user_id=friend_id, friend_id=actor.user_id))
        self._bus.publish(FriendRemoved(user_id=actor.user_id, friend_id=friend_id, origin=actor.session_id))

    async def set_remark(self, actor: Actor, friend_id: UserId, remark: str) -> None:
        """The actor's own name for a friend; "" takes it away. NotFriend."""
        await self._friends.set_remark(actor.user_id, friend_id, remark)

    async def _ask(self, actor: Actor, friend_id: UserId, greeting: str) -> AskOutcome:
        now_ms, most = self._clock(), self._most_friends
        if self._policy is FriendPolicy.APPROVE:
            return await self._friends.ask(actor.user_id, friend_id, greeting, now_ms, most=most)
        is_new = await self._friends.befriend(actor.user_id, friend_id, now_ms, most=most)
        return AskOutcome.NOW_FRIENDS if is_new else AskOutcome.ALREADY_FRIENDS

    async def _tell_both(self, actor: Actor, friend_id: UserId) -> Friend:
        mine = await self._friends.get_friend(actor.user_id, friend_id)
        theirs = await self._friends.get_friend(friend_id, actor.user_id)
        self._bus.publish(FriendAdded(user_id=friend_id, friend=theirs))
        self._bus.publish(FriendAdded(user_id=actor.user_id, friend=mine, origin=actor.session_id))
        return mine
