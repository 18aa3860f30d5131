"""Workers on a clock of our own: started, started again, ended."""

import os
import signal
from collections.abc import Sequence
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from naivechat import workers
from naivechat.workers import (
    FIRST_DELAY_S,
    LAST_S,
    LONGEST_DELAY_S,
    STEADY_AFTER_S,
    ParentWatch,
    WorkerPlan,
    Workers,
)


@attrs.define
class Life:
    """A process that was started; `pid` is None when it has ended."""

    protocol: Any
    command: Sequence[str]
    environment: dict[str, str]
    folder: str
    pid: int | None


class Reactor(Clock):
    """Starts processes that do nothing, numbered from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lives: list[Life] = []

    def callWhenRunning(self, deed: Any) -> None:
        deed()

    def spawnProcess(
        self, protocol: Any, program: str, command: Any, environment: Any, folder: str, *, childFDs: Any
    ) -> None:
        assert program == command[0]
        assert childFDs == {0: "w", 1: 1, 2: 2}
        self.lives.append(Life(protocol, command, environment, folder, len(self.lives) + 1))
        protocol.makeConnection(self.lives[-1])

    def end(self, life: Life, reason: Exception) -> None:
        life.pid = None
        life.protocol.processEnded(Failure(reason))


class WorkersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.signals: list[tuple[int, int]] = []
        self.patch(workers.os, "kill", lambda pid, number: self.signals.append((pid, number)))
        plans = [
            WorkerPlan(name=name, command=("python", name), environment={"A": "b"}, folder="/here")
            for name in ("one", "two")
        ]
        self.workers = Workers(prepare=lambda: plans, reactor=self.reactor)
        self.workers.privilegedStartService()
        self.workers.startService()

    def test_each_is_started_as_planned(self) -> None:
        self.assertEqual(
            [life.command for life in self.reactor.lives], [["python", "one"], ["python", "two"]]
        )
        self.assertEqual([life.environment for life in self.reactor.lives], [{"A": "b"}] * 2)
        self.assertEqual([life.folder for life in self.reactor.lives], ["/here"] * 2)

    def test_what_dies_is_started_again_alone_and_later_each_time(self) -> None:
        delay_s, delays = FIRST_DELAY_S, []
        for _ in range(7):
            self.reactor.end(self.reactor.lives[-1], ProcessTerminated(signal=signal.SIGKILL))
            count = len(self.reactor.lives)
            self.reactor.advance(delay_s - 0.1)
            self.assertEqual(len(self.reactor.lives), count)
            self.reactor.advance(0.1)
            self.assertEqual(self.reactor.lives[-1].command, ["python", "two"])
            self.assertEqual(len(self.reactor.lives), count + 1)
            delays.append(delay_s)
            delay_s = min(2 * delay_s, LONGEST_DELAY_S)
        self.assertEqual(delays, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0])

    def test_one_that_ran_long_is_started_again_soon(self) -> None:
        for _ in range(3):
            self.reactor.end(self.reactor.lives[-1], ProcessTerminated(exitCode=1))
            self.reactor.advance(4 * FIRST_DELAY_S)
        self.reactor.advance(STEADY_AFTER_S)
        self.reactor.end(self.reactor.lives[-1], ProcessTerminated(exitCode=1))
        self.reactor.advance(FIRST_DELAY_S)
        self.assertIsNotNone(self.reactor.lives[-1].pid)

    def test_one_that_ends_by_itself_in_order_is_started_again(self) -> None:
        self.reactor.end(self.reactor.lives[0], ProcessDone(0))
        self.reactor.advance(FIRST_DELAY_S)
        self.assertEqual(self.reactor.lives[-1].command, ["python", "one"])

    def test_a_stop_asks_all_and_waits_for_all(self) -> None:
        stopped = self.workers.stopService()
        self.assertEqual(self.signals, [(1, signal.SIGTERM), (2, signal.SIGTERM)])
        for life in reversed(self.reactor.lives):
            self.assertNoResult(stopped)
            self.reactor.end(life, ProcessDone(0))
        self.successResultOf(stopped)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_who_does_not_leave_is_killed(self) -> None:
        stopped = self.workers.stopService()
        self.reactor.end(self.reactor.lives[0], ProcessDone(0))
        self.reactor.advance(LAST_S)
        self.assertEqual(self.signals[2:], [(2, signal.SIGKILL)])
        self.reactor.end(self.reactor.lives[1], ProcessTerminated(signal=signal.SIGKILL))
        self.successResultOf(stopped)

    def test_after_a_stop_nothing_is_started_again(self) -> None:
        self.reactor.end(self.reactor.lives[0], ProcessTerminated(exitCode=1))
        stopped = self.workers.stopService()
        self.reactor.end(self.reactor.lives[1], ProcessDone(0))
        self.successResultOf(stopped)
        self.reactor.advance(LONGEST_DELAY_S)
        self.assertEqual(len(self.reactor.lives), 2)

    def test_a_stop_before_the_start_ends_at_once(self) -> None:
        unstarted = Workers(prepare=list, reactor=self.reactor)
        self.assertIsInstance(unstarted.stopService(), Deferred)


class ParentWatchTest(SynchronousTestCase):
    def test_the_end_of_standard_input_is_the_end_of_the_parent(self) -> None:
        gone: list[bool] = []
        theirs, ours = os.pipe()
        watch = ParentWatch(lambda: gone.append(True), theirs)
        self.addCleanup(os.close, theirs)
        os.write(ours, b"anything")
        self.assertIsNone(watch.doRead())
        os.close(ours)
        reason = watch.doRead()
        assert reason is not None
        self.assertEqual(gone, [])
        watch.connectionLost(reason)
        self.assertEqual((gone, watch.fileno(), watch.logPrefix()), ([True], theirs, "parent"))
