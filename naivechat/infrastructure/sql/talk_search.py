"""The words of talks in SQL tables; the port says what the method does."""

import attrs

from naivechat.domain.directory import MOST_LOOKED_THROUGH, FoundMessages
from naivechat.domain.errors import NotFound
from naivechat.domain.message import FILE
from naivechat.domain.talk import TalkId
from naivechat.infrastructure.sql.matching import contains
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import RECORD_COLUMNS, message_of
from naivechat.infrastructure.sql.transaction import Transaction


@attrs.frozen
class SqlTalkSearch:
    """Implements `domain.directory_ports.TalkSearch`."""

    _database: Database

    async def search_talk(
        self, talk_id: TalkId, text: str, *, before_seq: int | None, limit: int
    ) -> FoundMessages:
        return await self._database.read(_search, talk_id, text, before_seq, limit)


def _search(
    txn: Transaction, talk_id: TalkId, text: str, before_seq: int | None, limit: int
) -> FoundMessages:
    known = txn.row("SELECT last_seq FROM talk WHERE talk_id = %s", (talk_id if talk_id.isascii() else "",))
    if known is None:
        raise NotFound("There is no such talk.")
    end = known[0] + 1 if before_seq is None else min(before_seq, known[0] + 1)
    start = max(1, end - MOST_LOOKED_THROUGH)
    rows = txn.rows(
        f"SELECT {RECORD_COLUMNS} FROM chat_record r WHERE r.talk_id = %s AND r.seq >= %s AND r.seq < %s "
        "AND r.msg_type <= %s AND (LOWER(r.msg_text) LIKE %s ESCAPE '!' OR r.msg_text LIKE %s ESCAPE '!') "
        "ORDER BY r.seq DESC LIMIT %s",
        (talk_id, start, end, FILE, contains(text.lower()), contains(text), limit),
    )
    messages = tuple(map(message_of, rows))
    if len(messages) == limit:
        start = messages[-1].seq
    return FoundMessages(messages=messages, go_on_before=start if start > 1 else None)
