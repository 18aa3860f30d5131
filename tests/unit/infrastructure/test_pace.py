"""How soon a transaction may follow another: at once where little is stored, 2 ms after its beginning where it is much."""

import pytest
from twisted.internet.task import Clock

from naivechat.infrastructure.sql.pace import MANY_A_SECOND, SPACING_S, Pace


def paced(times: int, every_s: float, count: int = 1) -> tuple[Pace, Clock]:
    """A pace after so many transactions, each so long after the one before; it is now as late as the next would begin."""
    clock = Clock()
    pace = Pace(clock)
    for _ in range(times):
        clock.advance(every_s)
        pace.begin(count)
    clock.advance(every_s)
    return pace, clock


def test_the_first_ones_wait_for_nothing() -> None:
    assert paced(5, 0.0005)[0].wait_s() == 0


def test_where_little_is_stored_nothing_waits_though_two_come_close() -> None:
    pace, clock = paced(1_000, 1.1 / MANY_A_SECOND)
    pace.begin(1)
    clock.advance(0.0001)
    assert pace.wait_s() == 0


def test_where_much_is_stored_they_begin_2_ms_apart() -> None:
    pace, clock = paced(200, 0.0005)
    assert pace.wait_s() == pytest.approx(SPACING_S - 0.0005)
    clock.advance(SPACING_S)
    assert pace.wait_s() == 0


def test_what_they_store_counts_not_how_many_they_are() -> None:
    pace, clock = paced(200, 1.8 / MANY_A_SECOND, count=2)
    pace.begin(2)
    clock.advance(0.0005)
    assert pace.wait_s() == pytest.approx(SPACING_S - 0.0005)


def test_when_little_is_stored_again_they_wait_no_more() -> None:
    pace, clock = paced(200, 0.0005)
    for _ in range(20):
        clock.advance(0.01)
        pace.begin(1)
    clock.advance(0.0001)
    assert pace.wait_s() == 0
