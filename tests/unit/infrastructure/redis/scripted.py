"""A Redis whose every word the test says: links connect to it in memory, on a clock that the test moves."""

from typing import Any

import attrs
import hiredis
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionDone, ConnectionRefusedError, DNSLookupError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import LogEvent, formatEvent, globalLogPublisher
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from naivechat.infrastructure.redis.address import RedisAddress
from naivechat.infrastructure.redis.commands import Commands
from naivechat.infrastructure.redis.connection import Site
from naivechat.infrastructure.redis.journal import OutageLog
from naivechat.infrastructure.redis.subscriber import Subscriber


class Wire(StringTransport):
    """One connection, seen from Redis's side."""

    def __init__(self, protocol: Any) -> None:
        super().__init__()
        self.protocol = protocol
        self.is_lost = False

    def commands(self) -> list[list[bytes]]:
        """What has been asked since the last time."""
        reader = hiredis.Reader()
        reader.feed(self.value())
        self.clear()
        found = []
        while (command := reader.gets()) is not False:
            found.append(command)
        return found

    def say(self, data: bytes) -> None:
        """Answer."""
        self.protocol.dataReceived(data)

    def lose(self) -> None:
        """End the connection."""
        if not self.is_lost:
            self.is_lost = True
            self.protocol.connectionLost(Failure(ConnectionDone()))

    def abortConnection(self) -> None:
        super().abortConnection()
        self.lose()


@implementer(IStreamClientEndpoint)
class Door:
    """An endpoint that a test opens and closes; a slow one never connects, and cancelled says what HostnameEndpoint does. tries: how often it was asked to connect."""

    def __init__(self) -> None:
        self.is_open = True
        self.is_slow = False
        self.tries = 0
        self.wires: list[Wire] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        self.tries += 1
        if self.is_slow:
            return Deferred(lambda pending: pending.errback(DNSLookupError()))
        if not self.is_open:
            return fail(ConnectionRefusedError())
        protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 6379))
        self.wires.append(Wire(protocol))
        protocol.makeConnection(self.wires[-1])
        return succeed(protocol)


@attrs.define
class Scripted:
    """What links need, and the other end of them."""

    clock: Clock = attrs.Factory(Clock)
    door: Door = attrs.Factory(Door)

    def site(self, address: RedisAddress | None = None) -> Site:
        address = address or RedisAddress(host="127.0.0.1")
        return Site(address=address, endpoint=self.door, clock=self.clock, outage=OutageLog())

    @property
    def wire(self) -> Wire:
        """The latest connection."""
        return self.door.wires[-1]


class OnScriptedRedis(SynchronousTestCase):
    """A test case with a scripted Redis, which keeps what was logged of it in `logged`."""

    def setUp(self) -> None:
        self.logged: list[str] = []
        globalLogPublisher.addObserver(self.note)
        self.addCleanup(globalLogPublisher.removeObserver, self.note)
        self.redis = Scripted()

    def note(self, event: LogEvent) -> None:
        if event.get("log_namespace") == "naivechat.redis":
            self.logged.append(formatEvent(event))

    def run_link(self, link: Commands | Subscriber) -> None:
        """Start it, and stop it after the test."""
        link.start()
        self.addCleanup(lambda: self.run_(link.stop()))

    def run_(self, coroutine: Any) -> Deferred[Any]:
        return Deferred.fromCoroutine(coroutine)
