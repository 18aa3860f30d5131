"""What the bus on Redis does when Redis fails: it says so, comes back by itself, and tells who has missed something."""

from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.logger import LogEvent, formatEvent, globalLogPublisher

from naivechat.infrastructure.redis import bus, connection
from naivechat.infrastructure.redis.bus import RedisBus
from naivechat.infrastructure.redis.publisher import MOST_WAITING_BYTES
from tests.contract.redis_buses import Ear, OnOwnRedis, until

TOPIC = "user:ann"


class OnFailingRedis(OnOwnRedis):
    def setUp(self) -> None:
        super().setUp()
        self.patch(connection, "MOST_DELAY_S", 0.2)
        self.logged: list[str] = []
        globalLogPublisher.addObserver(self.note)
        self.addCleanup(globalLogPublisher.removeObserver, self.note)

    def note(self, event: LogEvent) -> None:
        if event.get("log_namespace") == "naivechat.redis":
            self.logged.append(formatEvent(event))

    async def assert_heard(self, here: RedisBus, ear: Ear) -> None:
        ear.heard.clear()
        here.publish(TOPIC, b"again")
        await until(lambda: bool(ear.heard))
        self.assertEqual(ear.heard, [(TOPIC, b"again")])


class TestRedisAway(OnFailingRedis):
    async def test_after_a_restart_everything_is_received_again_and_then_its_return_is_told(self) -> None:
        here, own = await self.make_ear()
        there, ear = await self.make_ear(TOPIC)
        self.server.kill()
        await until(lambda: not (here.is_connected or there.is_connected))
        here.publish(TOPIC, b"lost")
        self.assertFalse(await there.confirmed([TOPIC]))
        self.assertIsNone(await there.count_listeners([TOPIC]))
        self.server.start()
        await until(lambda: own.restorations > 0 and ear.restorations > 0)
        self.assertTrue(here.is_connected and there.is_connected)
        self.assertEqual(await there.count_listeners([TOPIC]), (1,))
        await self.assert_heard(here, ear)
        self.assertEqual(here.dropped, 1)

    async def test_an_outage_and_its_end_are_one_line_each(self) -> None:
        bus, ear = await self.make_ear(TOPIC)
        self.server.kill()
        await until(lambda: not bus.is_connected)
        await deferLater(reactor, 1)
        self.server.start()
        await until(lambda: ear.restorations == 1)
        self.assertEqual(len(self.logged), 2, self.logged)
        self.assertIn("Redis is away", self.logged[0])
        self.assertEqual(self.logged[1], "Redis is back")

    async def test_a_redis_that_is_silent_is_left_and_found_again(self) -> None:
        here, own = await self.make_ear()
        there, ear = await self.make_ear(TOPIC)
        self.server.pause()
        hurry = self.patch(connection, "PING_EVERY_S", 0.3)
        await until(lambda: not (here.is_connected or there.is_connected))
        self.assertIn("no answer", self.logged[0])
        hurry.restore()
        self.server.resume()
        await until(lambda: own.restorations > 0 and ear.restorations > 0)
        await self.assert_heard(here, ear)

    async def test_a_redis_that_comes_later_than_the_node_is_found(self) -> None:
        self.server.kill()
        bus, ear = await self.make_bus(), Ear()
        bus.subscribe(ear)
        bus.listen(TOPIC)
        self.assertFalse(bus.is_connected)
        self.server.start()
        await until(lambda: ear.restorations == 1)
        self.assertTrue(await bus.confirmed([TOPIC]))

    async def test_a_changed_password_is_told_once_and_tried_until_it_is_right(self) -> None:
        bus, ear = await self.make_ear(TOPIC)
        self.server.command("CONFIG", "SET", "requirepass", "other")
        self.server.password = "other"
        self.server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.server.command("CLIENT", "KILL", "TYPE", "pubsub")
        await until(lambda: any("NOAUTH" in line for line in self.logged))
        await deferLater(reactor, 1)
        self.assertEqual(len([line for line in self.logged if "NOAUTH" in line]), 1)
        self.assertFalse(bus.is_connected)
        self.server.command("CONFIG", "SET", "requirepass", "")
        await until(lambda: ear.restorations == 1)
        self.assertEqual(self.logged[-1], "Redis is back")

    async def test_a_wrong_password_is_in_no_log(self) -> None:
        self.server.command("CONFIG", "SET", "requirepass", "right")
        bus = await self.make_bus(f"redis://:wrong-s3cret@127.0.0.1:{self.server.port}")
        self.assertFalse(bus.is_connected)
        self.assertTrue(any("WRONGPASS" in line for line in self.logged))
        self.assertNotIn("s3cret", "".join(self.logged))

    async def test_flushing_redis_changes_nothing(self) -> None:
        here, own = await self.make_ear()
        _, ear = await self.make_ear(TOPIC)
        self.server.flush()
        await self.assert_heard(here, ear)
        self.assertEqual((own.restorations, ear.restorations), (0, 0))

    async def test_two_thousand_topics_are_received_again(self) -> None:
        topics = [f"user:{number}" for number in range(2_000)]
        here, _ = await self.make_ear()
        there, ear = await self.make_ear(*topics)
        self.server.command("CLIENT", "KILL", "TYPE", "pubsub")
        await until(lambda: ear.restorations > 0)
        self.assertEqual(await there.count_listeners(topics), (1,) * 2_000)
        for topic in topics:
            here.publish(topic, b"x")
        await until(lambda: len(ear.heard) == 2_000)


class TestOneLinkLost(OnFailingRedis):
    async def test_a_node_that_alone_lost_its_subscriptions_alone_is_told(self) -> None:
        _, own = await self.make_ear(TOPIC)
        first = self.server.command("CLIENT", "LIST", "TYPE", "pubsub", lines=2)
        there, ear = await self.make_ear()
        self.server.command("CLIENT", "KILL", "ID", first.partition("id=")[2].split()[0])
        await until(lambda: own.restorations == 1)
        self.assertEqual(ear.restorations, 0)
        await self.assert_heard(there, own)

    async def test_others_are_told_when_a_node_could_not_publish(self) -> None:
        here, own = await self.make_ear()
        first = self.server.command("CLIENT", "LIST", "TYPE", "normal", lines=2)
        _, ear = await self.make_ear(TOPIC)
        self.server.command("CLIENT", "KILL", "ID", first.partition("id=")[2].split()[0])
        await until(lambda: not here.is_connected)
        here.publish(TOPIC, b"lost")
        await until(lambda: own.restorations == 1)
        await until(lambda: ear.restorations == 1)
        self.assertEqual(here.dropped, 1)
        await self.assert_heard(here, ear)

    async def test_what_others_missed_is_told_with_a_restoration_that_comes_first(self) -> None:
        self.patch(bus, "MISSED_S", 3)
        here, ear = await self.make_ear(TOPIC)
        sender = "0123456789abcdef"
        self.server.command("PUBLISH", f"{here.prefix}missed", sender)
        self.server.command("PUBLISH", f"{here.prefix}bell:{TOPIC}", f"{sender}\x00\x00\x00\x01x")
        await until(lambda: bool(ear.heard))
        self.server.command("CLIENT", "KILL", "TYPE", "pubsub")
        await until(lambda: ear.restorations == 1)
        await deferLater(reactor, 3.5)
        self.assertEqual(ear.restorations, 1)

    async def test_a_subscriber_that_redis_drops_for_being_slow_is_told(self) -> None:
        self.server.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100kb 100kb 1")
        here, _ = await self.make_ear()
        _, ear = await self.make_ear(TOPIC)
        for _ in range(40):
            here.publish(TOPIC, bytes(100_000))
        await until(lambda: ear.restorations > 0)
        await self.assert_heard(here, ear)


class TestRedisThatDoesNotFollow(OnFailingRedis):
    async def test_publishing_is_bounded_and_who_missed_something_is_told(self) -> None:
        here, own = await self.make_ear()
        _, ear = await self.make_ear(TOPIC)
        self.server.pause()
        for _ in range(2 * MOST_WAITING_BYTES // 65_536):
            here.publish(TOPIC, bytes(65_536))
            await deferLater(reactor, 0)
        self.assertFalse(here.is_connected)
        self.assertGreater(here.dropped, 0)
        self.server.resume()
        await until(lambda: own.restorations > 0 and ear.restorations > 0)
        self.assertTrue(here.is_connected)
        ear.heard.clear()
        await self.assert_heard(here, ear)


class TestForgeries(OnFailingRedis):
    async def test_what_is_no_envelope_is_dropped_with_one_warning(self) -> None:
        here, _ = await self.make_ear()
        there, ear = await self.make_ear(TOPIC)
        channel = f"{there.prefix}bell:{TOPIC}"
        sender = "0123456789abcdef"
        for forged in (
            "",
            "short",
            f"{sender}\x00\x00\x00\x09cut",
            f"{sender}\x7f\x7f\x7f\x7f",
            "x" * 2_000_000,
        ):
            self.server.command("PUBLISH", channel, forged)
        await self.assert_heard(here, ear)
        self.assertEqual(len(self.logged), 1, self.logged)
        self.assertEqual(there.received, 1)

    async def test_a_receiver_that_fails_stops_nothing(self) -> None:
        class Failing(Ear):
            def received(self, topic: str, payload: bytes) -> None:
                super().received(topic, payload)
                raise ZeroDivisionError

            def restored(self) -> None:
                super().restored()
                raise ZeroDivisionError

        here, _ = await self.make_ear()
        there, ear = await self.make_bus(), Failing()
        there.subscribe(ear)
        there.listen(TOPIC)
        await there.confirmed([TOPIC])
        here.publish(TOPIC, b"1")
        here.publish(TOPIC, b"2")
        await until(lambda: len(ear.heard) == 2)
        self.server.command("CLIENT", "KILL", "TYPE", "pubsub")
        await until(lambda: ear.restorations == 1)
        await self.assert_restored_and_heard(here, ear)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 4)

    async def assert_restored_and_heard(self, here: RedisBus, ear: Any) -> None:
        await until(lambda: here.is_connected)
        await self.assert_heard(here, ear)


class TestRefusedCommands(OnFailingRedis):
    async def test_a_user_that_may_not_publish_is_told_so_once_and_not_connected(self) -> None:
        self.server.command("ACL", "SETUSER", "node", "on", ">pass", "+@all", "-publish", "~*", "&*")
        bus = await self.make_bus(f"redis://node:pass@127.0.0.1:{self.server.port}")
        self.assertFalse(bus.is_connected)
        self.assertEqual(len([line for line in self.logged if "NOPERM" in line]), 1, self.logged)

    async def test_a_user_with_few_rights_is_enough_for_the_bus(self) -> None:
        rights = ["+auth", "+select", "+ping", "+publish", "+subscribe", "+unsubscribe", "+pubsub|numsub"]
        self.server.command("ACL", "SETUSER", "node", "on", ">pass", "-@all", *rights, "&naivechat:*")
        bus = await self.make_bus(f"redis://node:pass@127.0.0.1:{self.server.port}")
        self.assertTrue(bus.is_connected)
        bus.listen(TOPIC)
        self.assertTrue(await bus.confirmed([TOPIC]))
        self.assertEqual(await bus.count_listeners([TOPIC]), (1,))
