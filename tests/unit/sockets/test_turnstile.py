"""A line of people in front of a door, on a clock of our own."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.errors import Unavailable
from naivechat.sockets import turnstile
from naivechat.sockets.turnstile import PATIENCE_S, Turnstile


class TurnstileTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.turnstile = Turnstile(self.clock, 2)

    def come(self, count: int) -> list[Deferred[bool]]:
        return [Deferred.fromCoroutine(self.turnstile.enter()) for _ in range(count)]

    def test_so_many_are_let_in_at_once_and_told_that_they_have_not_waited(self) -> None:
        one, other, third = self.come(3)
        self.assertFalse(self.successResultOf(one))
        self.assertFalse(self.successResultOf(other))
        self.assertNoResult(third)

    def test_who_leaves_makes_way_for_the_first_in_line(self) -> None:
        *_, third, fourth = self.come(4)
        self.turnstile.leave()
        self.assertTrue(self.successResultOf(third))
        self.assertNoResult(fourth)
        self.turnstile.leave()
        self.successResultOf(fourth)

    def test_many_who_leave_at_once_when_let_in_do_not_pile_up(self) -> None:
        async def come_and_go() -> None:
            await self.turnstile.enter()
            self.turnstile.leave()

        self.come(2)
        many = [Deferred.fromCoroutine(come_and_go()) for _ in range(5_000)]
        self.turnstile.leave()
        self.successResultOf(many[-1])
        (late,) = self.come(1)
        self.successResultOf(late)

    def test_when_nobody_waits_the_place_stays_free(self) -> None:
        self.come(2)
        self.turnstile.leave()
        (late,) = self.come(1)
        self.successResultOf(late)

    def test_who_waits_in_vain_is_refused(self) -> None:
        *_, third = self.come(3)
        self.clock.advance(1)
        (fourth,) = self.come(1)
        self.clock.advance(PATIENCE_S - 1)
        refusal = self.failureResultOf(third, Unavailable)
        self.assertTrue(refusal.value.retry_after_ms)
        self.assertNoResult(fourth)
        self.turnstile.leave()
        self.successResultOf(fourth)
        self.clock.advance(PATIENCE_S)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_line_that_is_too_long_gets_no_longer(self) -> None:
        self.patch(turnstile, "MOST_WAITING", 1)
        *_, third, fourth = self.come(4)
        self.assertNoResult(third)
        self.failureResultOf(fourth, Unavailable)
