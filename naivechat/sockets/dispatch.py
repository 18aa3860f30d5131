"""From a request to the object that answers it, and from whatever that raises to an answer."""

import enum
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import attrs
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import ChatError
from naivechat.domain.measure import Measures
from naivechat.domain.ports import Clock
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.errors import ErrorCode, ProtocolError
from naivechat.protocol.heartbeat import answer_heartbeat
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import ErrorResponse
from naivechat.sockets import presenter
from naivechat.sockets.connection import Connection

REFUSAL_S = 0.01
"""How long a connection is not read after a request that was too much: whoever goes on all the same slows itself down alone."""

_log = Logger()


class Access(enum.Enum):
    """Who may make a request."""

    ANYBODY = enum.auto()
    BEFORE_LOGIN = enum.auto()
    LOGGED_IN = enum.auto()


class Handler(Protocol):
    """Answers one command."""

    async def answer(self, who: Any, request: Any) -> Packet | None:
        """Do what is asked.

        Args:
            who: the `Session` of whoever asks; the `Connection` where no login is needed.
            request: the packet of this handler's command.

        Returns:
            The answer, or None when the handler has written it by itself.

        Raises:
            ChatError: the request is refused.
        """


Reply: TypeAlias = Callable[[Packet | Exception | None], None]
"""Is called once, with what a `Handler` returns or raises."""


class SendHandler(Protocol):
    """Answers one command of those that are nearly all of a node's work: without a coroutine for each."""

    def begin(self, who: Any, request: Any, reply: Reply) -> None:
        """Do what is asked by a session, or a connection as in `Handler`, and say so by `reply`, now or later. ChatError: it is refused."""


@attrs.frozen
class Route:
    """How a command is answered. `queued`: it takes its place in the log's queue at once, the next packet need not wait."""

    handler: Handler
    access: Access = Access.LOGGED_IN
    queued: bool = False


@attrs.frozen
class SendRoute:
    """How a command is answered that is to be quick: a login is needed, or nothing."""

    handler: SendHandler
    access: Access = Access.LOGGED_IN
    queued: bool = True


class Dispatcher:
    """The table of all commands; what it answers is counted in `measures`. `wall_clock`: the time that heartbeats are told."""

    def __init__(
        self,
        routes: Mapping[Command, Route | SendRoute],
        wall_clock: Clock,
        measures: Measures | None = None,
    ) -> None:
        self._routes = dict(routes)
        self._wall_clock = wall_clock
        self._measures = measures or Measures()
        self._names = {command: name_of(command) for command in routes}
        self._heartbeat = name_of(Command.HEARTBEAT_REQUEST)
        # Each is there from the start: of what begins with 1 no rate tells.
        self._measures.requests.update(dict.fromkeys(self._names.values(), 0))
        self._measures.errors.update(dict.fromkeys((code.value for code in ErrorCode), 0))

    @property
    def commands(self) -> frozenset[Command]:
        """The requests that have a handler."""
        return frozenset(self._routes)

    def is_queued(self, command: Command) -> bool:
        """Whether the next packet of a connection may follow before this one is answered."""
        return self._routes[command].queued

    def begin(self, connection: Connection, request: Any, answered: Callable[[bytes], None]) -> None:
        """Answer a request: `answered` is called once, with a frame, or with b"" when that was written already. Never raises."""
        command, session = request.command, connection.session
        route = self._routes[command]
        self._measures.requests[self._names[command]] += 1
        if not isinstance(route, SendRoute) or (session is None and route.access is not Access.ANYBODY):
            Deferred.fromCoroutine(self._answer(connection, request, answered)).addErrback(_report)
            return

        def reply(answer: Packet | Exception | None) -> None:
            answered(self._frame_of(connection, request, answer))

        try:
            route.handler.begin(session or connection, request, reply)
        except Exception as error:
            reply(error)

    def answer_heartbeat(self, payload: bytes) -> bytes | None:
        """The frame that answers a HeartbeatRequest of this payload; None where that is to be decoded, and `begin` to answer."""
        answer = answer_heartbeat(payload, self._wall_clock())
        if answer is not None:
            self._measures.requests[self._heartbeat] += 1
        return answer

    def refuse(self, error: ProtocolError) -> bytes:
        """The frame that answers what is no request."""
        return encode_frame(self._refused(error.rid, error.code, error.message))

    async def _answer(self, connection: Connection, request: Any, answered: Callable[[bytes], None]) -> None:
        try:
            frame = self._frame_of(connection, request, await self._ask(connection, request))
        except Exception as error:
            frame = self._frame_of(connection, request, error)
        answered(frame)

    def _frame_of(self, connection: Connection, request: Any, answer: Packet | Exception | None) -> bytes:
        if isinstance(answer, Packet):
            return encode_frame(answer)
        if isinstance(answer, ChatError):
            self._measures.errors[answer.code] += 1
            if answer.limit:
                self._measures.refused[answer.limit] += 1
                connection.hold(REFUSAL_S)
            return encode_frame(presenter.refusal(request.rid, answer))
        if isinstance(answer, Exception):
            command = type(request).__name__
            _log.failure("{command} with rid {rid} failed", Failure(answer), command=command, rid=request.rid)
            return encode_frame(self._refused(request.rid, ErrorCode.INTERNAL, ChatError.sentence))
        return b""

    async def _ask(self, connection: Connection, request: Any) -> Packet | None:
        route = self._routes[request.command]
        session = connection.session
        if isinstance(route, SendRoute) or (route.access is Access.LOGGED_IN and session is None):
            return self._refused(request.rid, ErrorCode.NOT_LOGGED_IN, "Log in first.")
        if route.access is Access.LOGGED_IN:
            return await route.handler.answer(session, request)
        if session is not None and route.access is Access.BEFORE_LOGIN:
            return self._refused(request.rid, ErrorCode.ALREADY_LOGGED_IN, "This connection is logged in.")
        return await route.handler.answer(connection, request)

    def _refused(self, rid: int, code: ErrorCode, message: str) -> ErrorResponse:
        self._measures.errors[code.value] += 1
        return ErrorResponse(rid=rid, code=code.value, message=message)


def _report(failure: Failure) -> None:
    _log.failure("a request was not answered", failure)


def name_of(command: Command) -> str:
    """What a command is called in figures: `msg`, `create_group`."""
    return command.name.lower().removesuffix("_request")
