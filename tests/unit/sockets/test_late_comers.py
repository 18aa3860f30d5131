"""Who comes where others have heard more already is pushed what those have heard since, unless it is too much."""

from twisted.internet.defer import Deferred

from naivechat.domain.errors import Unavailable
from tests.fakes import done
from tests.unit.sockets.pushing import TALK, Pushed


def since(pushed: Pushed, after_seq: int) -> list[int] | None:
    """The seqs of what was pushed behind `after_seq`; None when that is not to be had."""
    records = done(pushed.order.pushed_since(pushed.audience, TALK, after_seq))
    return None if records is None else [record.seq for record in records]


def test_what_was_pushed_behind_a_record_and_nothing_else_is_read_for_who_comes_late() -> None:
    pushed = Pushed(head=10)
    assert since(pushed, 0) == []
    pushed.audience.set_pushed(TALK, 8)
    assert since(pushed, 8) == []
    assert since(pushed, 5) == [6, 7, 8]
    pushed.log.error = Unavailable()
    assert since(pushed, 5) is None


def test_who_comes_late_by_a_thousand_records_has_them_and_by_more_has_none() -> None:
    pushed = Pushed(head=5_000)
    pushed.audience.set_pushed(TALK, 5_000)
    assert since(pushed, 4_000) == list(range(4_001, 5_001))
    pushed.log.readings.clear()
    assert since(pushed, 3_999) is None
    assert pushed.log.readings == []


def test_what_is_pushed_while_it_is_read_is_too_much_above_a_thousand_too() -> None:
    pushed = Pushed(head=1_001, at_once=False)
    pushed.audience.set_pushed(TALK, 1_000)
    waiting = Deferred.fromCoroutine(pushed.order.pushed_since(pushed.audience, TALK, 0))
    pushed.audience.set_pushed(TALK, 1_001)
    pushed.log.answer()
    assert pushed.log.waiting is None
    assert waiting.result is None
