"""Registering, logging in and out, heartbeats."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import attrs

from naivechat.application.accounts import Accounts
from naivechat.application.groups import Groups
from naivechat.application.presence import Presence
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.domain.errors import ChatError
from naivechat.domain.group import GroupId
from naivechat.domain.ports import Clock, Snapshot
from naivechat.domain.session import DEFAULT_DEVICE, SessionId, Ticket
from naivechat.domain.talk import TalkId, talk_id_of
from naivechat.domain.user import UserId
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.frame import MAX_FRAME
from naivechat.protocol.session import (
    HeartbeatRequest,
    HeartbeatResponse,
    LoginRequest,
    LoginResponse,
    LogoutRequest,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets import presenter
from naivechat.sockets.connection import Connection
from naivechat.sockets.dispatch import Reply
from naivechat.sockets.neighbours import Neighbours
from naivechat.sockets.registry import Registry
from naivechat.sockets.reporter import PresenceReporter
from naivechat.sockets.session import Session
from naivechat.sockets.turnstile import Turnstile

HEARTBEAT_MS: Final = 30_000


def make_session_id() -> SessionId:
    """A new session's name."""
    return SessionId(secrets.token_hex(16))


@attrs.frozen
class Register:
    """RegisterRequest: a new account."""

    _accounts: Accounts

    async def answer(self, connection: Connection, request: RegisterRequest) -> OkResponse:
        """As `Accounts.register`."""
        user_id = UserId(request.user_id)
        await self._accounts.register(user_id, request.password, request.nickname, request.avatar or "")
        return OkResponse(rid=request.rid)


@attrs.frozen(kw_only=True)
class Welcome:
    """What follows a successful login, by password or by token.

    The session is bound before the state is read, and pushes wait until that was written: so nothing falls between them.
    """

    _sessions: Sessions
    _talks: Talks
    _groups: Groups
    _presence: Presence
    _registry: Registry
    _reporter: PresenceReporter
    _clock: Clock
    _neighbours: Neighbours
    _make_session_id: Callable[[], SessionId] = make_session_id

    async def greet(self, connection: Connection, rid: int, ticket: Ticket) -> None:
        """Bind, read, answer, and release what has come meanwhile. A failure undoes the login."""
        session = connection.open_session(self._make_session_id(), ticket)
        if session is None:
            return
        try:
            covered, frame = await self._prepare(session, rid, ticket, connection.is_local)
        except BaseException:
            connection.abandon_session()
            raise
        connection.login_done()
        connection.write(frame)
        if not session.release(covered):
            connection.write(encode_frame(SyncNotice()))

    async def _prepare(
        self, session: Session, rid: int, ticket: Ticket, is_local: bool
    ) -> tuple[dict[TalkId, int], bytes]:
        self._registry.bind(session)
        snapshot = await self._first_view(session, ticket.heads)
        if not self._registry.hears_groups(session, snapshot.groups):
            # Somebody came into a group after the ticket was given, and before the session was bound.
            heads = await self._groups.list_heads(session.user_id)
            snapshot = await self._first_view(session, heads)
        friend_ids = tuple(friend.user.user_id for friend in snapshot.friends)
        self._reporter.introduce(session.user_id, friend_ids)
        online = await self._presence.online_among(friend_ids)
        await self._sessions.opened(session.user_id, session.device, session.login_no)
        response = LoginResponse(
            rid=rid,
            user=presenter.user_record(ticket.user),
            token=ticket.token,
            expires_at=ticket.expires_at_ms,
            server_time=self._clock(),
            node=self._neighbours.name,
            heartbeat_ms=HEARTBEAT_MS,
            max_frame=MAX_FRAME,
            nodes=self._neighbours.addresses_for(is_local) or None,
            **presenter.snapshot_records(snapshot, online),
        )
        return _covered(session.user_id, snapshot), encode_frame(response)

    async def _first_view(self, session: Session, heads: Mapping[GroupId, int]) -> Snapshot:
        self._registry.bind_groups(session, heads)
        await self._registry.confirmed(session)
        snapshot = await self._talks.snapshot(session.user_id)
        self._registry.keep_groups(session, heads, {group.group_id for group in snapshot.groups})
        return snapshot


def _covered(user_id: UserId, snapshot: Snapshot) -> dict[TalkId, int]:
    return {talk_id_of(user_id, talk.address): talk.last_seq for talk in snapshot.talks.talks}


@attrs.frozen
class Login:
    """LoginRequest: by password."""

    _sessions: Sessions
    _welcome: Welcome

    async def answer(self, connection: Connection, request: LoginRequest) -> None:
        """As `Sessions.login`, then the welcome."""
        device = request.device or DEFAULT_DEVICE
        ticket = await self._sessions.login(UserId(request.user_id), request.password, device)
        await self._welcome.greet(connection, request.rid, ticket)


@attrs.frozen
class Reconnect:
    """ReconnectRequest: by the token of an earlier login."""

    _sessions: Sessions
    _welcome: Welcome

    async def answer(self, connection: Connection, request: ReconnectRequest) -> None:
        """As `Sessions.reconnect`, then the welcome."""
        device = request.device or DEFAULT_DEVICE
        ticket = await self._sessions.reconnect(UserId(request.user_id), request.token, device)
        await self._welcome.greet(connection, request.rid, ticket)


class LoginHandler(Protocol):
    """Logs somebody in."""

    async def answer(self, connection: Connection, request: Any) -> None:
        """The login, and what follows it. ChatError when it is refused."""


@attrs.frozen
class InTurn:
    """A login that waits for its turn; one whose peer has gone meanwhile is not begun."""

    _login: LoginHandler
    _turnstile: Turnstile

    async def answer(self, connection: Connection, request: Any) -> None:
        """As the login itself. Unavailable when its turn does not come in time."""
        has_waited = await self._turnstile.enter()
        try:
            if not (has_waited and connection.is_over):
                await self._login.answer(connection, request)
        finally:
            self._turnstile.leave()


@attrs.frozen
class Counted:
    """A login that is counted by its outcome: `ok`, or the refusal's code in small letters. Whose peer has gone is not counted."""

    _login: LoginHandler
    _outcomes: Counter[str]

    async def answer(self, connection: Connection, request: Any) -> None:
        """As the login itself."""
        try:
            await self._login.answer(connection, request)
        except ChatError as error:
            self._outcomes[error.code.lower()] += 1
            raise
        if connection.session is not None:
            self._outcomes["ok"] += 1


@attrs.frozen
class Logout:
    """LogoutRequest: the token is revoked and the connection closed, after what it has in the log's queue."""

    _sessions: Sessions

    async def answer(self, session: Session, request: LogoutRequest) -> None:
        """As `Sessions.logout`."""
        await session.line.settled()
        await self._sessions.logout(session.token_hash)
        session.line.close(encode_frame(OkResponse(rid=request.rid)))


@attrs.frozen
class Heartbeat:
    """HeartbeatRequest: the node is there."""

    _clock: Clock

    def begin(self, who: object, request: HeartbeatRequest, reply: Reply) -> None:
        """The node's time, at once."""
        reply(HeartbeatResponse(rid=request.rid, server_time=self._clock()))
