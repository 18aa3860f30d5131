"""The message log: many entries, one transaction.

While a transaction runs, entries queue; the next transaction takes all of them, up to a bound. There is one at a time, so
callers are woken in commit order. Changes of groups write to logs too: they take their place in the same queue, alone.
"""

import functools
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import attrs
from twisted.internet.defer import Deferred, ensureDeferred, maybeDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.appending import Appended, Entry, Read, ReadMoved, Recall, Send
from naivechat.domain.errors import ChatError, Unavailable
from naivechat.domain.measure import Measures
from naivechat.domain.message import HistoryPage, HistoryRange, Message
from naivechat.domain.ports import Clock
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.batch import BatchUnit
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.pace import Pace
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction
from naivechat.infrastructure.sql.uncertain import UncertainNames

T = TypeVar("T")

MOST_IN_BATCH = 256
MOST_QUEUED = 10_000
ENTRY_DEADLINE_S = 10.0


@attrs.define
class _Queued:
    """An entry and whom its outcome is given to; or a unit of work that wants a transaction alone, as does an entry whose batch has failed."""

    work: Entry | Callable[[Transaction], Any]
    settled: Callable[[Any], None]
    deadline_s: float
    is_alone: bool = False


class SqlMessageLog:
    """The logs of all talks in SQL tables; implements `domain.ports.MessageLog`.

    How long transactions take, from their beginning until they are committed, is in `measures.commit`.
    """

    _log = Logger()

    def __init__(
        self,
        database: Database,
        reactor: Any,
        clock: Clock,
        news: NewsWriter | None = None,
        measures: Measures | None = None,
    ) -> None:
        self._measures = measures or Measures()
        self._database = database
        self._reactor = reactor
        self._clock = clock
        self._news = news or NewsWriter()
        self._queue: deque[_Queued] = deque()
        self._running = False
        self._pace = Pace(reactor)
        self._drained: list[Deferred[None]] = []
        self._look_first = True
        self._uncertain = UncertainNames()

    @property
    def queue_length(self) -> int:
        """How many entries wait for a transaction."""
        return len(self._queue)

    def submit(self, entry: Send, settled: Callable[[Appended | Exception], None]) -> None:
        """Queue a record at once; `settled` is given it after the commit, or why it was not written."""
        self._enqueue(entry, settled)

    def append(self, entry: Send | Recall) -> Coroutine[Any, Any, Appended]:
        """Queue a record at once; the coroutine gives it after the commit."""
        return self._outcome(self._wait_for(entry))

    def read(self, entry: Read) -> Coroutine[Any, Any, ReadMoved]:
        """Queue a read position at once; the coroutine gives it after the commit."""
        return self._outcome(self._wait_for(entry))

    async def run_alone(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that writes to logs, in its place in the queue."""
        outcome: T = await self._wait_for(unit)
        return outcome

    async def history(self, talk_id: TalkId, user_id: UserId, wanted: HistoryRange) -> HistoryPage:
        """A page of a talk as far as `user_id` may read it. NotFriend, NotMember."""
        return await self._database.read_snapshot(records.read_history, talk_id, user_id, wanted)

    async def list_between(
        self, talk_id: TalkId, after_seq: int, before_seq: int
    ) -> tuple[tuple[Message, User], ...]:
        """The records between two, with their senders, at most 256."""
        return await self._database.read(records.read_between, talk_id, after_seq, before_seq)

    async def drain(self) -> None:
        """Wait until all that is queued is committed and answered, or refused: each entry's deadline ends the wait."""
        if self._running:
            drained: Deferred[None] = Deferred()
            self._drained.append(drained)
            await drained

    @staticmethod
    async def _outcome(waiting: Deferred[Any]) -> Any:
        return await waiting

    def _wait_for(self, work: Entry | Callable[[Transaction], Any]) -> Deferred[Any]:
        waiting: Deferred[Any] = Deferred()
        self._enqueue(work, functools.partial(_fire, waiting), is_alone=callable(work))
        return waiting

    def _enqueue(
        self,
        work: Entry | Callable[[Transaction], Any],
        settled: Callable[[Any], None],
        *,
        is_alone: bool = False,
    ) -> None:
        if len(self._queue) >= MOST_QUEUED:
            settled(Unavailable("The node is overwhelmed: try again."))
            return
        self._queue.append(_Queued(work, settled, self._reactor.seconds() + ENTRY_DEADLINE_S, is_alone))
        if not self._running:
            self._running = True
            self._go_on()

    # No coroutines from here to the commit: a message that comes alone goes all of this way by itself.

    def _go_on(self, _: object = None) -> None:
        """Begin the next transaction when its time has come; with nothing to do, rest."""
        try:
            is_busy = self._begin_next()
        except Exception:
            self._report(Failure())
            is_busy = False
        if not is_busy:
            self._running = False
            while self._drained and not self._queue:
                self._drained.pop().callback(None)

    def _report(self, failure: Failure) -> None:
        self._log.failure("the message log failed", failure=failure)

    def _begin_next(self) -> bool:
        """Begin a transaction, or wait for its time; False when nothing is left to do."""
        while self._queue:
            if pause_s := self._pace.wait_s():
                self._reactor.callLater(pause_s, self._go_on)
                return True
            batch = self._refuse_late(self._take())
            if batch:
                self._begin(batch)
                return True
        return False

    def _begin(self, batch: list[_Queued]) -> None:
        self._pace.begin(len(batch))
        committing = maybeDeferred(self._commit, batch)
        committing.addBoth(self._end, batch, self._reactor.seconds())
        committing.addErrback(self._report).addCallback(self._go_on)

    def _take(self) -> list[_Queued]:
        batch = [self._queue.popleft()]
        if batch[0].is_alone:
            return batch
        while self._queue and len(batch) < MOST_IN_BATCH and not self._queue[0].is_alone:
            batch.append(self._queue.popleft())
        return batch

    def _end(self, result: list[Any] | Failure, batch: list[_Queued], begun_s: float) -> None:
        if isinstance(result, Failure):
            self._end_badly(result, batch)
        else:
            self._measures.commit.observe(self._reactor.seconds() - begun_s)
            self._settle_all(batch, result)

    def _end_badly(self, failure: Failure, batch: list[_Queued]) -> None:
        error = failure.value
        if isinstance(error, Unavailable):
            self._refuse_queued(error)
        elif not isinstance(error, ChatError):
            self._log.failure(
                "a batch of {count} of the message log failed", failure=failure, count=len(batch)
            )
            if len(batch) > 1:
                self._separate(batch)
                return
        self._settle_all(batch, [error] * len(batch))

    def _separate(self, batch: list[_Queued]) -> None:
        """Try the entries of a failed batch again, each alone, so that only the guilty one fails; next, to keep their order."""
        for queued in batch:
            queued.is_alone = True
        self._queue.extendleft(reversed(batch))

    def _refuse_late(self, batch: list[_Queued]) -> list[_Queued]:
        now_s = self._reactor.seconds()
        if batch[0].deadline_s > now_s:  # the oldest
            return batch
        for queued in batch:
            if queued.deadline_s <= now_s:
                self._settle(queued, Unavailable())
        return [queued for queued in batch if queued.deadline_s > now_s]

    def _refuse_queued(self, refusal: Unavailable) -> None:
        """Refuse what has queued up during an outage: it would only wait for the next timeout."""
        waiting, self._queue = self._queue, deque()
        for queued in waiting:
            self._settle(queued, refusal)

    def _settle_all(self, batch: list[_Queued], outcomes: list[Any]) -> None:
        for queued, outcome in zip(batch, outcomes, strict=True):
            self._settle(queued, outcome)

    def _settle(self, queued: _Queued, outcome: Any) -> None:
        try:
            queued.settled(outcome)
        except Exception:
            self._log.failure("the outcome of an entry was not taken in")

    def _commit(self, batch: list[_Queued]) -> Deferred[list[Any]]:
        if callable(batch[0].work):
            return ensureDeferred(self._database.write(batch[0].work)).addCallback(lambda outcome: [outcome])
        entries: list[Any] = [queued.work for queued in batch]
        unit = BatchUnit(entries, self._clock(), self._news, look_first=self._look_first)
        writing = self._database.write_log(unit)
        return writing.addCallbacks(self._note_stored, self._note_failed, (unit,), errbackArgs=(unit,))

    def _note_stored(self, outcomes: list[Any], unit: BatchUnit) -> list[Any]:
        if unit.has_looked or self._uncertain.are_any:
            found_stored = self._uncertain.correct(outcomes, unit.maybe_stored)
            self._look_first = found_stored if unit.has_looked else self._look_first
        return outcomes

    def _note_failed(self, failure: Failure, unit: BatchUnit) -> Failure:
        self._uncertain.add(unit.maybe_stored | unit.written)
        self._look_first = True
        return failure


def _fire(waiting: Deferred[Any], outcome: Any) -> None:
    if isinstance(outcome, Exception):
        waiting.errback(outcome)
    else:
        waiting.callback(outcome)
