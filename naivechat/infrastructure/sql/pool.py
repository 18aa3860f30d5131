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
from twisted.internet.defer import Deferred, fail
from twisted.logger import Logger

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.dialect import Lookup, Question, Rows, Statement
from naivechat.infrastructure.sql.engine import Engine, Fault
from naivechat.infrastructure.sql.lane import Lane

T = TypeVar("T")
P = ParamSpec("P")

UNIT_DEADLINE_S = 8.0
"""A unit that waits for a thread, or that the database asks to run again, is given up after this time."""
MOST_WAITING = 2_000
"""Units that may wait for a thread; more are refused at once."""
LOGIN_THREADS = 3
"""For who is let in, what they are shown first, and the friends of who goes: one unit of each is run at a time."""


class Transaction:
    """What a unit of work sees of the database.

    after: why it runs again, if it does. can_number: `commit_numbered` can be used. is_over: all that was done is committed.
    """

    def __init__(
        self, cursor: Any, engine: Engine, after: Fault | None = None, *, can_number: bool = False
    ) -> None:
        self._cursor = cursor
        self._engine = engine
        self._unsent: list[Statement] = []
        self.dialect = engine.dialect
        self.after = after
        self.can_number = can_number
        self.is_over = False

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; how many rows it changed (MySQL counts only those whose values differ)."""
        self._send()
        self._cursor.execute(self.dialect.statement(sql), values)
        return int(self._cursor.rowcount)

    def write(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement of which nothing is asked, and which therefore may wait for the next question, or for the commit."""
        self.is_over = False
        self._unsent.append((self.dialect.statement(sql), values))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """All rows of a query."""
        self._send()
        self._cursor.execute(self.dialect.statement(sql), values)
        rows: Rows = self._cursor.fetchall()
        return rows

    def write_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """As `write`, of a statement with `{rows}` in it, for all of `rows`, of which there is at least one."""
        self.is_over = False
        self._unsent += self.dialect.for_rows(sql, rows)

    def rows_of(self, *lookups: Lookup) -> list[Rows]:
        """All rows of several lookups, in their order, by one question where that can be."""
        self._send()
        asked = [self.dialect.for_keys(lookup) for lookup in lookups]
        answers = iter(self._engine.fetch(self._cursor, [each for one in asked for each in one]))
        return [
            self.dialect.found(lookup, [next(answers) for _ in one])
            for lookup, one in zip(lookups, asked, strict=True)
        ]

    def ask(self, *questions: Question, is_last: bool = False) -> list[Rows]:
        """The rows of several questions of one moment, by one trip to the database where that can be.

        is_last: what was done so far may be committed with it, for what is written after that need not be one with it.
        """
        asked = self.dialect.for_questions(questions)
        commits = is_last and self._engine.is_far
        answers = self._engine.fetch(self._cursor, asked, self.take_unsent(), commits=commits)
        self.is_over = commits
        return self.dialect.answered(questions, answers)

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def commit_numbered(self, statements: Sequence[Statement]) -> list[int]:
        """Run all that the unit does, and commit; what each statement has made LAST_INSERT_ID, or 0. As `Engine.commit_numbered`."""
        numbers = self._engine.commit_numbered(self._cursor, statements)
        self.is_over = True
        return numbers

    def take_unsent(self) -> list[Statement]:
        """What `write` was given and has not run yet."""
        unsent, self._unsent = self._unsent, []
        return unsent

    def _send(self) -> None:
        self.is_over = False
        if self._unsent:
            self._engine.run(self._cursor, self.take_unsent())


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
class _Work:
    """A kind of work, and whether the database does it. Threads of several kinds may tell of it; none waits for another."""

    name: str
    state: DatabaseState = DatabaseState.UP


class Database:
    """Runs units of work. On SQLite one thread writes and some read; on MySQL all do both, and messages and logins have their own."""

    _log = Logger()

    def __init__(self, engine: Engine, reactor: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self.engine = engine
        self._reactor = reactor
        self._clock = clock
        self._stopped = False
        self._reading, self._changing = _Work("reads"), _Work("changes")
        self._readers = Lane(reactor, engine.reader_threads, "sql-read")
        self._writers = Lane(reactor, engine.writer_threads, "sql-write")
        has_lanes = engine.writer_threads > 1
        self._log_writer = Lane(reactor, 1, "sql-log") if has_lanes else self._writers
        logins = Lane(reactor, LOGIN_THREADS, "sql-login") if has_lanes else None
        self._login_readers, self._login_writers = logins or self._readers, logins or self._writers

    def stop(self) -> None:
        """End the threads, after what they are at, and close the connections; nothing happens the second time."""
        if self._stopped:
            return
        self._stopped = True
        for lane in (self._readers, self._writers, self._log_writer, self._login_writers):
            lane.stop()
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

    def write_log(self, unit: Callable[[Transaction], T]) -> Deferred[T]:
        """As `write`, in the thread of the message log, whose connection takes many statements at a time."""
        return self._in_lane(self._log_writer, self.engine.begin_write, unit, takes_many=True)

    def write_login(self, unit: Callable[[Transaction], T]) -> Deferred[T]:
        """As `write`, in the threads of those who come and go, whose connections take many statements at a time."""
        return self._in_lane(self._login_writers, self.engine.begin_write, unit, takes_many=True)

    def read_login(self, unit: Callable[[Transaction], T]) -> Deferred[T]:
        """As `read`, in the same threads."""
        return self._in_lane(self._login_readers, self.engine.begin_read, unit, takes_many=True)

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
        if self._changing.state is not DatabaseState.UP:
            with contextlib.suppress(Unavailable):
                await self._in_lane(self._writers, self._begin_with_room, _change_nothing)
                self._note_recovery(self._changing)
        return self._changing.state

    def _begin_with_room(self, connection: Any) -> Any:
        cursor = self.engine.begin_write(connection)
        self.engine.require_room(connection)
        return cursor

    def _in_lane(
        self,
        lane: Lane,
        begin: Callable[[Any], Any],
        unit: Callable[[Transaction], T],
        *,
        takes_many: bool = False,
    ) -> Deferred[T]:
        if self._stopped:
            return fail(Unavailable("The node is shutting down: try again."))
        if lane.waiting >= MOST_WAITING:
            return fail(Unavailable("The node is overwhelmed: try again."))
        deadline = self._clock() + UNIT_DEADLINE_S
        work = self._changing if begin in (self.engine.begin_write, self._begin_with_room) else self._reading
        return lane.run(lambda: self._run(work, begin, unit, deadline, takes_many))

    def _run(
        self,
        work: _Work,
        begin: Callable[[Any], Any],
        unit: Callable[[Transaction], T],
        deadline: float,
        takes_many: bool,
    ) -> T:
        if self._clock() >= deadline:
            raise Unavailable
        pause_s, after = 0.0, None
        while True:
            try:
                result = self._run_once(begin, unit, deadline, takes_many, after)
            except Exception as error:
                after = self._require_again(work, error, deadline)
            else:
                if work.state is DatabaseState.DOWN:
                    self._note_recovery(work)
                return result
            time.sleep(pause_s)
            pause_s = min(max(0.02, 2 * pause_s), 0.5)

    def _run_once(
        self,
        begin: Callable[[Any], Any],
        unit: Callable[[Transaction], T],
        deadline: float,
        takes_many: bool,
        after: Fault | None,
    ) -> T:
        with self.engine.connection(takes_many=takes_many) as connection:
            cursor = begin(connection)
            can_number = takes_many and self.engine.can_number
            txn = Transaction(cursor, self.engine, after, can_number=can_number)
            result = unit(txn)
            if txn.is_over:
                return result
            if (
                self._clock() >= deadline
            ):  # a process that was stopped meanwhile: other nodes look for its news no more
                raise Unavailable
            self.engine.commit(connection, cursor, txn.take_unsent())
            return result

    def _require_again(self, work: _Work, error: Exception, deadline: float) -> Fault:
        """Why the unit is to run again; otherwise raise what its caller gets."""
        fault = self.engine.fault_of(error)
        if fault is None:
            raise error
        if fault is not Fault.AWAY and self._clock() < deadline:
            return fault
        if work.state is DatabaseState.UP:
            self._log.error("database does no {work}: {reason}", work=work.name, reason=str(error))
        work.state = self.engine.state_after(error)
        raise Unavailable from error

    def _note_recovery(self, work: _Work) -> None:
        if work.state is not DatabaseState.UP:
            work.state = DatabaseState.UP
            self._log.info("database does {work} again", work=work.name)


def _change_nothing(txn: Transaction) -> None:
    # Refused by a server that takes no changes.
    txn.execute("UPDATE history SET epoch = epoch")
