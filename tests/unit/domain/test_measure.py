"""Durations in buckets, and what can be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.figures import Totals, figures_between
from naivechat.domain.measure import BOUNDS_S, Histogram, quantile_s


def _histogram(*durations_s: float) -> Histogram:
    histogram = Histogram()
    for duration_s in durations_s:
        histogram.observe(duration_s)
    return histogram


@given(st.lists(st.floats(0, BOUNDS_S[-1]), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_in_the_bucket_of_the_true_one(durations_s: list[float], part: float) -> None:
    found = quantile_s(_histogram(*durations_s).snapshot(), part)
    assert found is not None
    ordered = sorted(durations_s)
    # The smallest duration that at least `part` of all do not exceed.
    true_s = next(d for place, d in enumerate(ordered, 1) if place >= part * len(ordered) - 1e-9)
    bounds = (0.0, *BOUNDS_S)
    upper = next(bound for bound in BOUNDS_S if true_s <= bound)
    assert bounds[bounds.index(upper) - 1] <= found <= upper


def test_nothing_has_no_quantile() -> None:
    assert quantile_s(Histogram().snapshot(), 0.5) is None
    assert quantile_s((), 0.5) is None


def test_of_what_took_very_long_only_the_bound_is_known() -> None:
    assert quantile_s(_histogram(60.0).snapshot(), 0.99) == BOUNDS_S[-1]


def test_a_bound_belongs_to_the_bucket_below_it() -> None:
    assert _histogram(BOUNDS_S[0]).counts[0] == 1
    histogram = _histogram(-1.0)
    assert (histogram.counts[0], histogram.sum_s) == (1, 0.0)


def test_figures_are_of_what_happened_between_two_moments() -> None:
    histogram = _histogram(5.0, 5.0)
    before = Totals(at_ms=1_000, stored=10, errors=1, commit=histogram.snapshot())
    histogram.observe(0.0015)
    after = Totals(
        at_ms=6_000, stored=60, errors=2, users=3, bus_connected=False, commit=histogram.snapshot()
    )
    figures = figures_between(before, after)
    assert (figures.at_ms, figures.users, figures.bus_connected) == (6_000, 3, False)
    assert (figures.messages_per_s, figures.errors_per_s) == (10.0, 0.2)
    assert figures.commit_p50_ms == pytest.approx(1.5)
    assert figures.delivery_p50_ms is None


def test_two_looks_in_one_moment_do_no_harm() -> None:
    totals = Totals(at_ms=1_000, stored=10)
    assert figures_between(totals, totals).messages_per_s == 0
