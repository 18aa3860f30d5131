"""Moderation: looking for words in one talk, and taking back what must not stand there."""

from typing import Final

import attrs

from naivechat.application.operators_voice import OperatorsVoice
from naivechat.domain.appending import Appended, Recall
from naivechat.domain.directory import DEFAULT_PAGE, SHORTEST_REASON, FoundMessages, require_page
from naivechat.domain.directory_ports import TalkSearch
from naivechat.domain.errors import InvalidRequest, NotFound
from naivechat.domain.events import MessageStored
from naivechat.domain.message import Message
from naivechat.domain.ports import Clock, EventBus, MessageLog
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User

AROUND: Final = 8
"""Records shown before a message, and as many behind it."""


@attrs.frozen(kw_only=True)
class Moderation:
    """What operators may do with other people's messages. Whoever calls it writes down who, in which talk and why."""

    _search: TalkSearch
    _log: MessageLog
    _voice: OperatorsVoice
    _bus: EventBus
    _clock: Clock

    async def search(
        self,
        talk_id: TalkId,
        text: str,
        reason: str,
        *,
        before_seq: int | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> FoundMessages:
        """Messages of one talk that contain `text`, newest first; never all talks at once, and never without a reason.

        Raises:
            InvalidRequest: a reason of fewer than 10 characters, nothing to look for, or a page out of bounds. NotFound: no talk.
        """
        require_reason(reason)
        if not text.strip():
            raise InvalidRequest("text", "is empty")
        require_page(text, limit, 0)
        return await self._search.search_talk(talk_id, text, before_seq=before_seq, limit=limit)

    async def read_around(self, talk_id: TalkId, seq: int, reason: str) -> tuple[tuple[Message, User], ...]:
        """Up to 8 records before one, itself, and up to 8 behind it, in order, each with its sender.

        Raises:
            InvalidRequest: a reason of fewer than 10 characters. NotFound: nothing stands there.
        """
        require_reason(reason)
        known = talk_id if talk_id.isascii() else TalkId("")
        records = await self._log.list_between(known, max(seq - AROUND, 1) - 1, seq + AROUND + 1)
        if not records:
            raise NotFound("There is no such message in this talk.")
        return records

    async def recall(self, talk_id: TalkId, seq: int, msg_uuid: bytes) -> Appended:
        """Take a message back, whoever wrote it and when; everybody in the talk sees it as recalled.

        Raises:
            NotFound: no such message. Forbidden: a record that is no message of a person.
        """
        if not talk_id.isascii():
            raise NotFound("There is no such talk.")
        actor = await self._voice.get_actor()
        entry = Recall(
            talk_id=talk_id,
            sender_id=actor.user_id,
            msg_uuid=msg_uuid,
            target_seq=seq,
            sent_at_ms=self._clock(),
            by_operator=True,
        )
        appended = await self._log.append(entry)
        if not appended.duplicate:
            self._bus.publish(MessageStored(message=appended.message, sender=actor.user))
        return appended


def require_reason(reason: str) -> None:
    """Refuse a reason that says nothing. InvalidRequest."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidRequest("reason", f"has at least {SHORTEST_REASON} characters")
