"""From a request to its answer: who may ask, what counts, and what becomes of an error."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from twisted.logger import formatEvent

from naivechat.domain.errors import ChatError, NotFound, RateLimited
from naivechat.domain.measure import Measures
from naivechat.protocol.codec import decode, encode
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest, HeartbeatResponse, OkResponse
from naivechat.sockets.dispatch import REFUSAL_S, Access, Dispatcher, Route, SendRoute
from tests.fakes import SetClock
from tests.logs import logged_errors
from tests.unit.sockets.sessions import make_session

REQUEST = HeartbeatRequest(rid=7)
OK = OkResponse(rid=7)


@attrs.define
class Connection:
    """As much of a connection as a dispatcher asks for."""

    session: Any = None
    held_s: list[float] = attrs.Factory(list)

    def hold(self, seconds: float) -> None:
        self.held_s.append(seconds)


@attrs.define
class Handler:
    """Answers, or raises, as either kind of handler, and remembers who asked."""

    outcome: Packet | Exception | None = OK
    asked_by: list[Any] = attrs.Factory(list)

    async def answer(self, who: Any, request: Any) -> Packet | None:
        self.asked_by.append(who)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def begin(self, who: Any, request: Any, reply: Callable[[Packet | Exception | None], None]) -> None:
        self.asked_by.append(who)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        reply(self.outcome)


BOTH_KINDS = pytest.mark.parametrize("kind", [Route, SendRoute])


def answer_to(connection: Connection, route: Route | SendRoute, measures: Measures | None = None) -> Any:
    """What a connection's one request is answered with; b"" when nothing is to be written."""
    frames: list[bytes] = []
    dispatcher = Dispatcher({Command.HEARTBEAT_REQUEST: route}, SetClock(), measures)
    dispatcher.begin(connection, REQUEST, frames.append)  # type: ignore[arg-type]  # a fake
    (frame,) = frames
    return decode(frame[4], frame[5:]) if frame else frame


def code_of(packet: Any) -> str:
    return packet.code if isinstance(packet, ErrorResponse) else ""


@pytest.mark.parametrize(
    ("kind", "access", "before_login", "after_login"),
    [
        (Route, Access.ANYBODY, "", ""),
        (Route, Access.BEFORE_LOGIN, "", "ALREADY_LOGGED_IN"),
        (Route, Access.LOGGED_IN, "NOT_LOGGED_IN", ""),
        (SendRoute, Access.ANYBODY, "", ""),
        (SendRoute, Access.LOGGED_IN, "NOT_LOGGED_IN", ""),
    ],
)
def test_who_may_not_ask_is_refused_and_the_handler_hears_nothing(
    kind: Any, access: Access, before_login: str, after_login: str
) -> None:
    for session, code in ((None, before_login), (make_session("ann"), after_login)):
        handler = Handler()
        answer = answer_to(Connection(session), kind(handler, access))
        assert (code_of(answer), answer.rid) == (code, 7)
        assert len(handler.asked_by) == (not code)


@BOTH_KINDS
def test_a_login_is_needed_where_nothing_else_is_said(kind: Any) -> None:
    assert code_of(answer_to(Connection(), kind(Handler()))) == "NOT_LOGGED_IN"


def test_who_asks_is_the_session_or_where_none_is_needed_the_connection() -> None:
    stranger, member = Connection(), Connection(make_session("ann"))
    for kind, access, connection, who in (
        (Route, Access.LOGGED_IN, member, member.session),
        (Route, Access.BEFORE_LOGIN, stranger, stranger),
        (Route, Access.ANYBODY, member, member),
        (SendRoute, Access.LOGGED_IN, member, member.session),
        (SendRoute, Access.ANYBODY, member, member.session),
        (SendRoute, Access.ANYBODY, stranger, stranger),
    ):
        handler = Handler()
        answer_to(connection, kind(handler, access))
        assert handler.asked_by == [who]


@BOTH_KINDS
def test_what_a_handler_has_written_by_itself_is_not_answered(kind: Any) -> None:
    assert answer_to(Connection(make_session("ann")), kind(Handler(None))) == b""


@BOTH_KINDS
def test_a_refusal_is_answered_and_counted_by_its_code(kind: Any) -> None:
    connection, measures = Connection(make_session("ann")), Measures()
    answer = answer_to(connection, kind(Handler(NotFound("There is none."))), measures)
    assert (answer.code, answer.message, answer.rid) == ("NOT_FOUND", "There is none.", 7)
    assert (measures.errors["NOT_FOUND"], measures.errors.total()) == (1, 1)
    assert measures.requests == {"heartbeat": 1}
    assert (measures.refused.total(), connection.held_s) == (0, [])


@BOTH_KINDS
def test_what_is_too_much_is_counted_by_the_limit_and_holds_the_connection_up(kind: Any) -> None:
    connection, measures = Connection(make_session("ann")), Measures()
    refusal = RateLimited(retry_after_ms=50, limit="messages")
    answer = answer_to(connection, kind(Handler(refusal)), measures)
    assert (answer.code, answer.retry_after_ms) == ("RATE_LIMITED", 50)
    assert (measures.refused["messages"], measures.refused.total()) == (1, 1)
    assert connection.held_s == [REFUSAL_S]


@BOTH_KINDS
def test_a_fault_is_answered_without_its_words_and_logged_with_them(kind: Any) -> None:
    measures = Measures()
    answer = answer_to(Connection(make_session("ann")), kind(Handler(ZeroDivisionError("x"))), measures)
    assert (answer.code, answer.rid, answer.message) == ("INTERNAL", 7, ChatError.sentence)
    assert measures.errors["INTERNAL"] == 1
    (event,) = logged_errors.flush(ZeroDivisionError)
    assert formatEvent(event) == "HeartbeatRequest with rid 7 failed"


def test_the_table_says_which_commands_there_are_and_which_need_not_wait() -> None:
    routes: dict[Command, Route | SendRoute] = {
        Command.HEARTBEAT_REQUEST: SendRoute(Handler(), queued=False),
        Command.MSG_REQUEST: SendRoute(Handler()),
        Command.READ_REQUEST: Route(Handler(), queued=True),
        Command.HISTORY_REQUEST: Route(Handler()),
    }
    dispatcher = Dispatcher(routes, SetClock())
    assert dispatcher.commands == set(routes)
    queued = {command for command in routes if dispatcher.is_queued(command)}
    assert queued == {Command.MSG_REQUEST, Command.READ_REQUEST}


def test_a_heartbeat_is_counted_and_told_the_time_and_another_payload_is_left_to_the_decoder() -> None:
    clock, measures = SetClock(), Measures()
    dispatcher = Dispatcher(
        {Command.HEARTBEAT_REQUEST: SendRoute(Handler(), Access.ANYBODY)}, clock, measures
    )
    frame = dispatcher.answer_heartbeat(encode(REQUEST))
    assert frame is not None
    assert decode(frame[4], frame[5:]) == HeartbeatResponse(rid=7, server_time=clock())
    assert dispatcher.answer_heartbeat(b"no map") is None
    assert measures.requests["heartbeat"] == 1


def test_an_answer_that_cannot_be_written_is_logged() -> None:
    dispatcher = Dispatcher({Command.HEARTBEAT_REQUEST: Route(Handler(), Access.ANYBODY)}, SetClock())
    dispatcher.begin(Connection(), REQUEST, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    (event,) = logged_errors.flush(ZeroDivisionError)
    assert formatEvent(event) == "a request was not answered"
