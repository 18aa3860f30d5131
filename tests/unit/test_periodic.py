"""Work done again and again, whatever becomes of it."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.errors import Unavailable
from naivechat.periodic import Periodic
from tests.fakes import done
from tests.logs import logged_errors


class Work:
    """Counts how often it is begun; ends when `end` is called, or at once."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.count = 0
        self.at_once = at_once
        self.error: Exception | None = None
        self.under_way: Deferred[None] | None = None
        self.clock = Clock()
        self.periodic = Periodic("work", self.do, lambda: 5, self.clock)

    async def do(self) -> None:
        self.count += 1
        if not self.at_once:
            self.under_way = Deferred()
            await self.under_way
        if self.error is not None:
            raise self.error

    def end(self) -> None:
        under_way, self.under_way = self.under_way, None
        assert under_way is not None
        under_way.callback(None)


def test_the_pause_begins_when_the_work_has_ended() -> None:
    work = Work(at_once=False)
    work.periodic.start()
    work.clock.advance(60)
    assert work.count == 1
    work.end()
    work.clock.advance(4.9)
    assert work.count == 1
    work.clock.advance(0.1)
    assert work.count == 2


def test_it_can_be_done_before_its_time() -> None:
    work = Work()
    work.periodic.start()
    work.periodic.soon()
    work.clock.advance(0)
    assert work.count == 2


def test_what_is_asked_for_while_it_is_done_is_done_once_more() -> None:
    work = Work(at_once=False)
    work.periodic.start()
    work.periodic.soon()
    work.periodic.soon()
    work.end()
    work.clock.advance(0)
    work.end()
    work.clock.advance(0)
    assert work.count == 2


def test_stopping_waits_for_what_is_under_way() -> None:
    work = Work(at_once=False)
    work.periodic.start()
    stopping = Deferred.fromCoroutine(work.periodic.stop())
    assert not stopping.called
    work.end()
    assert stopping.called
    work.clock.advance(60)
    assert work.count == 1


def test_stopping_what_is_idle_is_done_at_once() -> None:
    work = Work()
    work.periodic.start()
    done(work.periodic.stop())
    work.periodic.soon()
    work.clock.advance(60)
    assert work.count == 1


def test_stopping_what_never_began_does_nothing() -> None:
    work = Work()
    work.periodic.soon()
    done(work.periodic.stop())
    work.clock.advance(60)
    assert work.count == 0


def test_a_fault_is_logged_and_ends_nothing() -> None:
    work = Work()
    work.error = ZeroDivisionError()
    work.periodic.start()
    work.clock.advance(5)
    assert work.count == 2
    assert len(logged_errors.flush(ZeroDivisionError)) == 2


def test_a_refusal_ends_nothing() -> None:
    work = Work()
    work.error = Unavailable()
    work.periodic.start()
    work.clock.advance(5)
    work.error = None
    work.clock.advance(5)
    assert work.count == 3
