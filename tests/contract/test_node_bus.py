"""What every bus between nodes does, on real Redis and in memory."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from naivechat.domain.node_ports import NodeBus
from naivechat.infrastructure.redis.bus import RedisBus
from tests.contract.redis_buses import Ear, OnRedis, until
from tests.node_buses import MemoryHub


class BusContract:
    """Mixin: a test case gives `make_bus`, a connected bus, and `settle`, which waits until `condition()` holds."""

    make_bus: Callable[[], Any]
    settle: Callable[[Callable[[], bool]], Any]
    assertEqual: Any
    assertTrue: Any
    assertFalse: Any

    async def make_node(self, *topics: str) -> tuple[NodeBus, Ear]:
        bus, ear = await self.make_bus(), Ear()
        bus.subscribe(ear)
        for topic in topics:
            bus.listen(topic)
        self.assertTrue(await bus.confirmed(topics))
        return bus, ear

    async def test_a_payload_comes_to_every_other_node_that_listens_and_to_no_one_else(self) -> None:
        here, own = await self.make_node("user:ann", "group:1")
        _, first = await self.make_node("user:ann", "group:1")
        _, second = await self.make_node("user:ann", "user:bob")
        here.publish("user:ann", b"\x00\xffhello")
        here.publish("group:1", b"")
        await self.settle(lambda: len(first.heard) == 2 and len(second.heard) == 1)
        self.assertEqual(sorted(first.heard), [("group:1", b""), ("user:ann", b"\x00\xffhello")])
        self.assertEqual(second.heard, [("user:ann", b"\x00\xffhello")])
        self.assertEqual(own.heard, [])

    async def test_payloads_of_a_topic_come_in_the_order_of_publishing(self) -> None:
        here, _ = await self.make_node()
        _, ear = await self.make_node("user:ann", "user:bob")
        for number in range(500):
            here.publish(("user:ann", "user:bob")[number % 2], b"%d" % number)
        await self.settle(lambda: len(ear.heard) == 500)
        for remainder, topic in enumerate(("user:ann", "user:bob")):
            numbers = [int(payload) for name, payload in ear.heard if name == topic]
            self.assertEqual(numbers, list(range(remainder, 500, 2)))

    async def test_a_topic_that_is_given_up_is_not_received(self) -> None:
        here, _ = await self.make_node()
        there, ear = await self.make_node("user:ann", "user:bob")
        there.unlisten("user:ann")
        here.publish("user:ann", b"1")
        here.publish("user:bob", b"2")
        await self.settle(lambda: ("user:bob", b"2") in ear.heard)
        self.assertEqual(ear.heard, [("user:bob", b"2")])
        self.assertEqual(await there.confirmed(["user:ann"]), False)

    async def test_a_topic_given_up_and_taken_again_is_received_once_confirmed(self) -> None:
        here, _ = await self.make_node()
        there, ear = await self.make_node("user:ann")
        for _ in range(5):
            there.unlisten("user:ann")
            there.listen("user:ann")
            self.assertTrue(await there.confirmed(["user:ann"]))
        here.publish("user:ann", b"1")
        await self.settle(lambda: len(ear.heard) == 1)

    async def test_listeners_are_counted_by_node(self) -> None:
        here, _ = await self.make_node("user:ann", "user:bob")
        await self.make_node("user:ann")
        self.assertEqual(
            await here.count_listeners(["user:ann", "user:none", "user:bob", "user:ann"]), (2, 0, 1, 2)
        )
        self.assertEqual(await here.count_listeners([]), ())

    async def test_a_bus_that_has_stopped_takes_anything_and_does_nothing(self) -> None:
        here, own = await self.make_node("user:ann")
        there, ear = await self.make_node("user:ann")
        await there.stop()
        there.publish("user:ann", b"1")
        there.listen("user:bob")
        there.unlisten("user:ann")
        here.publish("user:ann", b"2")
        self.assertFalse(there.is_connected)
        self.assertFalse(await there.confirmed(["user:bob"]))
        self.assertEqual(await there.count_listeners(["user:ann"]), None)
        self.assertEqual((own.heard, ear.heard, ear.restorations), ([], [], 0))


class TestMemoryBus(BusContract, TestCase):
    def setUp(self) -> None:
        self.hub = MemoryHub()

    async def make_bus(self) -> NodeBus:
        return self.hub.bus()

    async def settle(self, condition: Callable[[], bool]) -> None:
        self.hub.deliver()
        self.assertTrue(condition())

    async def test_what_is_published_while_it_is_away_is_lost_and_its_return_is_told(self) -> None:
        here, _ = await self.make_node()
        there, ear = await self.make_node("user:ann")
        here.publish("user:ann", b"on its way")
        self.hub.cut()
        here.publish("user:ann", b"while away")
        self.assertFalse(await there.confirmed(["user:ann"]))
        self.assertEqual(await there.count_listeners(["user:ann"]), None)
        self.hub.restore()
        here.publish("user:ann", b"after")
        self.hub.deliver()
        self.assertEqual((ear.heard, ear.restorations), ([("user:ann", b"after")], 1))

    async def test_the_hub_loses_doubles_and_reorders_as_it_is_told(self) -> None:
        here, _ = await self.make_node()
        _, ear = await self.make_node("user:ann")
        self.hub.meddle = lambda waiting: [waiting[2], waiting[0], waiting[0]]
        for payload in (b"1", b"2", b"3"):
            here.publish("user:ann", payload)
        self.assertEqual(self.hub.deliver(), 3)
        self.assertEqual([payload for _, payload in ear.heard], [b"3", b"1", b"1"])

    async def test_an_immediate_hub_does_not_wait_for_the_test(self) -> None:
        self.hub.immediate = True
        here, _ = await self.make_node()
        _, ear = await self.make_node("user:ann")
        here.publish("user:ann", b"1")
        self.assertEqual(ear.heard, [("user:ann", b"1")])


class TestRedisBus(BusContract, OnRedis):
    async def test_namespaces_do_not_hear_each_other(self) -> None:
        here, _ = await self.make_node("user:ann")
        other, ear = await self.make_bus(namespace=uuid4().hex), Ear()
        other.subscribe(ear)
        other.listen("user:ann")
        self.assertTrue(await other.confirmed(["user:ann"]))
        here.publish("user:ann", b"1")
        self.assertEqual(await here.count_listeners(["user:ann"]), (1,))
        other.publish("user:ann", b"2")
        await until(lambda: other.published == 1 and here.published == 1)
        self.assertEqual(ear.heard, [])

    async def test_it_works_through_a_unix_socket(self) -> None:
        here, _ = await self.make_node()
        there, ear = await self.make_bus(self.server.unix_url), Ear()
        there.subscribe(ear)
        there.listen("user:ann")
        self.assertTrue(await there.confirmed(["user:ann"]))
        here.publish("user:ann", b"1")
        await until(lambda: ear.heard == [("user:ann", b"1")])

    async def test_what_was_published_before_stopping_is_sent(self) -> None:
        here, _ = await self.make_node()
        _, ear = await self.make_node("user:ann")
        for number in range(3_000):
            here.publish("user:ann", b"%d" % number)
        await here.stop()
        await until(lambda: len(ear.heard) == 3_000)

    async def test_what_was_listened_to_before_it_started_is_received(self) -> None:
        bus, ear = RedisBus(self.server.url, reactor), Ear()
        bus.subscribe(ear)
        for topic in ("user:ann", "user:bob"):
            bus.listen(topic)
        bus.unlisten("user:bob")
        self.addCleanup(lambda: Deferred.fromCoroutine(bus.stop()))
        await bus.start(self.namespace)
        self.assertEqual((bus.is_connected, ear.restorations), (True, 0))
        self.assertTrue(await bus.confirmed(["user:ann"]))
        here, _ = await self.make_node()
        self.assertEqual(await here.count_listeners(["user:ann", "user:bob"]), (1, 0))

    async def test_a_bus_that_never_started_does_nothing(self) -> None:
        bus = RedisBus(self.server.url, reactor)
        bus.publish("user:ann", b"1")
        self.assertEqual((bus.is_connected, bus.dropped), (False, 1))
        self.assertFalse(await bus.confirmed(["user:ann"]))
        await bus.stop()
