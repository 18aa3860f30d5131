"""The message log: many entries, one transaction.

While a transaction runs, entries queue; the next transaction takes all of them, up to a bound. There is one at a time, so
callers are woken in commit order. Changes of groups write to logs too: they take their place in the same queue, alone.

An entry's fate is unknown when the connection is lost in the commit and the database stays away. Its sender hears Unavailable,
nobody is told of the message, and it may be stored all the same. So the log remembers such entries: when one is found stored
later, it is reported as new, once, and told on.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.appending import Appended, Entry, Outcome, Read, ReadMoved, Recall, Send
from naivechat.domain.errors import ChatError, Unavailable
from naivechat.domain.measure import Measures
from naivechat.domain.message import HistoryPage, HistoryRange, Message
from naivechat.domain.ports import Clock
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.news_row import NewsWriter, ranges_of
from naivechat.infrastructure.sql.pool import Database, Transaction

T = TypeVar("T")

MOST_IN_BATCH = 256
MOST_QUEUED = 10_000
ENTRY_DEADLINE_S = 10.0
MOST_UNCERTAIN = 10_000


@attrs.define
class _Queued:
    """An entry and who waits for it; or a unit of work that wants a transaction alone, as does an entry whose batch has failed."""

    work: Entry | Callable[[Transaction], Any]
    waiting: Deferred[Any]
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
        self._drained: list[Deferred[None]] = []
        self._uncertain: OrderedDict[tuple[UserId, bytes], None] = OrderedDict()

    @property
    def queue_length(self) -> int:
        """How many entries wait for a transaction."""
        return len(self._queue)

    def append(self, entry: Send | Recall) -> Coroutine[Any, Any, Appended]:
        """Queue a record at once; the coroutine gives it after the commit."""
        return self._outcome(self._enqueue(entry))

    def read(self, entry: Read) -> Coroutine[Any, Any, ReadMoved]:
        """Queue a read position at once; the coroutine gives it after the commit."""
        return self._outcome(self._enqueue(entry))

    async def run_alone(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that writes to logs, in its place in the queue."""
        waiting: Deferred[T] = self._enqueue(unit)
        return await waiting

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

    def _enqueue(self, work: Entry | Callable[[Transaction], Any]) -> Deferred[Any]:
        waiting: Deferred[Any] = Deferred()
        if len(self._queue) >= MOST_QUEUED:
            waiting.errback(Unavailable("The node is overwhelmed: try again."))
            return waiting
        deadline_s = self._reactor.seconds() + ENTRY_DEADLINE_S
        self._queue.append(_Queued(work, waiting, deadline_s, callable(work)))
        if not self._running:
            self._running = True
            Deferred.fromCoroutine(self._work_off()).addErrback(self._report)
        return waiting

    async def _work_off(self) -> None:
        try:
            while self._queue:
                await self._run(self._take())
        finally:
            self._running = False
        while self._drained and not self._queue:
            self._drained.pop().callback(None)

    def _report(self, failure: Failure) -> None:
        self._log.failure("the message log failed", failure=failure)

    def _take(self) -> list[_Queued]:
        batch = [self._queue.popleft()]
        if batch[0].is_alone:
            return batch
        while self._queue and len(batch) < MOST_IN_BATCH and not self._queue[0].is_alone:
            batch.append(self._queue.popleft())
        return batch

    async def _run(self, batch: list[_Queued]) -> None:
        timely = self._refuse_late(batch)
        if not timely:
            return
        outcomes: list[Any]
        begun_s = self._reactor.seconds()
        try:
            outcomes = await self._commit(timely)
            self._measures.commit.observe(self._reactor.seconds() - begun_s)
        except Unavailable as refusal:
            self._refuse_queued(refusal)
            outcomes = [refusal] * len(timely)
        except ChatError as refusal:
            outcomes = [refusal] * len(timely)
        except Exception as error:
            self._log.failure("a batch of {count} of the message log failed", count=len(timely))
            if len(timely) > 1:
                self._separate(timely)
                return
            outcomes = [error]
        for queued, outcome in zip(timely, outcomes, strict=True):
            _settle(queued, outcome)

    def _separate(self, batch: list[_Queued]) -> None:
        """Try the entries of a failed batch again, each alone, so that only the guilty one fails; next, to keep their order."""
        for queued in batch:
            queued.is_alone = True
        self._queue.extendleft(reversed(batch))

    def _refuse_late(self, batch: list[_Queued]) -> list[_Queued]:
        now_s = self._reactor.seconds()
        for queued in batch:
            if queued.deadline_s <= now_s:
                _settle(queued, Unavailable())
        return [queued for queued in batch if queued.deadline_s > now_s]

    def _refuse_queued(self, refusal: Unavailable) -> None:
        """Refuse what has queued up during an outage: it would only wait for the next timeout."""
        waiting, self._queue = self._queue, deque()
        for queued in waiting:
            _settle(queued, refusal)

    async def _commit(self, batch: list[_Queued]) -> list[Any]:
        if callable(batch[0].work):
            return [await self._database.write(batch[0].work)]
        unit = _BatchUnit([queued.work for queued in batch], self._clock(), self._news)  # type: ignore[misc]
        try:
            outcomes = await self._database.write(unit)
        except Exception:
            self._remember(unit.maybe_stored | unit.written)
            raise
        # What stands there now is certain, be it found or written just now: when it comes again, it is no news.
        for outcome in outcomes:
            if isinstance(outcome, Appended):
                self._report_as_new(outcome, unit)
        return list(outcomes)

    def _remember(self, names: set[tuple[UserId, bytes]]) -> None:
        self._uncertain.update(dict.fromkeys(names))
        while len(self._uncertain) > MOST_UNCERTAIN:
            self._uncertain.popitem(last=False)

    def _report_as_new(self, outcome: Appended, unit: "_BatchUnit") -> None:
        name = (outcome.message.sender_id, outcome.message.msg_uuid)
        if name in unit.maybe_stored or name in self._uncertain:
            unit.maybe_stored.discard(name)
            self._uncertain.pop(name, None)
            outcome.duplicate = False


class _BatchUnit:
    """One batch as a unit of work.

    written: names of the records that the last run wrote. maybe_stored: of those that runs before it wrote, whose commit failed, or
    only its answer.
    """

    def __init__(self, entries: list[Entry], now_ms: int, news: NewsWriter) -> None:
        self._entries = entries
        self._now_ms = now_ms
        self._news = news
        self.written: set[tuple[UserId, bytes]] = set()
        self.maybe_stored: set[tuple[UserId, bytes]] = set()

    def __call__(self, txn: Transaction) -> list[Outcome]:
        self.maybe_stored |= self.written
        decisions = records.write_batch(txn, self._entries, self._now_ms)
        self.written = {(r.message.sender_id, r.message.msg_uuid) for r in decisions.appended}
        self._news.write(txn, ranges_of(record.message for record in decisions.appended))
        return decisions.outcomes


def _settle(queued: _Queued, outcome: Any) -> None:
    if queued.waiting.called:  # its caller was cancelled
        return
    if isinstance(outcome, Exception):
        queued.waiting.errback(outcome)
    else:
        queued.waiting.callback(outcome)
