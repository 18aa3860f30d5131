"""Makes connections, and ends them all when the node stops or is drained."""

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import ServerFactory

from naivechat.domain.session import EndReason
from naivechat.protocol.command import Command
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


class ChatFactory(ServerFactory):
    """The server's side of all connections of a node."""

    noisy = False

    def __init__(self, dispatcher: Dispatcher, registry: Registry, clock: IReactorTime) -> None:
        self._dispatcher = dispatcher
        self._registry = registry
        self._clock = clock
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

    def buildProtocol(self, addr: IAddress | None) -> Connection | None:
        if self._paused or self._leaving:
            return None
        connection = Connection(self._dispatcher, self, self._clock, self._turn, self._vigil)
        connection.factory = self
        self._connections.add(connection)
        return connection

    def session_ended(self, session: Session) -> None:
        """A session ends: nothing is sent to it any more."""
        self._registry.unbind(session)

    def connection_gone(self, connection: Connection) -> None:
        """A connection is closed."""
        self._connections.discard(connection)
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
