"""Transactions off the reactor: the only hop between the reactor and blocking drivers.

A unit of work is a plain function of a `Transaction`. It runs whole, in a thread of our own; when the database asks for it
(deadlock, lock timeout, connection lost) it is run again, whole, until its deadline. That is the only retry there is, and it
is safe because a message's uuid makes a second run find what the first one stored.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import attrs
from twisted.internet.defer import Deferred, fail
from twisted.logger import Logger

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.engine import Engine, Fault
from naivechat.infrastructure.sql.lane import Lane
from naivechat.infrastructure.sql.transaction import Transaction

T = TypeVar("T")
P = ParamSpec("P")

UNIT_DEADLINE_S = 8.0
"""A unit that waits for a thread, or that the database asks to run again, is given up after this time."""
MOST_WAITING = 2_000
"""Units that may wait for a thread; more are refused at once."""
LOGIN_THREADS = 3
"""For who is let in, what they are shown first, and the friends of who goes: one unit of each is run at a time."""


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
