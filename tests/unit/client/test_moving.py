"""Moving from one node to another: when a node goes away, is left, hangs or refuses."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import NotConnected, ReconnectPolicy, RequestRefused, StateChanged
from naivechat.protocol.message import MsgRequest
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    KickedNotice,
    LoginRequest,
    ReconnectRequest,
)
from tests.unit.client.fake_node import FakeNode

TWO = "me@127.0.0.1:1,127.0.0.1:2"
LATE = ReconnectPolicy(draw=lambda: 0.999)


def ports(node: FakeNode) -> list[int]:
    """Where the client has tried to connect, in order."""
    return [client[1] for client in node.reactor.tcpClients]


def kick(node: FakeNode, reason: Any) -> None:
    node.say(KickedNotice(reason=reason, message="because"))
    node.lose()


class MovingTests(SynchronousTestCase):
    def node(self, address: str = TWO, **options: Any) -> FakeNode:
        node = FakeNode(address=address, **options)
        node.listen(StateChanged)
        return node

    def test_when_a_node_goes_away_the_next_one_is_tried_first(self) -> None:
        node = self.node().start()
        node.lose()
        node.reactor.advance(0.5)
        node.log_in()
        self.assertEqual(ports(node), [1, 2])

    def test_a_round_tries_every_node_at_once_and_then_waits(self) -> None:
        node = self.node().start()
        node.lose()
        node.reactor.advance(0.5)
        node.refuse()
        node.refuse()
        self.assertEqual(ports(node), [1, 2, 1])
        node.reactor.advance(0.9)
        self.assertEqual(ports(node), [1, 2, 1])
        node.reactor.advance(0.1)
        self.assertEqual(ports(node), [1, 2, 1, 2])

    def test_a_node_that_shuts_down_is_left_for_another_within_a_second(self) -> None:
        at_once, late = self.node().start(), self.node(policy=LATE).start()
        for node in (at_once, late):
            kick(node, "shutdown")
            node.reactor.advance(0)
        self.assertEqual((ports(at_once), ports(late)), ([1, 2], [1]))
        late.reactor.advance(1)
        self.assertEqual(ports(late), [1, 2])

    def test_a_node_that_shuts_down_and_is_the_only_one_is_tried_again(self) -> None:
        node = self.node("me@127.0.0.1:1").start()
        kick(node, "shutdown")
        node.reactor.advance(0)
        node.refuse()
        node.reactor.advance(1)
        node.log_in()
        self.assertEqual(self.last_state(node), "online")

    def test_a_client_that_was_too_slow_or_idle_stays_with_its_node(self) -> None:
        for reason in ("slow", "idle"):
            node = self.node().start()
            kick(node, reason)
            node.come_back()
            self.assertEqual(ports(node), [1, 1])

    def test_a_node_that_does_not_take_the_connection_is_left_after_five_seconds(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.reactor.advance(4.9)
        self.assertEqual(ports(node), [1])
        node.reactor.advance(0.1)
        self.assertEqual(ports(node), [1, 2])
        node.log_in()
        self.successResultOf(started)

    def test_without_any_answer_the_start_fails(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.reactor.pump([5, 5])
        failure = self.failureResultOf(started, NotConnected)
        self.assertIn("127.0.0.1:2", str(failure.value))
        self.assertEqual(node.reactor.getDelayedCalls(), [])

    def test_a_node_that_does_not_answer_the_login_is_left_after_ten_seconds(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.accept()
        line = node.line
        assert line is not None
        node.reactor.advance(9.9)
        self.assertFalse(line.aborted)
        node.reactor.advance(0.1)
        self.assertTrue(line.aborted)
        node.lose()
        node.log_in()
        self.successResultOf(started)
        self.assertEqual(ports(node), [1, 2])

    def test_a_login_in_time_has_no_deadline_left(self) -> None:
        node = self.node().start()
        node.reactor.advance(10)
        assert node.line is not None
        self.assertFalse(node.line.aborted)

    def test_a_node_whose_storage_is_away_is_left_for_the_next(self) -> None:
        for code in ("UNAVAILABLE", "INTERNAL"):
            node = self.node()
            started = node.run(node.client.start())
            node.accept()
            node.refuse_request(node.take_one(LoginRequest), code, 5000)
            self.assertEqual(ports(node), [1, 2])
            node.log_in()
            self.successResultOf(started)

    def test_when_no_node_has_storage_all_are_asked_when_the_node_says(self) -> None:
        node = self.node().start()
        node.lose()
        node.reactor.advance(0.5)
        node.accept()
        node.refuse_request(node.take_one(ReconnectRequest), "UNAVAILABLE", 5000)
        node.refuse()
        node.reactor.advance(4.9)
        self.assertEqual(ports(node), [1, 2, 1])
        node.reactor.advance(0.1)
        self.assertEqual(ports(node), [1, 2, 1, 2])

    def test_who_is_too_fast_does_not_try_it_elsewhere(self) -> None:
        node = self.node().start()
        node.lose()
        node.reactor.advance(0.5)
        node.accept()
        node.refuse_request(node.take_one(ReconnectRequest), "RATE_LIMITED", 5000)
        node.reactor.advance(4.9)
        self.assertEqual(ports(node), [1, 2])
        node.reactor.advance(0.1)
        self.assertEqual(ports(node), [1, 2, 1])

    def test_a_node_that_has_too_many_connections_is_left_for_the_next_one(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.accept()
        node.say(ErrorResponse(rid=0, code="LIMIT", message="Too many.", retry_after_ms=1000))
        node.lose()
        node.log_in()
        self.successResultOf(started)
        self.assertEqual(ports(node), [1, 2])

    def test_where_all_have_too_many_the_client_comes_back_later_than_they_say(self) -> None:
        node = self.node().start()
        node.lose()
        node.reactor.advance(0.5)
        for _ in range(2):
            node.accept()
            node.say(ErrorResponse(rid=0, code="LIMIT", message="Too many.", retry_after_ms=3000))
            node.lose()
        node.reactor.advance(2.9)
        self.assertEqual(ports(node), [1, 2, 1])
        node.reactor.advance(3.1)
        self.assertEqual(ports(node), [1, 2, 1, 2])

    def test_a_refusal_for_good_is_asked_of_no_other_node(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.accept()
        node.refuse_request(node.take_one(LoginRequest), "AUTH_FAILED")
        self.failureResultOf(started, RequestRefused)
        self.assertEqual(ports(node), [1])

    def test_a_node_that_says_shutdown_instead_of_an_answer_is_left_at_once(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.accept()
        kick(node, "shutdown")
        node.log_in()
        self.successResultOf(started)
        self.assertEqual(ports(node), [1, 2])

    def test_a_silent_node_is_left_for_another(self) -> None:
        node = self.node().start()
        node.reactor.advance(30)
        node.take_one(HeartbeatRequest)
        node.reactor.advance(10)
        assert node.line is not None
        self.assertTrue(node.line.aborted)
        node.lose()
        node.reactor.advance(0.5)
        self.assertEqual(ports(node), [1, 2])

    def test_nodes_that_a_login_told_of_are_tried_when_the_given_ones_fail(self) -> None:
        node = self.node("me@127.0.0.1:1").start(nodes=("127.0.0.1:8", "127.0.0.1:9", "nonsense:x"))
        node.lose()
        node.reactor.advance(0.5)
        node.refuse()
        node.log_in()
        self.assertEqual(ports(node), [1, 8, 9])

    def test_a_message_on_its_way_goes_on_at_the_next_node(self) -> None:
        node = self.node().start()
        sending = node.run(node.client.send(0, "li", "hello"))
        before = node.take_one(MsgRequest)
        kick(node, "shutdown")
        node.reactor.advance(0)
        node.log_in()
        again = node.take_one(MsgRequest)
        node.ack(again, 1, duplicate=True)
        self.assertEqual((ports(node), again.msg_uuid), ([1, 2], before.msg_uuid))
        self.assertEqual(self.successResultOf(sending).seq, 1)

    def test_stopping_during_a_round_ends_it(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.refuse()
        stopped = node.run(node.client.stop())
        node.reactor.advance(0)
        self.successResultOf(stopped)
        self.failureResultOf(started, NotConnected)
        self.assertEqual((ports(node), node.reactor.getDelayedCalls()), ([1, 2], []))

    @given(
        st.lists(
            st.sampled_from(["refuse", "hang", "unavailable", "silent", "lose", "shutdown"]), max_size=12
        )
    )
    def test_however_nodes_fail_the_client_comes_back(self, faults: list[str]) -> None:
        node = self.node("me@127.0.0.1:1,127.0.0.1:2").start(nodes=("127.0.0.1:3",))
        kick(node, "shutdown")
        node.reactor.advance(0)
        for fault in faults:
            self.fail_attempt(node, fault)
        node.log_in()
        self.assertEqual(self.last_state(node), "online")
        self.assertEqual(len(node.reactor.getDelayedCalls()), 1, "nothing but the heartbeat waits")

    def fail_attempt(self, node: FakeNode, fault: str) -> None:
        """Let one attempt fail, and wait for the next one."""
        attempts = len(ports(node))
        if fault == "refuse":
            node.refuse()
        elif fault == "hang":
            node.reactor.advance(5)
        else:
            self.fail_login(node, fault)
        if len(ports(node)) == attempts:
            node.reactor.advance(60)

    def fail_login(self, node: FakeNode, fault: str) -> None:
        node.accept()
        request = node.take_one(ReconnectRequest)
        if fault == "unavailable":
            return node.refuse_request(request, "UNAVAILABLE")
        if fault == "silent":
            node.reactor.advance(10)
        elif fault == "shutdown":
            node.say(KickedNotice(reason="shutdown", message="because"))
        node.lose()

    def last_state(self, node: FakeNode) -> str:
        return str(node.events[-1].state.value)
