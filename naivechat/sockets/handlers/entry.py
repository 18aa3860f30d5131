"""Handlers that passwords and tokens come to: whether passwords are taken over this connection, and how often from this address."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

import attrs
from twisted.logger import Logger

from naivechat.application.entry_guard import EntryGuard
from naivechat.domain.errors import Forbidden, TokenExpired
from naivechat.protocol.command import Command
from naivechat.protocol.errors import NEEDS_TLS
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import ChangePasswordRequest
from naivechat.protocol.session import LoginRequest, ReconnectRequest, RegisterRequest
from naivechat.sockets.connection import Connection
from naivechat.sockets.dispatch import Route, SendRoute
from naivechat.sockets.session import Session

_log = Logger()


def log_guesses(user_id: str, address: str) -> None:
    """Somebody has given too many wrong passwords: told as a line that programs may look for."""
    _log.warn(
        "too many wrong passwords for {user_id} from {address}: no other is looked at for a while",
        user_id=user_id or "nobody",
        address=address or "this machine",
    )


class Answering(Protocol):
    """What answers a request, of a connection or of a session."""

    def answer(self, who: Any, request: Any) -> Coroutine[Any, Any, Packet | None]:
        """As `dispatch.Handler`."""


@attrs.frozen
class Private:
    """Hands on what comes over TLS, or over no network at all. Forbidden otherwise, before anything is looked at."""

    _handler: Answering

    async def answer(self, who: Connection | Session, request: Any) -> Packet | None:
        """As the handler within."""
        line = who.line if isinstance(who, Session) else who
        if not line.is_private:
            raise Forbidden(NEEDS_TLS)
        return await self._handler.answer(who, request)


@attrs.frozen
class GuardedLogin:
    """LoginRequest, as often as the guard allows."""

    _handler: Answering
    _guard: EntryGuard

    async def answer(self, connection: Connection, request: LoginRequest) -> Packet | None:
        """As the handler within. RateLimited."""
        with self._guard.checking(request.user_id, connection.address):
            return await self._handler.answer(connection, request)


@attrs.frozen
class GuardedReconnect:
    """ReconnectRequest: a token is always looked at, but whoever brings wrong ones does so slowly."""

    _handler: Answering
    _guard: EntryGuard

    async def answer(self, connection: Connection, request: ReconnectRequest) -> Packet | None:
        """As the handler within."""
        try:
            return await self._handler.answer(connection, request)
        except TokenExpired:
            connection.hold(self._guard.wrong_token_s)
            raise


@attrs.frozen
class GuardedRegister:
    """RegisterRequest, as often as the guard allows."""

    _handler: Answering
    _guard: EntryGuard

    async def answer(self, connection: Connection, request: RegisterRequest) -> Packet | None:
        """As the handler within. RateLimited."""
        with self._guard.registering(connection.address):
            return await self._handler.answer(connection, request)


@attrs.frozen
class GuardedChange:
    """ChangePasswordRequest, as often as the guard allows: whoever finds an open session is not to guess the password there."""

    _handler: Answering
    _guard: EntryGuard

    async def answer(self, session: Session, request: ChangePasswordRequest) -> Packet | None:
        """As the handler within. RateLimited."""
        with self._guard.checking(session.user_id, session.line.address):
            return await self._handler.answer(session, request)


def guarded(
    routes: Mapping[Command, Route | SendRoute], guard: EntryGuard, *, plain_passwords: bool
) -> dict[Command, Route | SendRoute]:
    """The same routes with the guard before logins and passwords; without `plain_passwords` passwords need TLS, too."""
    kinds: dict[Command, Callable[[Answering, EntryGuard], Answering]] = {
        Command.LOGIN_REQUEST: GuardedLogin,
        Command.REGISTER_REQUEST: GuardedRegister,
        Command.CHANGE_PASSWORD_REQUEST: GuardedChange,
    }
    found = dict(routes)
    slow = {command: route for command, route in routes.items() if isinstance(route, Route)}
    reconnect = slow[Command.RECONNECT_REQUEST]
    found[Command.RECONNECT_REQUEST] = attrs.evolve(
        reconnect, handler=GuardedReconnect(reconnect.handler, guard)
    )
    for command, kind in kinds.items():
        handler = kind(slow[command].handler, guard)
        found[command] = attrs.evolve(slow[command], handler=handler if plain_passwords else Private(handler))
    return found
