"""Operations on other people's messages."""

import attrs
from msgspec import UNSET

from naivechat.application.administration import Administration
from naivechat.domain.directory import talk_named
from naivechat.domain.operator import ActingOperator
from naivechat.interfaces.api.message_shapes import (
    AroundView,
    FoundView,
    MessageSearch,
    NamedMessage,
    SentView,
    message_view,
    record_view,
    sent_view,
)
from naivechat.interfaces.api.operation import Operation


@attrs.frozen(kw_only=True)
class MessageOperations:
    """Moderation: never without a reason, and never of all talks at once."""

    _administration: Administration

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (
            Operation("search_messages", "POST", "/messages/search", self.search, refusals=(404,)),
            Operation("read_around", "POST", "/messages/around", self.read_around, refusals=(404,)),
            Operation("recall_message", "POST", "/messages/recall", self.recall, refusals=(404,)),
        )

    async def search(self, by: ActingOperator, body: MessageSearch) -> FoundView:
        """Look for words in one talk, with a reason."""
        found = await self._administration.search_messages(
            by,
            talk_named(*body.talk),
            body.text,
            body.reason,
            before_seq=None if body.before_seq is UNSET else body.before_seq,
            limit=body.limit,
        )
        return FoundView(messages=tuple(map(message_view, found.messages)), go_on_before=found.go_on_before)

    async def read_around(self, by: ActingOperator, body: NamedMessage) -> AroundView:
        """What was written around a message, with a reason."""
        talk_id = talk_named(*body.talk)
        records = await self._administration.read_around(by, talk_id, body.seq, body.reason)
        return AroundView(records=tuple(record_view(message, user) for message, user in records))

    async def recall(self, by: ActingOperator, body: NamedMessage) -> SentView:
        """Take somebody's message back, with a reason."""
        talk_id = talk_named(*body.talk)
        return sent_view(await self._administration.recall_message(by, talk_id, body.seq, body.reason))
