"""Buckets and windows: never more than allowed in any time, never a refusal at the rate, and a bound for memory."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.rates import SWEPT_FROM, Buckets, Rate, Windows

RATES = st.builds(Rate, st.integers(1, 50), st.sampled_from([0.1, 1.0, 7.0, 60.0, 900.0]))
PAUSES = st.lists(st.floats(0, 40, allow_nan=False), max_size=120)
BEGIN_S = st.sampled_from([0.0, 1.0, 86_400.0 * 365])


def taken_at(take: Callable[[str, float], float], pauses: list[float], begin_s: float) -> list[float]:
    """When one was let through, of somebody who tries after each pause."""
    now_s, taken = begin_s, []
    for pause_s in pauses:
        now_s += pause_s
        if take("li", now_s) == 0.0:
            taken.append(now_s)
    return taken


@given(RATES, st.integers(1, 30), PAUSES, BEGIN_S)
def test_in_any_time_a_bucket_lets_no_more_through_than_its_burst_and_what_flowed_in(
    rate: Rate, burst: int, pauses: list[float], begin_s: float
) -> None:
    taken = taken_at(Buckets(rate, burst).take, pauses, begin_s)
    for first, since_s in enumerate(taken):
        for count, until_s in enumerate(taken[first:], 1):
            assert count <= burst + (until_s - since_s) * rate.count / rate.period_s + 1e-6


@given(RATES, PAUSES, BEGIN_S)
def test_in_any_period_a_window_lets_no_more_through_than_its_count(
    rate: Rate, pauses: list[float], begin_s: float
) -> None:
    taken = taken_at(Windows(rate).take, pauses, begin_s)
    for earlier, later in zip(taken, taken[rate.count :], strict=False):
        assert later - earlier >= rate.period_s - 1e-6


@given(RATES, st.integers(1, 30), st.integers(1, 300), BEGIN_S)
def test_whoever_stays_at_the_rate_is_never_refused(
    rate: Rate, burst: int, count: int, begin_s: float
) -> None:
    buckets, windows = Buckets(rate, burst), Windows(rate)
    for number in range(count):
        now_s = begin_s + number * rate.period_s / rate.count * (1 + 1e-9)
        assert buckets.take("li", now_s) == 0.0
        assert windows.take("li", now_s + 1e-6 * number) == 0.0


@given(RATES, st.integers(1, 30), PAUSES)
def test_whoever_waits_as_long_as_told_is_let_through(rate: Rate, burst: int, pauses: list[float]) -> None:
    for take in (Buckets(rate, burst).take, Windows(rate).take):
        now_s = 0.0
        for pause_s in pauses:
            now_s += pause_s
            wait_s = take("li", now_s)
            if wait_s:
                now_s += wait_s + 1e-6
                assert take("li", now_s) == 0.0


def test_a_burst_goes_at_once_and_the_rest_has_to_wait_for_its_turn() -> None:
    buckets = Buckets(Rate(10, 1.0), 60)
    assert [buckets.take("li", 5.0) for _ in range(60)] == [0.0] * 60
    assert buckets.take("li", 5.0) == pytest.approx(0.1, abs=1e-5)
    assert buckets.take("li", 5.05) == pytest.approx(0.05, abs=1e-5)
    assert buckets.take("li", 5.1) == 0.0
    assert [buckets.take("li", 11.2) for _ in range(60)] == [0.0] * 60


def test_a_refusal_costs_nothing() -> None:
    buckets = Buckets(Rate(1, 1.0), 1)
    buckets.take("li", 0.0)
    assert [buckets.take("li", 0.5) for _ in range(100)] == pytest.approx([0.5] * 100, abs=1e-5)
    assert buckets.take("li", 1.0) == 0.0


def test_everybody_has_a_measure_of_their_own() -> None:
    for take in (Buckets(Rate(1, 60.0), 1).take, Windows(Rate(1, 60.0)).take):
        assert take("li", 0.0) == 0.0
        assert take("li", 0.0) > 0.0
        assert take("han", 0.0) == 0.0


def test_a_window_is_free_again_when_its_oldest_is_a_period_old() -> None:
    windows = Windows(Rate(2, 60.0))
    windows.take("li", 0.0)
    windows.take("li", 40.0)
    assert windows.wait_s("li", 50.0) == 10.0
    assert windows.wait_s("li", 60.0) == 0.0
    assert windows.take("li", 60.0) == 0.0
    assert windows.take("li", 60.0) == 40.0


def test_what_is_taken_back_does_not_count() -> None:
    windows = Windows(Rate(2, 60.0))
    windows.take_back("li")
    windows.take("li", 0.0)
    windows.take("li", 1.0)
    windows.take_back("li")
    assert windows.take("li", 2.0) == 0.0
    windows.take_back("li")
    windows.take_back("li")
    assert len(windows) == 0


def test_buckets_forget_whoever_has_rested() -> None:
    buckets = Buckets(Rate(10, 1.0), 60)
    for number in range(SWEPT_FROM):
        buckets.take(f"a{number}", 0.0)
    assert len(buckets) == SWEPT_FROM
    buckets.take("li", 60.0)
    assert len(buckets) == 1


def test_buckets_never_forget_who_is_busy() -> None:
    buckets = Buckets(Rate(1, 3_600.0), 1)
    names = [f"a{number}" for number in range(3 * SWEPT_FROM)]
    assert {buckets.take(name, 0.0) for name in names} == {0.0}
    assert all(buckets.take(name, 1.0) > 0.0 for name in names)


def test_windows_forget_who_has_rested_and_then_who_has_done_least() -> None:
    windows = Windows(Rate(3, 60.0), most_kept=20)
    for name in ("storming", "storming", "storming"):
        windows.take(name, 50.0)
    for number in range(100):
        windows.take(f"a{number}", 50.0 + number / 100)
        assert len(windows) <= 20
    assert windows.take("storming", 55.0) > 0.0
    windows.take("late", 200.0)
    assert len(windows) <= 20
    for number in range(30):
        windows.take(f"b{number}", 300.0)
    assert windows.take("storming", 301.0) == 0.0
