"""From a request to the object that answers it, and from whatever that raises to an answer."""

import enum
from collections.abc import Mapping
from typing import Any, Protocol

import attrs
from twisted.logger import Logger

from naivechat.domain.errors import ChatError
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import ErrorResponse
from naivechat.sockets import presenter
from naivechat.sockets.connection import Connection

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


@attrs.frozen
class Route:
    """How a command is answered. `queued`: it takes its place in the log's queue at once, the next packet need not wait."""

    handler: Handler
    access: Access = Access.LOGGED_IN
    queued: bool = False


class Dispatcher:
    """The table of all commands."""

    def __init__(self, routes: Mapping[Command, Route]) -> None:
        self._routes = dict(routes)

    @property
    def commands(self) -> frozenset[Command]:
        """The requests that have a handler."""
        return frozenset(self._routes)

    def is_queued(self, command: Command) -> bool:
        """Whether the next packet of a connection may follow before this one is answered."""
        return self._routes[command].queued

    async def answer(self, connection: Connection, request: Any) -> bytes:
        """The frame that answers a request, b"" when it was written already. Never raises."""
        try:
            answer = await self._answer(connection, request)
            return encode_frame(answer) if answer is not None else b""
        except ChatError as error:
            return encode_frame(presenter.refusal(request.rid, error))
        except Exception:
            command = type(request).__name__
            _log.failure("{command} with rid {rid} failed", command=command, rid=request.rid)
            return _error(request.rid, ErrorCode.INTERNAL, ChatError.sentence)

    async def _answer(self, connection: Connection, request: Any) -> Packet | None:
        route = self._routes[request.command]
        session = connection.session
        if route.access is Access.LOGGED_IN:
            if session is None:
                return _refused(request.rid, ErrorCode.NOT_LOGGED_IN, "Log in first.")
            return await route.handler.answer(session, request)
        if session is not None and route.access is Access.BEFORE_LOGIN:
            return _refused(request.rid, ErrorCode.ALREADY_LOGGED_IN, "This connection is logged in.")
        return await route.handler.answer(connection, request)


def _refused(rid: int, code: ErrorCode, message: str) -> ErrorResponse:
    return ErrorResponse(rid=rid, code=code.value, message=message)


def _error(rid: int, code: ErrorCode, message: str) -> bytes:
    return encode_frame(_refused(rid, code, message))
