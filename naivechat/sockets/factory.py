"""Makes connections, and ends them all when the node stops."""

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import ServerFactory

from naivechat.domain.session import EndReason
from naivechat.protocol.command import Command
from naivechat.sockets.connection import Connection
from naivechat.sockets.dispatch import Dispatcher
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session

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
        self._connections: set[Connection] = set()
        self._draining = False
        self._all_gone: Deferred[None] | None = None

    @property
    def connection_count(self) -> int:
        """How many connections there are, logged in or not."""
        return len(self._connections)

    @property
    def commands(self) -> frozenset[Command]:
        """The requests that are answered."""
        return self._dispatcher.commands

    def buildProtocol(self, addr: IAddress | None) -> Connection | None:
        if self._draining:
            return None
        connection = Connection(self._dispatcher, self, self._clock)
        connection.factory = self
        self._connections.add(connection)
        return connection

    def session_ended(self, session: Session) -> None:
        """A session ends: nothing is sent to it any more."""
        self._registry.unbind(session)

    def connection_gone(self, connection: Connection) -> None:
        """A connection is closed."""
        self._connections.discard(connection)
        if not self._connections and self._all_gone is not None:
            all_gone, self._all_gone = self._all_gone, None
            all_gone.callback(None)

    async def drain(self) -> None:
        """Take no more requests; answer those under way; tell everybody `shutdown`; close. Ends within 6 s, whatever peers do."""
        self._draining = True
        if not self._connections:
            return
        all_gone = self._all_gone = Deferred()
        calls = (
            self._clock.callLater(LAST_ANSWERS_S, self._kick_all),
            self._clock.callLater(DRAIN_TIMEOUT_S, self._abort_all),
        )
        for connection in tuple(self._connections):
            connection.drain()
        await all_gone
        for call in calls:
            if call.active():
                call.cancel()

    def _kick_all(self) -> None:
        for connection in tuple(self._connections):
            connection.kick(EndReason.SHUTDOWN)

    def _abort_all(self) -> None:
        for connection in tuple(self._connections):
            connection.abort()
