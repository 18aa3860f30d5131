from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from naivechat.infrastructure.redis.subscriptions import Subscriptions


class TestSubscriptions(SynchronousTestCase):
    def setUp(self) -> None:
        self.subscriptions = Subscriptions()
        self.subscriptions.begin()

    def ask(self, most: int = 1_000) -> tuple[tuple[str, ...], tuple[str, ...]]:
        changes = self.subscriptions.take_changes(most)
        return changes.subscribe, changes.unsubscribe

    def test_a_channel_is_received_when_it_is_confirmed(self) -> None:
        self.subscriptions.listen("a")
        waiting = self.subscriptions.wait(["a"])
        self.assertEqual(self.ask(), (("a",), ()))
        self.assertNoResult(waiting)
        self.subscriptions.confirm("a")
        self.assertTrue(self.successResultOf(waiting))
        self.assertTrue(self.successResultOf(self.subscriptions.wait(["a"])))

    def test_all_channels_are_waited_for(self) -> None:
        for name in "abc":
            self.subscriptions.listen(name)
        waiting = self.subscriptions.wait("abc")
        self.ask()
        self.subscriptions.confirm("c")
        self.subscriptions.confirm("a")
        self.assertNoResult(waiting)
        self.subscriptions.confirm("b")
        self.assertTrue(self.successResultOf(waiting))

    def test_of_several_asks_for_a_channel_the_last_ones_answer_counts(self) -> None:
        self.subscriptions.listen("a")
        self.ask()
        self.subscriptions.unlisten("a")
        self.assertEqual(self.ask(), ((), ("a",)))
        self.subscriptions.listen("a")
        waiting = self.subscriptions.wait(["a"])
        self.assertEqual(self.ask(), (("a",), ()))
        for _ in range(2):
            self.subscriptions.confirm("a")
            self.assertNoResult(waiting)
        self.subscriptions.confirm("a")
        self.assertTrue(self.successResultOf(waiting))

    def test_what_is_taken_back_in_the_same_turn_is_not_asked_for(self) -> None:
        self.subscriptions.listen("a")
        self.subscriptions.unlisten("a")
        self.assertEqual(self.ask(), ((), ()))
        self.subscriptions.listen("b")
        self.ask()
        self.subscriptions.confirm("b")
        self.subscriptions.unlisten("b")
        self.subscriptions.listen("b")
        self.assertEqual(self.ask(), ((), ()))
        self.assertTrue(self.successResultOf(self.subscriptions.wait(["b"])))

    def test_channels_are_asked_for_in_portions(self) -> None:
        for name in "abcde":
            self.subscriptions.listen(name)
        self.assertEqual([self.ask(2)[0] for _ in range(3)], [("a", "b"), ("c", "d"), ("e",)])
        self.assertFalse(self.subscriptions.has_changes)

    def test_a_new_connection_is_complete_when_all_is_confirmed_again(self) -> None:
        for name in "ab":
            self.subscriptions.listen(name)
        self.ask()
        self.subscriptions.end()
        self.assertFalse(self.subscriptions.is_complete)
        self.subscriptions.begin()
        self.assertEqual(self.ask(), (("a", "b"), ()))
        self.subscriptions.confirm("a")
        self.assertFalse(self.subscriptions.is_complete)
        self.subscriptions.listen("later")
        self.subscriptions.confirm("b")
        self.assertTrue(self.subscriptions.is_complete)

    def test_giving_up_the_last_missing_channel_completes(self) -> None:
        self.subscriptions.listen("a")
        self.subscriptions.end()
        self.subscriptions.begin()
        self.subscriptions.unlisten("a")
        self.assertTrue(self.subscriptions.is_complete)

    def test_who_waits_is_told_at_once_when_the_connection_is_lost(self) -> None:
        self.subscriptions.listen("a")
        waiting = [self.subscriptions.wait(["a"]) for _ in range(2)]
        self.subscriptions.end()
        self.assertEqual([self.successResultOf(each) for each in waiting], [False, False])
        self.assertFalse(self.successResultOf(self.subscriptions.wait(["a"])))

    def test_who_waits_for_what_is_given_up_waits_no_more(self) -> None:
        for name in "ab":
            self.subscriptions.listen(name)
        waiting = self.subscriptions.wait("ab")
        self.subscriptions.unlisten("a")
        self.assertFalse(self.successResultOf(waiting))
        self.assertFalse(self.successResultOf(self.subscriptions.wait(["never listened to"])))

    def test_who_waits_may_give_up(self) -> None:
        self.subscriptions.listen("a")
        waiting: Deferred[Any] = self.subscriptions.wait(["a"])
        waiting.addErrback(lambda _: "given up")
        waiting.cancel()
        self.ask()
        self.subscriptions.confirm("a")
        self.assertEqual(self.successResultOf(waiting), "given up")

    def test_answers_that_nobody_asked_for_change_nothing(self) -> None:
        self.subscriptions.confirm("a")
        self.subscriptions.listen("a")
        self.subscriptions.confirm("a")
        self.assertNoResult(self.subscriptions.wait(["a"]))
        self.subscriptions.unlisten("never listened to")

    def test_nothing_is_kept_of_channels_that_are_given_up(self) -> None:
        self.subscriptions.listen("a")
        self.ask()
        self.subscriptions.confirm("a")
        self.subscriptions.unlisten("a")
        self.ask()
        self.subscriptions.confirm("a")
        self.subscriptions.end()
        self.subscriptions.listen("b")
        self.subscriptions.unlisten("b")
        self.assertEqual(self.subscriptions._channels, {})


class Redis(RuleBasedStateMachine):
    """Against a Redis that answers in order, sooner or later: what counts as received is what it sends."""

    channels = st.sampled_from("abc")

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions = Subscriptions()
        self.is_connected = False
        self.wanted: set[str] = set()
        self.served: set[str] = set()
        self.answers: list[str] = []

    @rule(channel=channels)
    def listen(self, channel: str) -> None:
        self.wanted.add(channel)
        self.subscriptions.listen(channel)

    @rule(channel=channels)
    def unlisten(self, channel: str) -> None:
        self.wanted.discard(channel)
        self.subscriptions.unlisten(channel)

    @rule()
    def connect(self) -> None:
        self.subscriptions.end()
        self.served, self.answers, self.is_connected = set(), [], True
        self.subscriptions.begin()

    @rule(most=st.integers(1, 3))
    def ask(self, most: int) -> None:
        if self.subscriptions.has_changes:
            changes = self.subscriptions.take_changes(most)
            self.served |= set(changes.subscribe)
            self.served -= set(changes.unsubscribe)
            self.answers += [*changes.subscribe, *changes.unsubscribe]

    @rule()
    def answer(self) -> None:
        if self.answers:
            self.subscriptions.confirm(self.answers.pop(0))

    @invariant()
    def what_is_received_is_served_and_answered(self) -> None:
        for channel in "abc":
            waiting = self.subscriptions.wait([channel])
            if not waiting.called:
                waiting.addErrback(lambda _: None)
                waiting.cancel()
            elif waiting.result:
                assert channel in self.wanted & self.served
                assert channel not in self.answers

    @invariant()
    def when_nothing_is_left_to_do_all_that_is_wanted_is_received(self) -> None:
        if self.is_connected and not self.answers and not self.subscriptions.has_changes:
            assert self.served == self.wanted
            assert self.subscriptions.is_complete
            assert self.subscriptions.wait(tuple(self.wanted)).result


TestAgainstRedis = Redis.TestCase
