"""Callers that wait are answered together, on a database that answers when it is told to."""

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.errors import NotFound, Unavailable
from naivechat.infrastructure.sql import gathering
from naivechat.infrastructure.sql.gathering import ASK_DEADLINE_S, MOST_TOGETHER, Gathering


class SlowAnswers:
    """Keeps what is asked together until the test answers it. `asked` are the keys of what is under way."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []
        self._ends: list[Deferred[Any]] = []

    def __call__(self, keys: tuple[int, ...]) -> Deferred[Any]:
        self.asked.append(keys)
        self._ends.append(Deferred())
        return self._ends[-1]

    def end(self, outcome: Sequence[str] | Exception | None = None) -> None:
        """The oldest call ends: with what is given, or with every key as a text."""
        keys, end = self.asked.pop(0), self._ends.pop(0)
        if isinstance(outcome, Exception):
            end.errback(outcome)
        else:
            end.callback(list(map(str, keys)) if outcome is None else outcome)


class GatheringTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.answers = Clock(), SlowAnswers()
        self.gathering: Gathering[int, str] = Gathering(self.answers, self.clock)

    def ask(self, *keys: int) -> list[Deferred[str]]:
        return [Deferred.fromCoroutine(self.gathering.ask(key)) for key in keys]

    def results(self, asked: list[Deferred[str]]) -> list[str]:
        return [self.successResultOf(one) for one in asked]

    def test_who_comes_alone_waits_for_nobody(self) -> None:
        (asked,) = self.ask(1)
        self.assertEqual(self.answers.asked, [(1,)])
        self.answers.end()
        self.assertEqual(self.successResultOf(asked), "1")

    def test_who_comes_meanwhile_is_answered_together_in_order(self) -> None:
        asked = self.ask(1, 3, 2)
        self.assertEqual(self.answers.asked, [(1,)])
        self.answers.end()
        self.assertEqual(self.answers.asked, [(3, 2)])
        self.answers.end()
        self.assertEqual(self.results(asked), ["1", "3", "2"])

    def test_one_call_is_bounded_and_the_first_to_come_are_the_first_to_go(self) -> None:
        self.ask(0)
        asked = self.ask(*range(1, MOST_TOGETHER + 2))
        self.answers.end()
        self.assertEqual(self.answers.asked, [tuple(range(1, MOST_TOGETHER + 1))])
        self.answers.end()
        self.assertEqual(self.answers.asked, [(MOST_TOGETHER + 1,)])
        self.answers.end()
        self.assertEqual(self.results(asked)[-1], str(MOST_TOGETHER + 1))

    def test_it_rests_and_works_again(self) -> None:
        for key in (1, 2):
            (asked,) = self.ask(key)
            self.answers.end()
            self.assertEqual(self.successResultOf(asked), str(key))

    def test_a_refusal_goes_to_those_it_is_about(self) -> None:
        first, *others = self.ask(1, 2)
        self.answers.end(NotFound())
        self.failureResultOf(first, NotFound)
        self.answers.end()
        self.assertEqual(self.results(others), ["2"])

    def test_a_database_that_is_away_refuses_all_who_wait_at_once(self) -> None:
        asked = self.ask(1, 2, 3)
        self.answers.end(Unavailable())
        for one in asked:
            self.failureResultOf(one, Unavailable)
        self.assertEqual(self.answers.asked, [])

    def test_who_has_waited_too_long_is_refused(self) -> None:
        _, late = self.ask(1, 2)
        self.clock.advance(1)
        (timely,) = self.ask(3)
        self.clock.advance(ASK_DEADLINE_S - 1)
        self.answers.end()
        self.failureResultOf(late, Unavailable)
        self.assertEqual(self.answers.asked, [(3,)])
        self.answers.end()
        self.assertEqual(self.successResultOf(timely), "3")

    def test_when_all_came_too_early_nothing_is_asked(self) -> None:
        _, late = self.ask(1, 2)
        self.clock.advance(ASK_DEADLINE_S)
        self.answers.end()
        self.failureResultOf(late, Unavailable)
        self.assertEqual(self.answers.asked, [])

    def test_of_those_who_are_asked_for_together_only_the_guilty_one_fails(self) -> None:
        asked = self.ask(1, 2, 3, 4)
        self.answers.end()
        self.answers.end(ValueError("3 cannot be asked for"))
        self.assertEqual(self.answers.asked, [(2,)])
        self.answers.end()
        self.answers.end(ValueError("3 cannot be asked for"))
        self.answers.end()
        self.failureResultOf(asked[2], ValueError)
        self.assertEqual([self.successResultOf(asked[n]) for n in (0, 1, 3)], ["1", "2", "4"])

    def test_a_fault_of_ours_is_told_or_logged_and_the_next_are_answered(self) -> None:
        alone, *_ = self.ask(1, 2, 3)
        self.answers.end(["1", "one too many"])
        self.failureResultOf(alone, ValueError)
        self.answers.end(["2", "3", "one too many"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        (asked,) = self.ask(4)
        self.answers.end()
        self.assertEqual(self.successResultOf(asked), "4")

    def test_too_many_are_refused_at_once(self) -> None:
        self.patch(gathering, "MOST_WAITING", 2)
        asked = self.ask(1, 2, 3, 4)
        self.failureResultOf(asked[3], Unavailable)
        self.answers.end()
        self.answers.end()
        self.assertEqual(self.results(asked[:3]), ["1", "2", "3"])
