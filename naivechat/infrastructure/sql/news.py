"""What other nodes have stored, read from the rows of news that stand beside the records.

The rows are numbered by AUTO_INCREMENT, which is no order of commits: a transaction takes its number before it commits, so a
lower number may become visible after a higher one. Numbers that were passed over are therefore asked for again, until they
appear or are given up: those of transactions that were rolled back never do.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs

from naivechat.domain.node_ports import News, StoredRange
from naivechat.infrastructure.sql import news_row
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction

GAP_LIFETIME_S = 20.0
"""Longer than any transaction is open: its last statement is the news, and units of work end within seconds."""
KEPT_S = 120.0
MOST_GAPS = 10_000
GAPS_AT_START = 5_000
ROWS_A_PORTION = 2_000
PORTIONS_A_READING = 10
FORGOTTEN_A_PORTION = 5_000
PORTIONS_A_FORGETTING = 20

_GAPS_A_STATEMENT = 500
_MOST_MARKS = 1_000
_ROW = "SELECT news_id, CASE WHEN node = %s THEN '[]' ELSE stored END FROM log_news"


@attrs.frozen(kw_only=True)
class _Ends:
    """Rows up to `forgotten_up_to` are gone; `head` is the highest there is, or was."""

    forgotten_up_to: int
    head: int


@attrs.frozen(kw_only=True)
class _Found:
    """One look: the ranges of each row by its number, of one's own rows none; how the table stood afterwards."""

    rows: dict[int, list[StoredRange]]
    ends: _Ends


@attrs.frozen(kw_only=True)
class _Start:
    """Where a feed begins: behind `head`; `missing` are numbers below that may be of transactions still under way."""

    head: int
    missing: tuple[int, ...]


class SqlNewsFeed:
    """Implements `domain.node_ports.NewsFeed`; begins when it is told to.

    Args:
        node: whose rows are left out: this run of this node.
        clock: monotonic seconds.
    """

    def __init__(self, database: Database, node: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._node = node
        self._clock = clock
        self._cursor = 0
        self._gaps: dict[int, float] = {}
        self._marks: deque[tuple[float, int]] = deque([(-math.inf, 0)], _MOST_MARKS)

    async def begin(self) -> None:
        """Look from here on; transactions under way are news when they commit."""
        start = await self._database.read_snapshot(_find_start)
        now_s = self._clock()
        self._cursor = start.head
        self._gaps = dict.fromkeys(start.missing, now_s)
        self._marks = deque([(now_s, start.head)], _MOST_MARKS)

    async def read(self) -> News:
        """What was stored since the last look; what is more than a reading holds is left for the next one."""
        asked_s = self._clock()
        found = await self._database.read(_look, self._node, self._cursor, tuple(self._gaps))
        if self._is_lost(found, asked_s):
            await self.begin()
            return News(stored=(), complete=False)
        self._advance(found, asked_s)
        return News(stored=news_row.merge(one for stored in found.rows.values() for one in stored))

    async def forget_old(self) -> None:
        """Remove what was there two minutes ago: a node that has not read it by then finds that it was forgotten."""
        old = self._read_by(self._clock() - KEPT_S)
        for _ in range(PORTIONS_A_FORGETTING if old else 0):
            if await self._database.write(_forget, old) < FORGOTTEN_A_PORTION:
                break

    def _is_lost(self, found: _Found, asked_s: float) -> bool:
        """Whether rows were forgotten unread, the numbers begin anew (a restored backup), or too many are missing."""
        passed = max(0, max(found.rows, default=0) - self._cursor)
        missing = passed - len(found.rows) + len(self._gaps)
        is_forgotten = found.ends.forgotten_up_to >= self._next_unread(asked_s)
        return is_forgotten or found.ends.head < self._cursor or missing > MOST_GAPS

    def _next_unread(self, asked_s: float) -> int:
        """The lowest number that may have been forgotten unread: a gap that is young was old when others passed it over."""
        old_s = asked_s - (KEPT_S - GAP_LIFETIME_S)
        return min((n for n, since_s in self._gaps.items() if since_s < old_s), default=self._cursor + 1)

    def _advance(self, found: _Found, asked_s: float) -> None:
        now_s = self._clock()
        reached = max(self._cursor, max(found.rows, default=0))
        passed = dict.fromkeys(range(self._cursor + 1, reached + 1), now_s)
        open_gaps = {n: s for n, s in self._gaps.items() if asked_s - s < GAP_LIFETIME_S}
        self._gaps = {n: s for n, s in (open_gaps | passed).items() if n not in found.rows}
        self._cursor = reached
        self._marks.append((now_s, reached))

    def _read_by(self, moment_s: float) -> int:
        """How far this node had read at that moment; 0 when that is not known."""
        while len(self._marks) > 1 and self._marks[1][0] <= moment_s:
            self._marks.popleft()
        marked_s, reached = self._marks[0]
        return reached if marked_s <= moment_s else 0


def _find_start(txn: Transaction) -> _Start:
    ends = _read_ends(txn)
    lowest = max(ends.forgotten_up_to, ends.head - GAPS_AT_START)
    rows = txn.rows("SELECT news_id FROM log_news WHERE news_id > %s", (lowest,))
    there = {number for (number,) in rows}
    missing = tuple(number for number in range(lowest + 1, ends.head + 1) if number not in there)
    return _Start(head=ends.head, missing=missing)


def _look(txn: Transaction, node: str, cursor: int, gaps: Sequence[int]) -> _Found:
    rows: dict[int, list[StoredRange]] = {}
    for portion in (*_fill_gaps(txn, node, gaps), *_go_on(txn, node, cursor)):
        rows |= {number: news_row.decode(stored) for number, stored in portion}
    # Read last: what was not forgotten by now was not when the rows were read.
    return _Found(rows=rows, ends=_read_ends(txn))


def _fill_gaps(txn: Transaction, node: str, gaps: Sequence[int]) -> Iterator[Sequence[tuple[Any, ...]]]:
    for start in range(0, len(gaps), _GAPS_A_STATEMENT):
        asked = gaps[start : start + _GAPS_A_STATEMENT]
        yield txn.rows(f"{_ROW} WHERE news_id IN {placeholders(len(asked), 1)}", (node, *asked))


def _go_on(txn: Transaction, node: str, cursor: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    for _ in range(PORTIONS_A_READING):
        rows = txn.rows(
            f"{_ROW} WHERE news_id > %s ORDER BY news_id LIMIT %s", (node, cursor, ROWS_A_PORTION)
        )
        yield rows
        if len(rows) < ROWS_A_PORTION:
            return
        cursor = rows[-1][0]


def _read_ends(txn: Transaction) -> _Ends:
    row = txn.row(
        "SELECT forgotten_up_to, (SELECT COALESCE(MAX(news_id), 0) FROM log_news) FROM log_news_end"
    )
    assert row is not None
    return _Ends(forgotten_up_to=row[0], head=max(row))


def _forget(txn: Transaction, old: int) -> int:
    """Remove a portion of the rows up to a number; how many."""
    row = txn.row(
        "SELECT news_id FROM log_news WHERE news_id <= %s ORDER BY news_id LIMIT 1 OFFSET %s",
        (old, FORGOTTEN_A_PORTION - 1),
    )
    last = old if row is None else row[0]
    removed = txn.execute("DELETE FROM log_news WHERE news_id <= %s", (last,))
    txn.execute("UPDATE log_news_end SET forgotten_up_to = %s WHERE forgotten_up_to < %s", (last, last))
    return removed
