"""Makes connections, and ends them all when the node stops or is drained."""

from collections import Counter
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IReactorTime, ISSLTransport
from twisted.internet.protocol import Protocol, ServerFactory

from naivechat.domain.errors import LimitReached
from naivechat.domain.limits import Limits
from naivechat.domain.session import EndReason
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.sockets import presenter
from naivechat.sockets.admission import NEW_CONNECTIONS, Admission
from naivechat.sockets.connection import Connection
from naivechat.sockets.dispatch import Dispatcher
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session
from naivechat.sockets.turn import Turn
from naivechat.sockets.vigil import Vigil

DRAIN_TIMEOUT_S = 6.0
"""Then connections are cut off: what stops after them needs time too, and a node has 10 s in all."""
LAST_ANSWERS_S = 3.0
"""How long of that a drain waits for requests under way."""


class _Closed(Protocol):
    """Closes at once, with a word where that costs no handshake.

    Not None, which Twisted's wrappers for TLS and PROXY headers cannot bear.
    """

    transport: Any

    def __init__(self, farewell: bytes = b"") -> None:
        self._farewell = farewell

    def connectionMade(self) -> None:
        if self._farewell and not ISSLTransport.providedBy(self.transport):
            self.transport.write(self._farewell)
            self.transport.loseConnection()
        else:
            self.transport.abortConnection()


class ChatFactory(ServerFactory):
    """The server's side of all connections of a node."""

    noisy = False

    def __init__(
        self,
        dispatcher: Dispatcher,
        registry: Registry,
        clock: IReactorTime,
        *,
        limits: Limits,
        admission: Admission,
        refused: Counter[str],
    ) -> None:
        self._dispatcher = dispatcher
        self._registry = registry
        self._clock = clock
        self._limits = limits
        self._admission = admission
        self._refused = refused
        self._turn = Turn(clock)
        self._vigil = Vigil(clock)
        self._connections: set[Connection] = set()
        self._paused = False
        self._leaving = False
        self._departures: list[_Departure] = []

    @property
    def connection_count(self) -> int:
        """How many connections there are, logged in or not."""
        return len(self._connections)

    @property
    def commands(self) -> frozenset[Command]:
        """The requests that are answered."""
        return self._dispatcher.commands

    def buildProtocol(self, addr: IAddress | None) -> Connection | _Closed:
        if self._paused or self._leaving:
            return _Closed()
        try:
            self._admission.open(len(self._connections))
        except LimitReached as refusal:
            return _Closed(encode_frame(presenter.refusal(0, refusal)))
        connection = Connection(self._dispatcher, self, self._clock, self._turn, self._vigil, self._limits)
        connection.factory = self
        self._connections.add(connection)
        return connection

    def connection_made(self, connection: Connection) -> None:
        """A transport is there: one too many is told so and closed."""
        address = connection.address if connection.is_introduced else None
        try:
            self._admission.admit(connection, address, self._registry.session_count)
        except LimitReached as refusal:
            _turn_away(connection, refusal)

    def connection_introduced(self, connection: Connection) -> None:
        """A balancer has said for whom it speaks."""
        try:
            self._admission.place(connection, connection.address)
        except LimitReached as refusal:
            _turn_away(connection, refusal)

    def bytes_refused(self) -> None:
        """A connection has to wait, for it sends too fast."""
        self._refused["bytes"] += 1

    def session_ended(self, session: Session) -> None:
        """A session ends: nothing is sent to it any more."""
        self._registry.unbind(session)

    def connection_gone(self, connection: Connection) -> None:
        """A connection is closed."""
        self._connections.discard(connection)
        self._admission.left(connection)
        for departure in tuple(self._departures):
            departure.gone(connection)

    async def drain(self) -> None:
        """The node leaves: take no more requests; answer those under way; tell everybody `shutdown`; close.

        Ends within 6 s, whatever peers do.
        """
        self._leaving = True
        await self._let_go()

    async def pause(self) -> None:
        """As `drain`, but the node stays, and may `resume`."""
        self._paused = True
        await self._let_go()

    def resume(self) -> bool:
        """Take connections again after `pause`; False where the node leaves."""
        self._paused = False
        return not self._leaving

    async def _let_go(self) -> None:
        if not self._connections:
            return
        departure = _Departure(set(self._connections))
        self._departures.append(departure)
        calls = (
            self._clock.callLater(LAST_ANSWERS_S, departure.kick),
            self._clock.callLater(DRAIN_TIMEOUT_S, departure.abort),
        )
        for connection in tuple(self._connections):
            connection.drain()
        await departure.all_gone
        self._departures.remove(departure)
        for call in calls:
            if call.active():
                call.cancel()


def _turn_away(connection: Connection, refusal: LimitReached) -> None:
    if refusal.limit == NEW_CONNECTIONS and ISSLTransport.providedBy(connection.transport):
        connection.abort()  # a word costs a handshake, and handshakes are what the limit is for
        return
    connection.close(encode_frame(presenter.refusal(0, refusal)))


@attrs.define(eq=False)
class _Departure:
    """Connections that are let go together; others may come meanwhile, on a node that resumes."""

    remaining: set[Connection]
    all_gone: Deferred[None] = attrs.Factory(Deferred)

    def gone(self, connection: Connection) -> None:
        self.remaining.discard(connection)
        if not self.remaining and not self.all_gone.called:
            self.all_gone.callback(None)

    def kick(self) -> None:
        for connection in tuple(self.remaining):
            connection.kick(EndReason.SHUTDOWN)

    def abort(self) -> None:
        for connection in tuple(self.remaining):
            connection.abort()
