"""Orders to nodes on a real Redis, and a real node that is told."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from naivechat.domain.errors import NotFound, Unavailable
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel
from naivechat.infrastructure.order_line import BusOrderLine
from naivechat.infrastructure.redis.bus import RedisBus
from naivechat.infrastructure.redis.nodes import RedisNodeDirectory
from naivechat.infrastructure.sql.storage import open_storage
from tests.contract.redis_buses import OnOwnRedis, OnRedis, until
from tests.servers import NodeProcess, shared_mariadb
from tests.wire import ConnectionEnded, WireClient


class TestOrders(OnRedis):
    async def test_an_order_reaches_the_node_it_is_for(self) -> None:
        here, there = await self.make_bus(), await self.make_bus()
        taken: list[NodeOrder] = []
        line = BusOrderLine(there, there.instance, taken.append)
        there.subscribe(_Ear(line))
        line.listen()
        topic = f"node:{there.instance}"
        assert await there.confirmed([topic])
        sender = BusOrderLine(here, here.instance, taken.append)
        await sender.send(there.instance, SetLogLevel(LogLevel.DEBUG))
        await until(lambda: bool(taken))
        self.assertEqual(taken, [SetLogLevel(LogLevel.DEBUG)])
        here.publish(topic, b"\x00forged")
        await sender.send(there.instance, Drain())
        await until(lambda: len(taken) == 2)

    async def test_a_node_that_is_not_there_is_not_found(self) -> None:
        bus = await self.make_bus()
        with self.assertRaises(NotFound):
            await BusOrderLine(bus, bus.instance, lambda _: None).send("f" * 32, Drain())


class _Ear:
    def __init__(self, line: BusOrderLine) -> None:
        self._line = line

    def received(self, topic: str, payload: bytes) -> None:
        assert self._line.concerns(topic)
        self._line.received(payload)

    def restored(self) -> None:
        """Nothing was missed."""


class TestOrdersWithoutRedis(OnOwnRedis):
    async def test_nobody_can_be_told(self) -> None:
        bus = await self.make_bus()
        self.server.kill()
        await until(lambda: not bus.is_connected)
        with self.assertRaises(Unavailable):
            await BusOrderLine(bus, bus.instance, lambda _: None).send("f" * 32, Drain())


class TestRealNode(OnOwnRedis):
    """A node in a process of its own is told by another one."""

    async def test_it_does_as_it_is_told_and_its_heartbeat_says_so(self) -> None:
        database = shared_mariadb().create_database()
        node = NodeProcess(db=database, redis=self.server.url, registration="open", node_name="told")
        self.addCleanup(node.close)
        await deferToThread(node.start)
        await self._meet(database)
        status = await self._once(lambda status: status.log_level == "info")
        line = BusOrderLine(self.bus, self.bus.instance, lambda _: None)

        await line.send(status.instance, SetLogLevel(LogLevel.DEBUG))
        await self._once(lambda status: status.log_level == "debug")

        with WireClient(node.port) as wire:
            await deferToThread(wire.register, "li")
            await deferToThread(wire.login, "li")
            await line.send(status.instance, Drain())
            await self._once(lambda status: status.draining and not status.connections)
            farewell = await deferToThread(wire.read_to_end)
            self.assertEqual([packet.reason for packet in farewell[-1:]], ["shutdown"])
        self.assertEqual(await deferToThread(_readiness, node), (503, True))
        with self.assertRaises((ConnectionEnded, ConnectionError)):
            await deferToThread(_log_in, node.port)

        await line.send(status.instance, Resume())
        await self._once(lambda status: not status.draining)
        self.assertEqual(await deferToThread(_readiness, node), (200, False))
        await deferToThread(_log_in, node.port)
        self.assertEqual(await deferToThread(node.stop), 0)

    async def _meet(self, database: str) -> None:
        """Be on the bus of the nodes of a database."""
        storage = open_storage(database, reactor=reactor, clock=lambda: 0)
        await storage.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(storage.stop()))
        self.bus: RedisBus = await self.make_bus(namespace=await storage.read_epoch())
        self.directory = RedisNodeDirectory(self.bus)

    async def _once(self, condition: Callable[[NodeStatus], bool]) -> NodeStatus:
        """The node's heartbeat, once it is so."""
        while True:
            for status in await self.directory.list_nodes():
                if condition(status):
                    return status


def _log_in(port: int) -> None:
    with WireClient(port) as wire:
        wire.login("li")


def _readiness(node: NodeProcess) -> tuple[int, bool]:
    try:
        with urllib.request.urlopen(f"{node.admin_url}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)["draining"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["draining"]
