"""How fast a connection is read."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from naivechat.domain.rates import Rate
from naivechat.sockets.throttle import Throttle


class Reader:
    """What a throttle slows; `rate` is bytes a second."""

    def __init__(self, rate: int | None = 1_000) -> None:
        self.clock = Clock()
        self.changes = self.pauses = 0
        self.throttle = Throttle(
            self.clock, Rate(rate, 1.0) if rate else None, changed=self.change, paused=self.pause
        )

    def change(self) -> None:
        self.changes += 1

    def pause(self) -> None:
        self.pauses += 1


def test_a_seconds_worth_may_come_at_once_and_then_reading_waits_until_the_rate_is_kept() -> None:
    reader = Reader()
    reader.throttle.took(1_000)
    assert not reader.throttle.over
    reader.throttle.took(500)
    assert (reader.throttle.over, reader.pauses, reader.changes) == (True, 1, 1)
    reader.clock.advance(0.49)
    assert reader.throttle.over
    reader.clock.advance(0.02)
    assert (reader.throttle.over, reader.pauses, reader.changes) == (False, 1, 2)
    assert reader.clock.getDelayedCalls() == []


def test_what_comes_while_reading_waits_is_waited_for_too() -> None:
    reader = Reader()
    reader.throttle.took(1_500)
    reader.throttle.took(1_000)
    reader.clock.advance(1.4)
    assert reader.throttle.over
    reader.clock.advance(0.2)
    assert (reader.throttle.over, reader.pauses) == (False, 1)


def test_whoever_rests_has_a_seconds_worth_again_and_no_more() -> None:
    reader = Reader()
    reader.throttle.took(1_000)
    reader.clock.advance(3_600)
    reader.throttle.took(1_000)
    assert not reader.throttle.over
    reader.throttle.took(1)
    assert reader.throttle.over


def test_a_refusal_holds_for_a_moment_and_many_for_many_moments() -> None:
    reader = Reader()
    for _ in range(10):
        reader.throttle.hold(0.01)
    reader.clock.advance(0.09)
    assert reader.throttle.over
    reader.clock.advance(0.02)
    assert (reader.throttle.over, reader.pauses) == (False, 0)
    reader.throttle.took(900)
    assert not reader.throttle.over


def test_without_a_rate_bytes_do_not_matter_and_refusals_do() -> None:
    reader = Reader(rate=None)
    reader.throttle.took(10_000_000)
    assert not reader.throttle.over
    reader.throttle.hold(0.01)
    assert reader.throttle.over


def test_a_throttle_that_is_stopped_leaves_no_timer_behind() -> None:
    reader = Reader()
    reader.throttle.stop()
    reader.throttle.took(2_000)
    reader.throttle.stop()
    assert reader.clock.getDelayedCalls() == []


@given(st.lists(st.tuples(st.integers(0, 3_000), st.floats(0, 3)), max_size=60))
def test_in_any_time_no_more_is_read_than_the_rate_a_seconds_worth_and_the_last_read(
    reads: list[tuple[int, float]],
) -> None:
    reader, taken = Reader(), []
    for count, pause_s in reads:
        if not reader.throttle.over:
            reader.throttle.took(count)
            taken.append((reader.clock.seconds(), count))
        reader.clock.advance(pause_s)
    for first, (since_s, _) in enumerate(taken):
        total = 0
        for until_s, count in taken[first:]:
            assert total <= 1_000 + (until_s - since_s) * 1_000 + 1
            total += count


@given(st.lists(st.integers(1, 999), max_size=60))
def test_whoever_keeps_to_the_rate_is_never_held_up(counts: list[int]) -> None:
    reader = Reader()
    for count in counts:
        reader.throttle.took(count)
        assert not reader.throttle.over
        reader.clock.advance(count / 1_000)
