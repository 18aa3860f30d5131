"""Taking away the texts of old messages."""

import itertools
from collections.abc import Sequence
from typing import Any

from naivechat.domain.expiry import ExpiredPortion
from naivechat.domain.message import GROUP_EVENT, RECALL
from naivechat.domain.talk import TalkId
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import lock_heads
from naivechat.infrastructure.sql.transaction import Transaction

TALKS_A_LOOK = 1_000
RECORDS_A_STEP = 500


class SqlMessageExpiry:
    """Implements `domain.expiry.MessageExpiry`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expire(self, before_ms: int, after_talk_id: TalkId) -> ExpiredPortion:
        found, end = await self._database.read(_find_talk, before_ms, after_talk_id)
        if found is None:
            return ExpiredPortion(count=0, next_talk_id=end)
        count, is_done = await self._database.write(_expire_some, before_ms, found)
        return ExpiredPortion(count=count, next_talk_id=found if is_done else after_talk_id)


def _find_talk(txn: Transaction, before_ms: int, after: TalkId) -> tuple[TalkId | None, TalkId | None]:
    """The first talk with something to expire among the next ones, and the last one looked at; None when there are no more."""
    looked = txn.rows(
        "SELECT talk_id FROM talk WHERE talk_id > %s ORDER BY talk_id LIMIT %s", (after, TALKS_A_LOOK)
    )
    if not looked:
        return None, None
    end = TalkId(looked[-1][0])
    row = txn.row(
        "SELECT t.talk_id FROM talk t JOIN chat_record r ON r.talk_id = t.talk_id AND r.seq = t.expired_seq + 1 "
        "WHERE t.talk_id > %s AND t.talk_id <= %s AND r.sent_at_ms < %s ORDER BY t.talk_id LIMIT 1",
        (after, end, before_ms),
    )
    return (TalkId(row[0]), end) if row is not None else (None, end)


def _expire_some(txn: Transaction, before_ms: int, talk_id: TalkId) -> tuple[int, bool]:
    """Expire the oldest texts of a talk: how many went, and whether none is left that is old enough."""
    lock_heads(txn, (talk_id,))
    rows = txn.rows(
        "SELECT r.seq, r.sent_at_ms FROM talk t JOIN chat_record r ON r.talk_id = t.talk_id AND r.seq > t.expired_seq "
        "WHERE t.talk_id = %s ORDER BY r.seq LIMIT %s",
        (talk_id, RECORDS_A_STEP),
    )
    old = _leading(rows, before_ms)
    if not old:
        return 0, True
    # Files and unknown kinds too: all but what the node itself has written.
    count = txn.execute(
        "UPDATE chat_record SET msg_text = '', recalled_seq = seq WHERE talk_id = %s AND seq BETWEEN %s AND %s "
        "AND recalled_seq IS NULL AND msg_type NOT IN (%s, %s)",
        (talk_id, old[0], old[-1], GROUP_EVENT, RECALL),
    )
    txn.execute("UPDATE talk SET expired_seq = %s WHERE talk_id = %s", (old[-1], talk_id))
    return count, len(old) < RECORDS_A_STEP


def _leading(rows: Sequence[tuple[Any, ...]], before_ms: int) -> list[int]:
    """The numbers of the records up to the first one that is not old enough: clocks of nodes may differ a little."""
    return [seq for seq, _ in itertools.takewhile(lambda row: row[1] < before_ms, rows)]
