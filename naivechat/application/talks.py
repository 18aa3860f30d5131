"""Talks: the dialogues on a person's list, and all that a client shows first."""

import attrs

from naivechat.domain.events import TalkOpened, Typed
from naivechat.domain.ports import Clock, EventBus, Snapshot, TalkRepository
from naivechat.domain.session import Actor
from naivechat.domain.talk import MOST_TYPING_AUDIENCE, Talk, TalkAddress, TalkType, talk_id_of
from naivechat.domain.user import UserId


@attrs.frozen(kw_only=True)
class Talks:
    """People's dialogues. Whoever is not in the talk gets NotFriend or NotMember."""

    _talks: TalkRepository
    _bus: EventBus
    _clock: Clock

    async def open(self, actor: Actor, address: TalkAddress) -> Talk:
        """List a dialogue: with a friend on both lists, a group's on the actor's own.

        Returns:
            The dialogue as the actor sees it. The friend and the actor's other devices are told, each as they see it.
        """
        talk_id = talk_id_of(actor.user_id, address)
        await self._talks.open(talk_id, actor.user_id, self._clock())
        talk = await self._talks.get_talk(talk_id, actor.user_id)
        if address.talk_type is TalkType.FRIEND:
            friend_id = UserId(address.other_id)
            theirs = await self._talks.get_talk(talk_id, friend_id)
            self._bus.publish(TalkOpened(user_id=friend_id, talk=theirs))
        self._bus.publish(TalkOpened(user_id=actor.user_id, talk=talk, origin=actor.session_id))
        return talk

    async def hide(self, actor: Actor, address: TalkAddress) -> None:
        """Take a dialogue off the actor's list until its next message."""
        talk_id = talk_id_of(actor.user_id, address)
        await self._talks.hide(talk_id, actor.user_id, self._clock())

    async def set_flags(
        self, actor: Actor, address: TalkAddress, *, pinned: bool | None, muted: bool | None
    ) -> None:
        """Pin or mute a dialogue; None leaves as it is."""
        talk_id = talk_id_of(actor.user_id, address)
        await self._talks.set_flags(talk_id, actor.user_id, pinned=pinned, muted=muted, now_ms=self._clock())

    async def typing(self, actor: Actor, address: TalkAddress) -> None:
        """Tell the others in a talk that the actor is typing; groups of more than 50 do not hear of it."""
        talk_id = talk_id_of(actor.user_id, address)
        others_at_most = MOST_TYPING_AUDIENCE - 1
        audience = await self._talks.list_audience(talk_id, actor.user_id, most=others_at_most)
        if audience:
            self._bus.publish(Typed(talk_id=talk_id, user_id=actor.user_id, audience=audience))

    async def snapshot(self, user_id: UserId, since_ms: int = 0, offset: int = 0) -> Snapshot:
        """All that a client shows first; dialogues changed since `since_ms`, a page of 200 from `offset` on."""
        return await self._talks.read_snapshot(user_id, since_ms=since_ms, offset=offset)
