from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client.connection import Connection
from naivechat.client.errors import Kicked, NotConnected, RequestRefused, Stopped
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.errors import NEEDS_TLS
from naivechat.protocol.friend import PresenceNotice
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    KickedNotice,
    OkResponse,
)
from tests.unit.client.fake_node import Line


class ConnectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.pushes: list[Any] = []
        self.connection = Connection(self.clock, self.pushes.append)
        self.line = Line()
        self.connection.makeConnection(self.line)

    def say(self, packet: Any) -> None:
        self.connection.dataReceived(encode_frame(packet))

    def lose(self) -> None:
        self.connection.connectionLost(Failure(ConnectionDone()))

    def request(self) -> Any:
        return self.connection.request(HeartbeatRequest(rid=0))

    def test_answers_find_their_requests_in_any_order(self) -> None:
        first, second = self.request(), self.request()
        self.say(OkResponse(rid=2))
        self.say(HeartbeatResponse(rid=1, server_time=5))
        self.assertEqual(self.successResultOf(first), HeartbeatResponse(rid=1, server_time=5))
        self.assertEqual(self.successResultOf(second), OkResponse(rid=2))

    def test_an_error_response_fails_its_request(self) -> None:
        answer = self.request()
        self.say(ErrorResponse(rid=1, code="RATE_LIMITED", message="slowly", retry_after_ms=70))
        error = self.failureResultOf(answer, RequestRefused).value
        self.assertEqual((error.code, error.message, error.retry_after_ms), ("RATE_LIMITED", "slowly", 70))
        self.assertTrue(error.is_temporary)
        self.assertIn("slowly", str(error))

    def test_a_password_that_needs_tls_is_told_from_whatever_else_is_forbidden(self) -> None:
        self.assertTrue(RequestRefused("FORBIDDEN", NEEDS_TLS).needs_tls)
        self.assertFalse(RequestRefused("FORBIDDEN", "This node takes no registrations.").needs_tls)
        self.assertFalse(RequestRefused("DISABLED", NEEDS_TLS).needs_tls)

    def test_no_answer_in_time_fails_the_request_and_a_late_one_is_dropped(self) -> None:
        answer = self.request()
        self.clock.advance(15)
        self.failureResultOf(answer, NotConnected)
        self.say(OkResponse(rid=1))
        self.assertFalse(self.line.aborted)

    def test_pushes_go_to_the_callback(self) -> None:
        notice = PresenceNotice(user_id="li", online=True)
        self.say(notice)
        self.assertEqual(self.pushes, [notice])

    def test_the_end_is_told_before_waiting_requests_fail(self) -> None:
        order: list[str] = []
        self.connection.when_closed().addCallback(lambda _: order.append("closed"))
        self.request().addErrback(lambda _: order.append("failed"))
        self.lose()
        self.assertEqual(order, ["closed", "failed"])
        self.failureResultOf(self.request(), NotConnected)
        self.assertIsInstance(self.successResultOf(self.connection.when_closed()), NotConnected)

    def test_being_kicked_is_why_everything_fails(self) -> None:
        answer = self.request()
        self.say(KickedNotice(reason="slow", message="you do not read"))
        self.assertTrue(self.line.aborted)
        self.say(PresenceNotice(user_id="li", online=True))
        self.lose()
        self.assertEqual(self.failureResultOf(answer, Kicked).value.reason, "slow")
        self.assertEqual(self.pushes, [])

    def test_a_malformed_frame_ends_the_connection(self) -> None:
        self.connection.dataReceived(b"\0\0\0\2\2x")
        self.assertTrue(self.line.aborted)

    def test_a_frame_over_the_limit_ends_the_connection(self) -> None:
        self.connection.dataReceived(b"\xff\xff\xff\xff")
        self.assertTrue(self.line.aborted)

    def test_unknown_commands_and_errors_without_request_are_passed_over(self) -> None:
        self.connection.dataReceived(b"\0\0\0\2\xf0\xa0")
        self.say(ErrorResponse(rid=0, code="BAD_FRAME", message="what?"))
        self.assertEqual((self.pushes, self.line.aborted), ([], False))

    def test_the_heartbeat_keeps_asking(self) -> None:
        self.connection.start_heartbeat(30)
        self.assertEqual(self.line.value(), b"")
        self.clock.advance(30)
        self.assertEqual(self.line.value()[4], Command.HEARTBEAT_REQUEST)
        self.say(HeartbeatResponse(rid=1, server_time=1))
        self.clock.advance(15)
        self.assertFalse(self.line.aborted)
        self.lose()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_node_that_does_not_answer_the_heartbeat_is_dropped(self) -> None:
        self.connection.start_heartbeat(30)
        self.clock.advance(30)
        self.clock.advance(9.9)
        self.assertFalse(self.line.aborted)
        self.clock.advance(0.1)
        self.assertTrue(self.line.aborted)

    def test_a_node_that_is_silent_while_a_request_waits_is_asked_soon(self) -> None:
        self.connection.start_heartbeat(30)
        answer = self.request()
        self.line.clear()
        self.clock.advance(5)
        self.assertEqual(self.line.value()[4], Command.HEARTBEAT_REQUEST)
        self.clock.advance(9.9)
        self.assertFalse(self.line.aborted)
        self.clock.advance(0.1)
        self.assertTrue(self.line.aborted)
        self.lose()
        self.failureResultOf(answer, NotConnected)

    def test_a_node_that_speaks_while_a_request_waits_is_asked_when_it_falls_silent(self) -> None:
        self.connection.start_heartbeat(30)
        answer = self.request()
        self.clock.advance(3)
        self.say(PresenceNotice(user_id="li", online=True))
        self.line.clear()
        self.clock.pump([2, 2.9])
        self.assertEqual(self.line.value(), b"")
        self.clock.advance(0.1)
        self.assertEqual(self.line.value()[4], Command.HEARTBEAT_REQUEST)
        self.say(HeartbeatResponse(rid=2, server_time=1))
        self.clock.advance(6)
        self.assertFalse(self.line.aborted)
        self.lose()
        self.failureResultOf(answer, NotConnected)

    def test_a_node_that_has_answered_is_left_in_peace(self) -> None:
        self.connection.start_heartbeat(30)
        answer = self.request()
        self.say(OkResponse(rid=1))
        self.successResultOf(answer)
        self.line.clear()
        self.clock.pump([5, 5, 5, 5])
        self.assertEqual(self.line.value(), b"")

    def test_closing_waits_for_the_end_and_aborts_when_it_does_not_come(self) -> None:
        closing = Deferred.fromCoroutine(self.connection.close(Stopped("enough")))
        self.assertTrue(self.line.disconnecting)
        self.assertNoResult(closing)
        self.clock.advance(5)
        self.assertTrue(self.line.aborted)
        self.lose()
        self.successResultOf(closing)

    def test_rids_are_used_again_after_the_greatest(self) -> None:
        self.connection._last_rid = 2**32 - 1
        answer = self.request()
        self.say(OkResponse(rid=1))
        self.successResultOf(answer)
