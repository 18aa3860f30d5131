"""Buses on a real Redis, for test cases."""

from collections.abc import Callable
from uuid import uuid4

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from naivechat.infrastructure.redis.bus import RedisBus
from tests.redis_server import RedisServer, require_redis, shared_redis

POLL_S = 0.01


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until `condition()` holds; trial's own timeout ends a test in which it never does."""
    while not condition():
        await deferLater(reactor, POLL_S)


class Ear:
    """A BusReceiver that keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.restorations = 0

    def received(self, topic: str, payload: bytes) -> None:
        self.heard.append((topic, payload))

    def restored(self) -> None:
        self.restorations += 1


class OnRedis(TestCase):
    """A test case whose buses are on `self.server`, in a namespace of their own."""

    timeout = 60

    def setUp(self) -> None:
        self.server = self.make_server()
        self.namespace = uuid4().hex

    def make_server(self) -> RedisServer:
        return shared_redis()

    async def make_bus(self, url: str = "", namespace: str = "") -> RedisBus:
        bus = RedisBus(url or self.server.url, reactor)
        await bus.start(namespace or self.namespace)
        self.addCleanup(lambda: Deferred.fromCoroutine(bus.stop()))
        return bus

    async def settle(self, condition: Callable[[], bool]) -> None:
        await until(condition)

    async def make_ear(self, *topics: str) -> tuple[RedisBus, Ear]:
        """A connected bus that hears `topics`, and who is told."""
        bus, ear = await self.make_bus(), Ear()
        bus.subscribe(ear)
        for topic in topics:
            bus.listen(topic)
        assert await bus.confirmed(topics)
        return bus, ear


class OnOwnRedis(OnRedis):
    """A test case with a Redis that it may stop, kill and flush."""

    def make_server(self) -> RedisServer:
        require_redis()
        server = RedisServer()
        server.start()
        self.addCleanup(server.close)
        return server
