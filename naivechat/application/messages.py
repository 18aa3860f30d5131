"""Messages: sending, taking back, reading.

Order: `begin_send`, `send`, `recall` and `read` reach the log, which queues when called, before their first await. So what one
connection starts in order is stored in order.

Acks and pushes: a record is published as soon as its commit is known, before the caller can write its ack. Pushes then go to
other connections than the ack, so nobody can tell which was first; the sending connection is left out by `origin`. The log
wakes its callers in seq order, so a connection has the ack of n before it sees n + 1 if its handler writes without waiting.
"""

from collections.abc import Callable

import attrs

from naivechat.domain.appending import Appended, Read, Recall, Send
from naivechat.domain.errors import InvalidRequest, TooLarge
from naivechat.domain.events import MessageStored, ReadMoved
from naivechat.domain.message import (
    MOST_HISTORY,
    MOST_TEXT_CHARACTERS,
    HistoryPage,
    HistoryRange,
    is_sendable,
)
from naivechat.domain.ports import Clock, EventBus, MessageLog
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkId, talk_id_of


@attrs.frozen(kw_only=True)
class Messages:
    """What people write to talks and read in them. Whoever is not in the talk gets NotFriend or NotMember."""

    _log: MessageLog
    _bus: EventBus
    _clock: Clock

    async def send(
        self, actor: Actor, address: TalkAddress, msg_uuid: bytes, msg_type: int, text: str
    ) -> Appended:
        """Store a message and tell the talk; the same `msg_uuid` again gives the first record and tells nobody.

        Raises:
            InvalidRequest: a type that only nodes write. TooLarge: over 4,000 characters. Conflict: the id names another message.
            Forbidden: an official account. Unavailable: nothing is known to be stored, send it again.
        """
        entry = self._entry(actor, talk_id_of(actor.user_id, address), msg_uuid, msg_type, text)
        return self._tell(actor, await self._log.append(entry))

    def begin_send(
        self,
        actor: Actor,
        talk_id: TalkId,
        msg_uuid: bytes,
        msg_type: int,
        text: str,
        answer: Callable[[Appended | Exception], None],
    ) -> None:
        """As `send`, but `answer` is called with what that returns, or raises after it has begun."""

        def settled(outcome: Appended | Exception) -> None:
            answer(outcome if isinstance(outcome, Exception) else self._tell(actor, outcome))

        self._log.submit(self._entry(actor, talk_id, msg_uuid, msg_type, text), settled)

    async def recall(self, actor: Actor, address: TalkAddress, target_seq: int, msg_uuid: bytes) -> Appended:
        """Take the record `target_seq` back; the record of the first recall is the answer to every later one.

        Raises:
            NotFound: no such record, or from before joining. Forbidden: not one's own, or too late. Conflict, Unavailable: as `send`.
        """
        entry = Recall(
            talk_id=talk_id_of(actor.user_id, address),
            sender_id=actor.user_id,
            msg_uuid=msg_uuid,
            target_seq=target_seq,
            sent_at_ms=self._clock(),
        )
        return self._tell(actor, await self._log.append(entry))

    async def read(self, actor: Actor, address: TalkAddress, seq: int) -> None:
        """The actor has read up to `seq`; told on only when the position moves.

        Raises:
            InvalidRequest: beyond the last message.
        """
        talk_id = talk_id_of(actor.user_id, address)
        outcome = await self._log.read(Read(talk_id=talk_id, reader_id=actor.user_id, seq=seq))
        if outcome.moved:
            self._bus.publish(
                ReadMoved(talk_id=talk_id, reader_id=actor.user_id, seq=outcome.seq, origin=actor.session_id)
            )

    async def history(self, actor: Actor, address: TalkAddress, wanted: HistoryRange) -> HistoryPage:
        """A page of a talk, as far back as the actor may read.

        Raises:
            InvalidRequest: `limit` is not 1…100.
        """
        if not 1 <= wanted.limit <= MOST_HISTORY:
            raise InvalidRequest("limit", f"is not 1 to {MOST_HISTORY}")
        return await self._log.history(talk_id_of(actor.user_id, address), actor.user_id, wanted)

    def _entry(self, actor: Actor, talk_id: TalkId, msg_uuid: bytes, msg_type: int, text: str) -> Send:
        if not is_sendable(msg_type):
            raise InvalidRequest("msg_type", "is written by nodes only")
        if len(text) > MOST_TEXT_CHARACTERS:
            raise TooLarge
        return Send(
            talk_id=talk_id,
            sender_id=actor.user_id,
            msg_uuid=msg_uuid,
            msg_type=msg_type,
            text=text,
            sent_at_ms=self._clock(),
        )

    def _tell(self, actor: Actor, appended: Appended) -> Appended:
        if not appended.duplicate:
            self._bus.publish(
                MessageStored(message=appended.message, sender=actor.user, origin=actor.session_id)
            )
        return appended
