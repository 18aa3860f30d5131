"""Deadlines on one timer, and a clock of our own."""

from collections.abc import Callable

from twisted.internet.task import Clock

from naivechat.sockets.vigil import Vigil
from tests.logs import logged_errors


class Watcher:
    """Remembers when it was looked at; `then` is what it does."""

    def __init__(self, clock: Clock, then: Callable[[], object] = bool) -> None:
        self.looks: list[float] = []
        self._clock = clock
        self._then = then

    def look(self) -> None:
        self.looks.append(self._clock.seconds())
        self._then()


def test_everybody_is_looked_at_within_a_second_of_the_time_they_gave() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    watchers = [Watcher(clock) for _ in range(3)]
    for watcher, due_s in zip(watchers, (2.0, 2.1, 4.9), strict=True):
        vigil.watch(watcher, due_s)
    clock.pump([0.5] * 12)
    assert [watcher.looks for watcher in watchers] == [[2.0], [3.0], [5.0]]


def test_one_timer_serves_all_and_none_is_left_when_nobody_is_watched() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    for due_s in range(1, 100):
        vigil.watch(Watcher(clock), due_s)
    assert len(clock.getDelayedCalls()) == 1
    clock.pump([1.0] * 100)
    assert clock.getDelayedCalls() == []
    late = Watcher(clock)
    vigil.watch(late, 102)
    clock.pump([1.0] * 3)
    assert late.looks == [102.0]


def test_who_is_forgotten_is_not_looked_at() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    stays, goes = Watcher(clock), Watcher(clock)
    vigil.watch(stays, 2)
    second = vigil.watch(goes, 2)
    for _ in range(2):
        vigil.forget(goes, second)
    clock.pump([1.0] * 3)
    assert (stays.looks, goes.looks) == ([2.0], [])
    vigil.forget(stays, 2)
    vigil.forget(goes, vigil.watch(goes, 9))
    assert clock.getDelayedCalls() == []


def test_who_is_looked_at_may_be_watched_again_and_let_others_be_forgotten() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    other = Watcher(clock)
    second = vigil.watch(other, 3)
    again = Watcher(clock, lambda: vigil.forget(other, second))
    vigil.watch(again, 1)
    clock.advance(1)
    vigil.watch(again, 2)
    clock.pump([1.0] * 4)
    assert (again.looks, other.looks) == ([1.0, 2.0], [])


def test_a_fault_keeps_nobody_else_from_being_looked_at() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    watchers = [Watcher(clock, lambda: 1 // 0), Watcher(clock, lambda: 1 // 0)]
    for watcher in watchers:
        vigil.watch(watcher, 1)
    clock.advance(1)
    assert [watcher.looks for watcher in watchers] == [[1.0], [1.0]]
    assert len(logged_errors.flush(ZeroDivisionError)) == 2


def test_after_a_long_stall_all_that_was_due_is_looked_at() -> None:
    clock = Clock()
    vigil = Vigil(clock)
    watchers = [Watcher(clock) for _ in range(3)]
    for due_s, watcher in enumerate(watchers, 1):
        vigil.watch(watcher, due_s)
    clock.advance(50)
    assert [watcher.looks for watcher in watchers] == [[50.0]] * 3
