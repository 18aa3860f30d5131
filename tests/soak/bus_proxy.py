"""Between the nodes and Redis: carries everything, and can be told to do it badly."""

from collections import deque
from random import Random
from typing import Any

from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from tests.soak.resp import MESSAGE, split_replies

HOST = "127.0.0.1"


class BusProxy:
    """Listens on `port` and passes connections on to Redis at `redis_port`.

    Attributes:
        delay_s: by how much everything is delayed, both ways; the order stays.
        loss: share (0…1) of published messages that each of these happens to: dropped, doubled, swapped with the next.
        is_cut: whether connections are refused.
        delayed, spoiled: pieces of traffic that came late, and messages that were dropped, doubled or swapped so far.
    """

    def __init__(self, reactor: Any, redis_port: int, random: Random) -> None:
        self.reactor = reactor
        self.random = random
        self.port = 0
        self.delay_s = self.loss = 0.0
        self.is_cut = False
        self.delayed = self.spoiled = 0
        self._redis_port = redis_port
        self._ends: set[_End] = set()
        self._listening: Any = None

    async def start(self) -> None:
        """Listen on a free port."""
        factory = Factory.forProtocol(lambda: _End(self))
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

    def cut(self) -> int:
        """Cut all connections and refuse new ones until `mend`; how many there were."""
        self.is_cut = True
        ends = tuple(self._ends)
        for end in ends:
            end.abort()
        return len(ends) // 2

    def mend(self) -> None:
        """Carry everything well again."""
        self.is_cut = False
        self.delay_s = self.loss = 0.0

    def connect(self, end: "_End") -> None:
        """Reach Redis for a node that has connected."""
        factory = Factory.forProtocol(lambda: _End(self, end))
        factory.noisy = False
        endpoint = TCP4ClientEndpoint(self.reactor, HOST, self._redis_port, timeout=5)
        endpoint.connect(factory).addErrback(lambda _: end.abort())

    def opened(self, end: "_End") -> None:
        """A connection has begun."""
        self._ends.add(end)

    def closed(self, end: "_End") -> None:
        """It has ended."""
        self._ends.discard(end)


class _End(Protocol):
    """One end of a connection through the proxy: a node's without `other`, or Redis's, whose other one is the node's."""

    transport: Any

    def __init__(self, proxy: BusProxy, other: "_End | None" = None) -> None:
        self._proxy = proxy
        self._other = other
        self._is_redis = other is not None
        self._early: list[bytes] = []
        self._rest = b""
        self._held = b""
        self._late: deque[tuple[float, bytes]] = deque()
        self._timer: Any = None
        self._is_over = False

    def connectionMade(self) -> None:
        self._proxy.opened(self)
        self.transport.setTcpNoDelay(True)
        if self._proxy.is_cut:
            self.abort()
        elif self._other is None:
            self._proxy.connect(self)
        else:
            self._other.joined(self)

    def joined(self, other: "_End") -> None:
        """The other end is there."""
        if self._is_over:
            other.abort()
            return
        self._other = other
        early, self._early = self._early, []
        for data in early:
            self._pass_on(data)

    def dataReceived(self, data: bytes) -> None:
        if self._is_redis:
            replies, self._rest = split_replies(self._rest + data)
            data = b"".join(self._spoiled(reply) for reply in replies)
        self._pass_on(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._is_over = True
        if self._late:
            self._timer.cancel()
        self._proxy.closed(self)
        if self._other is None:
            return
        if reason.check(ConnectionDone) and not self._proxy.delay_s:
            self._other.transport.loseConnection()
        else:
            self._other.abort()

    def abort(self) -> None:
        """End it at once."""
        if self.transport is not None:
            self.transport.abortConnection()

    def _spoiled(self, reply: bytes) -> bytes:
        held, self._held = self._held, b""
        if self._proxy.loss and reply.startswith(MESSAGE):
            chance = self._proxy.random.random() / self._proxy.loss
            self._proxy.spoiled += chance < 3
            if chance < 1:
                return held
            if chance < 2:
                return reply + held + reply
            if chance < 3 and not held:
                self._held = reply
                return b""
        return reply + held

    def _pass_on(self, data: bytes) -> None:
        if self._other is None:
            self._early.append(data)
        elif self._proxy.delay_s or self._late:
            self._proxy.delayed += 1
            due_s = self._proxy.reactor.seconds() + self._proxy.delay_s
            # What comes later never overtakes, also when the delay has become shorter.
            self._late.append((max(due_s, self._late[-1][0] if self._late else due_s), data))
            if len(self._late) == 1:
                self._wait()
        else:
            self._other.transport.write(data)

    def _wait(self) -> None:
        delay_s = max(self._late[0][0] - self._proxy.reactor.seconds(), 0)
        self._timer = self._proxy.reactor.callLater(delay_s, self._write_first)

    def _write_first(self) -> None:
        _, data = self._late.popleft()
        if self._other is not None:
            self._other.transport.write(data)
        if self._late:
            self._wait()
