"""How late the reactor comes to what is due."""

import pytest
from twisted.internet.task import Clock

from naivechat.domain.measure import BOUNDS_S, Histogram
from naivechat.stall_sampler import EVERY_S, StallSampler


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stalls(clock: Clock) -> Histogram:
    histogram = Histogram()
    StallSampler(histogram, clock).start()
    clock.advance(0)
    return histogram


def bucket_of(duration_s: float) -> int:
    return next(index for index, bound_s in enumerate(BOUNDS_S) if duration_s <= bound_s)


def test_a_reactor_that_keeps_up_is_never_late(clock: Clock, stalls: Histogram) -> None:
    clock.pump([EVERY_S] * 50)
    assert stalls.counts[0] == sum(stalls.counts) == 50
    assert stalls.sum_s == pytest.approx(0)


def test_a_stall_is_counted_once_by_its_length(clock: Clock, stalls: Histogram) -> None:
    clock.advance(EVERY_S + 1.5)
    assert stalls.counts[bucket_of(1.5)] == sum(stalls.counts) == 1
    clock.advance(EVERY_S)
    assert stalls.counts[0] == 1


def test_what_passes_before_the_reactor_turns_is_no_stall(clock: Clock) -> None:
    histogram = Histogram()
    sampler = StallSampler(histogram, clock)
    sampler.start()
    clock.advance(5)
    assert sampler.turned_at_s == 5
    clock.advance(EVERY_S)
    assert histogram.counts[0] == sum(histogram.counts) == 1


def test_nothing_is_sampled_once_it_was_stopped(clock: Clock) -> None:
    histogram = Histogram()
    sampler = StallSampler(histogram, clock)
    sampler.stop()
    sampler.start()
    sampler.stop()
    assert not clock.getDelayedCalls()
    assert not sum(histogram.counts)
