"""Between two programs: carries everything, and can be told to carry it badly."""

from collections import deque
from random import Random
from typing import Any

from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

HOST = "127.0.0.1"
LOOK_AGAIN_S = 0.05


class TcpProxy:
    """Listens on `port` and passes connections on to a server at `server_port`.

    Attributes:
        delay_s: by how much everything is delayed, both ways; the order stays.
        dribbles: whether every byte is a piece of its own.
        is_silent: whether nothing goes through, though connections stay; what waits goes on afterwards.
        is_cut: whether connections are refused.
        delayed, dribbled, held: pieces of traffic that this has happened to so far.
    """

    def __init__(self, reactor: Any, server_port: int, random: Random) -> None:
        self.reactor = reactor
        self.random = random
        self.port = 0
        self.delay_s = 0.0
        self.dribbles = self.is_silent = self.is_cut = False
        self.delayed = self.dribbled = self.held = 0
        self._server_port = server_port
        self._ends: set[End] = set()
        self._listening: Any = None

    async def start(self) -> None:
        """Listen on a free port."""
        factory = Factory.forProtocol(self.make_end)
        factory.noisy = False
        self._listening = await TCP4ServerEndpoint(self.reactor, 0, interface=HOST).listen(factory)
        self.port = self._listening.getHost().port

    async def stop(self) -> None:
        """Close everything."""
        if self._listening is not None:
            await self._listening.stopListening()
        self.cut()
        while self._ends:
            await deferLater(self.reactor, 0.01)

    def make_end(self, other: "End | None" = None) -> "End":
        """One end of a connection."""
        return End(self, other)

    def cut(self) -> int:
        """Cut all connections and refuse new ones until `mend`; how many there were."""
        self.is_cut = True
        ends = tuple(self._ends)
        for end in ends:
            end.abort()
        return len(ends) // 2

    def mend(self) -> None:
        """Carry everything well again."""
        self.dribbles = self.is_silent = self.is_cut = False
        self.delay_s = 0.0

    @property
    def holds_back(self) -> bool:
        """Whether traffic has to wait at all."""
        return bool(self.delay_s or self.dribbles or self.is_silent)

    def connect(self, end: "End") -> None:
        """Reach the server for a client that has connected."""
        factory = Factory.forProtocol(lambda: self.make_end(end))
        factory.noisy = False
        endpoint = TCP4ClientEndpoint(self.reactor, HOST, self._server_port, timeout=5)
        endpoint.connect(factory).addErrback(lambda _: end.abort())

    def opened(self, end: "End") -> None:
        """A connection has begun."""
        self._ends.add(end)

    def closed(self, end: "End") -> None:
        """It has ended."""
        self._ends.discard(end)


class End(Protocol):
    """One end of a connection through a proxy: the client's, or the server's, which is made with the client's as `other`."""

    transport: Any

    def __init__(self, proxy: Any, other: "End | None" = None) -> None:
        self.proxy = proxy
        self.other = other
        self.is_server = other is not None
        self._early: list[bytes] = []
        self._late: deque[tuple[float, bytes]] = deque()
        self._timer: Any = None
        self._is_over = False

    def filtered(self, data: bytes) -> bytes:
        """What becomes of data from this end on its way."""
        return data

    def connectionMade(self) -> None:
        self.proxy.opened(self)
        self.transport.setTcpNoDelay(True)
        if self.proxy.is_cut:
            self.abort()
        elif self.other is None:
            self.proxy.connect(self)
        else:
            self.other.joined(self)

    def joined(self, other: "End") -> None:
        """The other end is there."""
        if self._is_over:
            other.abort()
            return
        self.other = other
        early, self._early = self._early, []
        for data in early:
            self._pass_on(data)

    def dataReceived(self, data: bytes) -> None:
        self._pass_on(self.filtered(data))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._is_over = True
        if self._late:
            self._timer.cancel()
        self.proxy.closed(self)
        if self.other is None:
            return
        if reason.check(ConnectionDone) and not self.proxy.holds_back:
            self.other.transport.loseConnection()
        else:
            self.other.abort()

    def abort(self) -> None:
        """End it at once."""
        if self.transport is not None:
            self.transport.abortConnection()

    def _pass_on(self, data: bytes) -> None:
        proxy = self.proxy
        if self.other is None:
            self._early.append(data)
        elif proxy.holds_back or self._late:
            proxy.delayed += bool(proxy.delay_s)
            proxy.held += proxy.is_silent
            pieces = [bytes([byte]) for byte in data] if proxy.dribbles else [data]
            proxy.dribbled += len(pieces) if proxy.dribbles else 0
            self._hold_back(pieces)
        else:
            self.other.transport.write(data)

    def _hold_back(self, pieces: list[bytes]) -> None:
        due_s = self.proxy.reactor.seconds() + self.proxy.delay_s
        was_waiting = bool(self._late)
        # What comes later never overtakes, also when the delay has become shorter.
        due_s = max(due_s, self._late[-1][0] if self._late else due_s)
        self._late.extend((due_s, piece) for piece in pieces)
        if self._late and not was_waiting:
            self._wait()

    def _wait(self) -> None:
        delay_s = max(self._late[0][0] - self.proxy.reactor.seconds(), 0)
        self._timer = self.proxy.reactor.callLater(delay_s, self._write_first)

    def _write_first(self) -> None:
        if self.proxy.is_silent:
            self._timer = self.proxy.reactor.callLater(LOOK_AGAIN_S, self._write_first)
            return
        _, data = self._late.popleft()
        if self.other is not None:
            self.other.transport.write(data)
        if self._late:
            self._wait()
