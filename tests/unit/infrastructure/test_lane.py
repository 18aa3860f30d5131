"""Work in threads of our own: in order, by as many threads as are needed, and its outcome comes back to the reactor."""

import threading
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from naivechat.infrastructure.sql.lane import Lane


class Reactor:
    """Keeps what threads want to be called."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def callFromThread(self, *call: Any) -> None:
        self.calls.append(call)

    def turn(self) -> None:
        calls, self.calls = self.calls, []
        for call, *arguments in calls:
            call(*arguments)


class TestLane(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.gate = threading.Event()
        self.addCleanup(self.gate.set)

    def lane(self, most: int) -> Lane:
        lane = Lane(self.reactor, most, "test")
        self.addCleanup(lane.stop)
        self.addCleanup(self.gate.set)
        return lane

    def run_all(self, lane: Lane, *works: Callable[[], Any]) -> list[Deferred[Any]]:
        running = [lane.run(work) for work in works]
        self.gate.set()
        lane.stop()
        return running

    def test_calls_are_made_in_their_order_and_answered_in_the_reactor(self) -> None:
        called: list[int] = []
        lane = self.lane(1)
        running = self.run_all(lane, *(lambda n=n: called.append(n) or n for n in range(5)))  # type: ignore[misc]
        self.assertEqual(called, [0, 1, 2, 3, 4])
        self.assertNoResult(running[0])
        self.assertEqual(lane.waiting, 5)
        self.reactor.turn()
        self.assertEqual([self.successResultOf(each) for each in running], [0, 1, 2, 3, 4])
        self.assertEqual(lane.waiting, 0)

    def test_what_a_call_raises_is_what_its_caller_gets(self) -> None:
        (failing, good) = self.run_all(self.lane(1), lambda: 1 // 0, lambda: "good")
        self.reactor.turn()
        self.failureResultOf(failing, ZeroDivisionError)
        self.assertEqual(self.successResultOf(good), "good")

    def test_a_thread_begins_only_while_all_others_have_something_to_do(self) -> None:
        lane = self.lane(3)
        before = threading.active_count()
        lane.run(self.gate.wait)
        self.assertEqual(threading.active_count(), before + 1)
        for _ in range(5):
            lane.run(self.gate.wait)
        self.assertEqual(threading.active_count(), before + 3)
        self.gate.set()
        lane.stop()
        self.assertEqual(threading.active_count(), before)

    def test_a_caller_who_went_away_is_no_hindrance(self) -> None:
        lane = self.lane(1)
        gone = lane.run(self.gate.wait)
        gone.addErrback(lambda _: None)
        gone.cancel()
        (good,) = self.run_all(lane, lambda: "good")
        self.reactor.turn()
        self.assertEqual(self.successResultOf(good), "good")
