"""Transactions off the reactor: the only hop between the reactor and blocking drivers.

A unit of work is a plain function of a `Transaction`. It runs whole, in a thread of our own; when the database asks for it
(deadlock, lock timeout, connection lost) it is run again, whole, until its deadline. That is the only retry there is, and it
is safe because a message's uuid makes a second run find what the first one stored.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.dialect import Dialect
from naivechat.infrastructure.sql.engine import Engine, Fault

T = TypeVar("T")
P = ParamSpec("P")

UNIT_DEADLINE_S = 8.0
"""A unit that waits for a thread, or that the database asks to run again, is given up after this time."""
MOST_WAITING = 2_000
"""Units that may wait for a thread; more are refused at once."""


class Transaction:
    """What a unit of work sees of the database."""

    def __init__(self, cursor: Any, dialect: Dialect) -> None:
        self._cursor = cursor
        self.dialect = dialect

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; how many rows it changed (MySQL counts only those whose values differ)."""
        self._cursor.execute(self.dialect.statement(sql), values)
        return int(self._cursor.rowcount)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
        """All rows of a query."""
        self._cursor.execute(self.dialect.statement(sql), values)
        rows: Sequence[tuple[Any, ...]] = self._cursor.fetchall()
        return rows

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None


@attrs.define
class RunAgain(Generic[P, T]):
    """A unit of work that may have been committed when it runs again: then `is_done` says so, and its first result stands."""

    _unit: Callable[Concatenate[Transaction, P], T]
    _is_done: Callable[[Transaction], bool]
    _results: list[T] = attrs.field(factory=list, init=False)

    def __call__(self, txn: Transaction, *args: P.args, **kw: P.kwargs) -> T:
        if not self._results or not self._is_done(txn):
            self._results = [self._unit(txn, *args, **kw)]
        return self._results[0]


@attrs.define
class _Lane:
    """Threads for one kind of work, how many units wait for them, and whether the database does this work."""

    work: str
    threads: ThreadPool
    waiting: int = 0
    state: DatabaseState = DatabaseState.UP


class Database:
    """Runs units of work. On SQLite one thread writes and some read; on MySQL all do both."""

    _log = Logger()

    def __init__(self, engine: Engine, reactor: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self.engine = engine
        self._reactor = reactor
        self._clock = clock
        self._stopped = False
        self._readers = _Lane("reads", ThreadPool(0, engine.reader_threads, "sql-read"))
        self._writers = _Lane("changes", ThreadPool(0, engine.writer_threads, "sql-write"))

    def start(self) -> None:
        """Start the threads."""
        for lane in (self._readers, self._writers):
            lane.threads.start()

    def stop(self) -> None:
        """End the threads, after what they are at, and close the connections; nothing happens the second time."""
        if self._stopped:
            return
        self._stopped = True
        for lane in (self._readers, self._writers):
            lane.threads.stop()
        self.engine.close()

    async def read(self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a unit that only reads. Unavailable when the database is away or too much waits."""
        return await self._in_lane(self._readers, self.engine.begin_read, lambda txn: unit(txn, *args, **kw))

    async def read_snapshot(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Run a unit that reads the database as it was at one moment."""
        return await self._in_lane(
            self._readers, self.engine.begin_snapshot, lambda txn: unit(txn, *args, **kw)
        )

    async def write(self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a unit that writes; returns after the commit. Unavailable as `read`."""
        return await self._in_lane(self._writers, self.engine.begin_write, lambda txn: unit(txn, *args, **kw))

    async def warnings(self) -> tuple[str, ...]:
        """Settings of the database under which an acked message could be lost, in words. Unavailable when it is away."""

        def look(txn: Transaction) -> tuple[str, ...]:
            return self.engine.warnings(txn.row)

        return await self.read(look)

    async def look(self) -> DatabaseState:
        """What the database is good for. One that has refused to take something is asked to take something again.

        Raises:
            Unavailable: it does not answer.
        """
        await self.read(lambda txn: txn.row("SELECT 1"))
        if self._writers.state is not DatabaseState.UP:
            with contextlib.suppress(Unavailable):
                await self._in_lane(self._writers, self._begin_with_room, _change_nothing)
                self._note_recovery(self._writers)
        return self._writers.state

    def _begin_with_room(self, connection: Any) -> Any:
        cursor = self.engine.begin_write(connection)
        self.engine.require_room(connection)
        return cursor

    async def _in_lane(self, lane: _Lane, begin: Callable[[Any], Any], unit: Callable[[Transaction], T]) -> T:
        if self._stopped:
            raise Unavailable("The node is shutting down: try again.")
        if lane.waiting >= MOST_WAITING:
            raise Unavailable("The node is overwhelmed: try again.")
        lane.waiting += 1
        try:
            deadline = self._clock() + UNIT_DEADLINE_S
            running: Deferred[T] = deferToThreadPool(
                self._reactor, lane.threads, self._run, lane, begin, unit, deadline
            )
            return await running
        finally:
            lane.waiting -= 1

    def _run(
        self, lane: _Lane, begin: Callable[[Any], Any], unit: Callable[[Transaction], T], deadline: float
    ) -> T:
        if self._clock() >= deadline:
            raise Unavailable
        pause_s = 0.02
        while True:
            try:
                result = self._run_once(begin, unit, deadline)
            except Exception as error:
                self._require_again(lane, error, deadline)
            else:
                if lane.state is DatabaseState.DOWN:
                    self._note_recovery(lane)
                return result
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 0.5)

    def _run_once(self, begin: Callable[[Any], Any], unit: Callable[[Transaction], T], deadline: float) -> T:
        with self.engine.connection() as connection:
            cursor = begin(connection)
            result = unit(Transaction(cursor, self.engine.dialect))
            if (
                self._clock() >= deadline
            ):  # a process that was stopped meanwhile: other nodes look for its news no more
                raise Unavailable
            connection.commit()
            return result

    def _require_again(self, lane: _Lane, error: Exception, deadline: float) -> None:
        """Return when the unit is to run again; otherwise raise what its caller gets."""
        fault = self.engine.fault_of(error)
        if fault is None:
            raise error
        if fault is Fault.RUN_AGAIN and self._clock() < deadline:
            return
        if lane.state is DatabaseState.UP:
            self._log.error("database does no {work}: {reason}", work=lane.work, reason=str(error))
        lane.state = self.engine.state_after(error)
        raise Unavailable from error

    def _note_recovery(self, lane: _Lane) -> None:
        if lane.state is not DatabaseState.UP:
            lane.state = DatabaseState.UP
            self._log.info("database does {work} again", work=lane.work)


def _change_nothing(txn: Transaction) -> None:
    # Refused by a server that takes no changes.
    txn.execute("UPDATE history SET epoch = epoch")
