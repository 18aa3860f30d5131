"""Whoever wants to know at one time who listens is told by one question, on a Redis that answers when it is told to."""

from collections.abc import Sequence

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.redis import head_count
from naivechat.infrastructure.redis.head_count import COUNT_S, HeadCount


class HeadCountTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.asked: list[tuple[str, ...]] = []
        self.answers: list[Deferred[Sequence[int]]] = []
        self.head_count = HeadCount(self.numsub, self.clock)

    def numsub(self, channels: Sequence[str]) -> Deferred[Sequence[int]]:
        self.asked.append(tuple(channels))
        self.answers.append(Deferred())
        return self.answers[-1]

    def ask(self, *channels: str) -> Deferred[tuple[int, ...] | None]:
        return Deferred.fromCoroutine(self.head_count.of(channels))

    def test_who_comes_alone_is_answered_alone(self) -> None:
        result = self.ask("ann", "bob")
        self.answers[0].callback([1, 0])
        self.assertEqual(self.successResultOf(result), (1, 0))

    def test_nobody_to_count_is_no_question(self) -> None:
        self.assertEqual(self.successResultOf(self.ask()), ())
        self.assertEqual(self.asked, [])

    def test_who_comes_while_a_question_is_under_way_shares_the_next_one(self) -> None:
        first = self.ask("ann")
        others = [self.ask("bob", "ann"), self.ask("cid"), self.ask("bob")]
        self.assertEqual(self.asked, [("ann",)])
        self.answers[0].callback([1])
        self.assertEqual(self.successResultOf(first), (1,))
        self.assertEqual(self.asked[1:], [("bob", "ann", "cid")])
        self.answers[1].callback([2, 0, 3])
        self.assertEqual([self.successResultOf(other) for other in others], [(2, 0), (3,), (2,)])

    def test_very_many_are_counted_in_portions(self) -> None:
        self.patch(head_count, "CHANNELS_A_COUNT", 2)
        result = self.ask("ann", "bob", "cid")
        self.answers[0].callback([1, 2])
        self.answers[1].callback([3])
        self.assertEqual(self.asked, [("ann", "bob"), ("cid",)])
        self.assertEqual(self.successResultOf(result), (1, 2, 3))

    def test_no_answer_within_5_s_is_none_for_all_who_waited_as_long(self) -> None:
        first, second = self.ask("ann"), self.ask("bob")
        self.clock.advance(COUNT_S)
        self.assertIsNone(self.successResultOf(first))
        self.clock.advance(0)
        self.assertIsNone(self.successResultOf(second))

    def test_without_redis_nothing_is_known_and_the_next_question_is_asked(self) -> None:
        result = self.ask("ann")
        self.answers[0].errback(Unavailable())
        self.assertIsNone(self.successResultOf(result))
        later = self.ask("ann")
        self.answers[1].callback([1])
        self.assertEqual(self.successResultOf(later), (1,))

    def test_another_failure_is_everybodys_who_asked_together(self) -> None:
        first, second, third = self.ask("ann"), self.ask("bob"), self.ask("cid")
        self.answers[0].callback([1])
        self.successResultOf(first)
        self.answers[1].errback(ZeroDivisionError())
        self.failureResultOf(second, ZeroDivisionError)
        self.failureResultOf(third, ZeroDivisionError)
