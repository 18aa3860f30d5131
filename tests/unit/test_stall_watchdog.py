"""What holds the reactor up is named: once, and not when it is the machine."""

import threading
from collections import Counter
from collections.abc import Iterator

import attrs
import pytest
from twisted.internet.task import Clock
from twisted.logger import LogEvent, formatEvent, globalLogPublisher

from naivechat.domain.measure import Histogram
from naivechat.stall_sampler import EVERY_S, StallSampler
from naivechat.stall_watchdog import LONGEST_STALL_S, LOOK_EVERY_S, StallWatchdog


@attrs.define
class Node:
    """A reactor whose turns are made by hand, and its watchdog; both see the same time."""

    stalls: Counter[str] = attrs.Factory(Counter)
    reactor: Clock = attrs.Factory(Clock)
    durations: Histogram = attrs.Factory(Histogram)
    sampler: StallSampler = attrs.field(init=False)
    watchdog: StallWatchdog = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.reactor.rightNow = 100.0
        self.sampler = StallSampler(self.durations, self.reactor)
        self.watchdog = StallWatchdog(self.stalls, self.sampler, self.reactor.seconds)
        self.sampler.start()

    def passes(self, seconds: float, *, turns: bool = True, looks: bool = True) -> None:
        for _ in range(round(seconds / LOOK_EVERY_S)):
            if turns:
                self.reactor.advance(LOOK_EVERY_S)
            else:
                self.reactor.rightNow += LOOK_EVERY_S
            if looks:
                self.watchdog.look()


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def told() -> Iterator[list[str]]:
    events: list[str] = []

    def note(event: LogEvent) -> None:
        events.append(formatEvent(event))

    globalLogPublisher.addObserver(note)
    yield events
    globalLogPublisher.removeObserver(note)


def test_a_reactor_that_turns_is_left_in_peace(node: Node, told: list[str]) -> None:
    node.passes(60)
    assert (node.stalls, told) == ({}, [])


def test_a_stall_is_told_once_with_its_line_and_once_when_it_is_over(node: Node, told: list[str]) -> None:
    node.passes(10)
    node.passes(LONGEST_STALL_S + 3, turns=False)
    assert node.stalls["reactor"] == 1
    assert len(told) == 1
    assert told[0].startswith("the reactor is held up at ")
    assert "in _where" in told[0].splitlines()[0]
    assert "test_a_stall_is_told_once_with_its_line" in told[0]
    node.passes(10)
    assert told[1:] == ["the reactor turns again after 4.2 s"]
    node.passes(LONGEST_STALL_S + 1, turns=False)
    assert node.stalls["reactor"] == 2


def test_what_is_shorter_than_a_second_is_no_stall(node: Node, told: list[str]) -> None:
    for _ in range(20):
        node.passes(LONGEST_STALL_S - LOOK_EVERY_S, turns=False)
        node.passes(LOOK_EVERY_S)
    assert (node.stalls, told) == ({}, [])


def test_a_process_that_was_stopped_blames_no_line(node: Node, told: list[str]) -> None:
    node.passes(10)
    node.passes(30, turns=False, looks=False)
    node.watchdog.look()
    node.passes(10)
    assert node.stalls == {"process": 1}
    assert told == ["this process did not run for 30.0 s"]


def test_the_thread_and_the_samples_end_with_the_service() -> None:
    clock, durations = Clock(), Histogram()
    watchdog = StallWatchdog(Counter(), StallSampler(durations, clock), clock.seconds)
    watchdog.startService()
    clock.pump([0, EVERY_S])
    assert "stall-watchdog" in {thread.name for thread in threading.enumerate()}
    assert sum(durations.counts) == 1
    watchdog.stopService()
    assert "stall-watchdog" not in {thread.name for thread in threading.enumerate()}
    assert not clock.getDelayedCalls()
