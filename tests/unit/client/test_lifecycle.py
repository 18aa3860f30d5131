"""Logging in, staying connected, ending."""

from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import (
    ChatClient,
    Kicked,
    NotConnected,
    ReconnectPolicy,
    RequestRefused,
    ServerAddress,
    StateChanged,
    StateSynced,
    register,
)
from naivechat.protocol.session import (
    HeartbeatRequest,
    KickedNotice,
    LoginRequest,
    LogoutRequest,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from tests.unit.client.fake_node import TOKEN, FakeNode, login_response


class LifecycleTests(SynchronousTestCase):
    def node(self, **options: Any) -> FakeNode:
        node = FakeNode(**options)
        node.listen(StateChanged)
        return node

    def states(self, node: FakeNode) -> list[str]:
        return [event.state.value for event in node.events]

    def kick(self, node: FakeNode, reason: str) -> None:
        node.say(KickedNotice(reason=reason, message="because"))  # type: ignore[arg-type]
        node.lose()

    def test_the_first_login_is_by_password_and_the_next_by_token(self) -> None:
        node = self.node(device="phone")
        started = node.run(node.client.start())
        request = node.log_in()
        self.successResultOf(started)
        self.assertIsInstance(request, LoginRequest)
        self.assertEqual((request.user_id, request.password, request.device), ("me", "secret pw", "phone"))
        node.lose()
        request = node.come_back()
        self.assertIsInstance(request, ReconnectRequest)
        self.assertEqual(request.token, TOKEN)
        self.assertEqual(self.states(node), ["connecting", "online", "connecting", "online"])
        self.assertEqual((node.client.token, node.client.connection_state), (TOKEN, "online"))

    def test_a_refused_login_ends_the_start(self) -> None:
        for code, state in (
            ("AUTH_FAILED", "logged_out"),
            ("DISABLED", "kicked"),
            ("RATE_LIMITED", "offline"),
        ):
            node = self.node()
            started = node.run(node.client.start())
            node.accept()
            line = node.line
            node.refuse_request(node.take_one(LoginRequest), code)
            self.assertEqual(self.failureResultOf(started, RequestRefused).value.code, code)
            self.assertEqual(self.states(node)[-1], state)
            assert line is not None
            self.assertTrue(line.aborted)
            self.assertEqual(node.reactor.getDelayedCalls(), [])

    def test_without_a_node_the_start_fails_and_may_be_tried_again(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.refuse()
        self.failureResultOf(started, NotConnected)
        node.start()
        self.assertEqual(self.states(node), ["connecting", "offline", "connecting", "online"])

    def test_a_patient_start_waits_for_the_node(self) -> None:
        node = self.node()
        started = node.run(node.client.start(patient=True))
        node.refuse()
        node.reactor.advance(0.5)
        node.refuse()
        self.assertNoResult(started)
        node.reactor.advance(1)
        node.log_in()
        self.successResultOf(started)

    def test_starting_twice_is_an_error(self) -> None:
        node = self.node().start()
        self.failureResultOf(node.run(node.client.start()), RuntimeError)

    def test_the_next_host_is_tried_when_one_fails(self) -> None:
        node = self.node(address="me@127.0.0.1:1,127.0.0.1:2")
        started = node.run(node.client.start())
        node.refuse()
        node.log_in()
        self.successResultOf(started)
        self.assertEqual([client[1] for client in node.reactor.tcpClients], [1, 2])

    def test_the_delay_grows_to_a_minute(self) -> None:
        policy = ReconnectPolicy(draw=lambda: 0.0)
        self.assertEqual([policy.delay_s(n) for n in (1, 2, 3, 7, 8, 9999)], [0.5, 1, 2, 32, 60, 60])
        self.assertEqual(ReconnectPolicy(draw=lambda: 1.0).delay_s(1), 0.25)

    def test_another_node_need_not_be_waited_for(self) -> None:
        policy = ReconnectPolicy(first_delay_s=3.0, elsewhere_jitter_s=1.0, draw=lambda: 0.5, jitter=0.0)
        for address, delay_s in (("me@127.0.0.1:1", 3.0), ("me@127.0.0.1:1,127.0.0.1:2", 0.5)):
            node = self.node(address=address, policy=policy).start()
            node.lose()
            node.reactor.advance(delay_s - 0.1)
            self.assertEqual(len(node.reactor.tcpClients), 1)
            node.reactor.advance(0.2)
            node.log_in()
            self.assertEqual(self.states(node)[-1], "online")

    def test_an_expired_token_leads_to_the_password(self) -> None:
        node = self.node(token=b"old")
        started = node.run(node.client.start())
        node.accept()
        node.refuse_request(node.take_one(ReconnectRequest), "TOKEN_EXPIRED")
        node.answer(node.take_one(LoginRequest), login_response())
        self.successResultOf(started)

    def test_an_expired_token_without_a_password_logs_out(self) -> None:
        node = self.node(token=b"old", password=None)
        started = node.run(node.client.start())
        node.accept()
        node.refuse_request(node.take_one(ReconnectRequest), "TOKEN_EXPIRED")
        self.failureResultOf(started, RequestRefused)
        self.assertEqual(self.states(node)[-1], "logged_out")
        started = node.run(node.client.start())
        node.accept()
        self.failureResultOf(started, RequestRefused)

    def test_kicked_for_good_does_not_come_back(self) -> None:
        for reason in ("replaced", "admin", "disabled", "expired"):
            node = self.node().start()
            self.kick(node, reason)
            node.reactor.advance(600)
            self.assertEqual((self.states(node)[-1], len(node.reactor.tcpClients)), ("kicked", 1))
            failure = self.failureResultOf(node.run(node.client.typing(0, "li")), Kicked)
            self.assertEqual(failure.value.reason, reason)

    def test_kicked_for_now_comes_back(self) -> None:
        for reason in ("shutdown", "slow", "idle"):
            node = self.node().start()
            self.kick(node, reason)
            node.come_back()
            self.assertEqual(self.states(node)[-1], "online")

    def test_a_silent_node_is_left(self) -> None:
        node = self.node().start()
        node.reactor.advance(30)
        node.take_one(HeartbeatRequest)
        node.reactor.advance(10)
        assert node.line is not None
        self.assertTrue(node.line.aborted)

    def test_stopping_closes_the_connection_and_leaves_nothing(self) -> None:
        node = self.node().start()
        stopped = node.run(node.client.stop())
        node.reactor.advance(0)
        assert node.line is not None
        self.assertTrue(node.line.disconnecting)
        node.lose()
        self.successResultOf(stopped)
        self.assertEqual((self.states(node)[-1], node.reactor.getDelayedCalls()), ("offline", []))

    def test_stopping_while_waiting_or_logging_in_leaves_nothing(self) -> None:
        for has_line in (False, True):
            node = self.node().start()
            node.lose()
            if has_line:
                node.reactor.advance(1)
                node.accept()
            stopped = node.run(node.client.stop())
            node.reactor.advance(0)
            self.successResultOf(stopped)
            if has_line:
                node.lose()
            self.assertEqual((self.states(node)[-1], node.reactor.getDelayedCalls()), ("offline", []))

    def test_stopping_while_connecting_leaves_nothing(self) -> None:
        node = self.node(address="me@127.0.0.1:1,127.0.0.1:2").start()
        node.lose()
        node.reactor.advance(1)
        stopped = node.run(node.client.stop())
        node.reactor.advance(0)
        self.successResultOf(stopped)
        node.reactor.advance(600)
        self.assertEqual((self.states(node)[-1], len(node.reactor.tcpClients)), ("offline", 2))

    def test_who_ends_listening_while_others_are_told_hears_it_no_more(self) -> None:
        node = self.node()
        ends: list[Any] = []
        node.client.on(StateChanged, lambda _: ends.pop()() if ends else None)
        ends.append(node.client.on(StateChanged, lambda _: self.fail("it was told")))
        node.start()

    def test_stopping_in_a_listener_is_allowed(self) -> None:
        node = self.node().start()

        async def stop(event: StateChanged) -> None:
            if event.state == "connecting":
                await node.client.stop()

        node.client.on(StateChanged, stop)
        node.lose()
        node.reactor.advance(60)
        self.assertEqual((self.states(node)[-1], node.reactor.getDelayedCalls()), ("offline", []))

    def test_stopping_while_starting_fails_the_start(self) -> None:
        node = self.node()
        started = node.run(node.client.start())
        node.run(node.client.stop())
        node.reactor.advance(0)
        self.failureResultOf(started, NotConnected)

    def test_logging_out_gives_the_token_back(self) -> None:
        node = self.node().start()
        leaving = node.run(node.client.logout())
        node.ok(node.take_one(LogoutRequest))
        node.reactor.advance(0)
        node.lose()
        self.successResultOf(leaving)
        self.assertEqual((node.client.token, self.states(node)[-1]), (None, "logged_out"))

    def test_logging_out_works_without_a_node(self) -> None:
        node = self.node().start()
        node.lose()
        leaving = node.run(node.client.logout())
        node.reactor.advance(0)
        self.successResultOf(leaving)
        self.assertEqual(self.states(node)[-1], "logged_out")

    def test_a_listener_that_has_ended_hears_nothing(self) -> None:
        node = self.node()
        heard: list[Any] = []
        node.client.on(StateSynced, heard.append)()
        node.start()
        self.assertEqual(heard, [])

    def test_another_packet_than_the_answer_is_an_error(self) -> None:
        node = self.node()
        node.run(node.client.start()).addErrback(lambda failure: node.events.append(failure.value))
        node.accept()
        node.ok(node.take_one(LoginRequest))
        self.assertIn("OkResponse", str(node.events[-1]))


class RegistrationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode()
        address = ServerAddress.parse("127.0.0.1")
        self.registering = Deferred.fromCoroutine(
            register(self.node.reactor, address, "me", "secret pw", "Me")
        )

    def test_an_account_is_opened_on_a_connection_of_its_own(self) -> None:
        self.node.accept()
        request = self.node.take_one(RegisterRequest)
        self.assertEqual((request.user_id, request.nickname), ("me", "Me"))
        self.node.answer(request, OkResponse(rid=0))
        self.node.lose()
        self.successResultOf(self.registering)

    def test_a_refusal_is_raised(self) -> None:
        self.node.accept()
        self.node.refuse_request(self.node.take_one(RegisterRequest), "USER_EXISTS")
        self.node.lose()
        self.failureResultOf(self.registering, RequestRefused)

    def test_without_a_node_it_fails(self) -> None:
        self.node.refuse()
        self.failureResultOf(self.registering, NotConnected)

    def test_the_next_host_is_tried_when_one_does_not_answer(self) -> None:
        address = ServerAddress.parse("127.0.0.1:1,127.0.0.1:2")
        registering = Deferred.fromCoroutine(register(self.node.reactor, address, "me", "secret pw", "Me"))
        self.node.refuse()
        self.node.accept()
        self.node.ok(self.node.take_one(RegisterRequest))
        self.node.lose()
        self.successResultOf(registering)


@pytest.mark.parametrize("text", ["me@chat.example", "me@127.0.0.1", "me@[::1]", "tls:me@127.0.0.1"])
def test_a_client_is_made_for_any_kind_of_address(text: str) -> None:
    client = ChatClient(MemoryReactorClock(), ServerAddress.parse(text), password="secret pw")
    assert client.user_id == "me"
