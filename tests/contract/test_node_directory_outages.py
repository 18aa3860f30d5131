"""The registry of nodes when Redis fails: unavailable in bounded time, and whole again by itself."""

from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from naivechat.infrastructure.redis import nodes
from naivechat.infrastructure.redis.nodes import RedisNodeDirectory
from tests.contract.redis_buses import OnOwnRedis, until
from tests.contract.test_node_directory import Node, WithNodes


class TestOutages(WithNodes, OnOwnRedis):
    async def test_everything_is_unavailable_while_redis_is_away_and_whole_again_after_it(self) -> None:
        node, other = await self.make_nodes(2)
        node.directory.user_came(UserId("ann"))
        await node.beat("a")
        self.server.kill()
        await until(lambda: not node.bus.commands.is_up)
        for call in (node.directory.list_nodes, node.directory.take_orphans, node.directory.leave, node.beat):
            with self.assertRaises(Unavailable):
                await call()
        node.directory.user_came(UserId("bob"))
        self.server.start()
        await until(lambda: node.bus.is_connected and other.bus.is_connected)
        self.assertEqual(await node.beat("a"), "a")
        await node.directory.leave()
        self.assertEqual(sorted(await self.orphans(other)), ["ann", "bob"])

    async def test_a_flushed_redis_is_filled_by_the_next_announcements(self) -> None:
        node, other = await self.make_nodes(2)
        node.directory.user_came(UserId("ann"))
        await node.beat("a")
        self.server.flush()
        self.assertEqual(await self.names(other), [])
        await node.beat("a")
        self.assertEqual(await self.names(other), ["a"])
        await node.directory.leave()
        self.assertEqual(await self.orphans(other), ["ann"])

    async def test_a_silent_redis_is_unavailable_in_bounded_time(self) -> None:
        self.patch(nodes, "DEADLINE_S", 0.3)
        node = await self.make_node()
        await node.beat()
        self.server.pause()
        self.addCleanup(self.server.resume)
        with self.assertRaises(Unavailable):
            await node.beat()
        self.server.resume()
        self.assertEqual(await node.beat(), "n")

    async def test_a_redis_that_refuses_a_command_is_unavailable(self) -> None:
        node = await self.make_node()
        self.server.command("HSET", f"naivechat:{self.namespace}:node:n", "wrong", "type")
        with self.assertRaises(Unavailable):
            await node.beat()
        self.server.flush()
        self.server.command("SET", f"naivechat:{self.namespace}:nodes", "wrong type")
        with self.assertRaises(Unavailable):
            await node.beat()
        self.assertTrue(node.bus.is_connected)

    async def test_few_rights_are_enough(self) -> None:
        bus_rights = ["+auth", "+select", "+ping", "+publish", "+subscribe", "+unsubscribe", "+pubsub|numsub"]
        rights = "+watch +unwatch +multi +exec +get +set +del +mget +hset +hdel +hgetall +sadd +srem +scard +spop +expire"
        self.server.command(
            "ACL", "SETUSER", "node", "on", ">pass", "-@all", *bus_rights, *rights.split(),
            "&naivechat:*", "~naivechat:*",
        )  # fmt: skip
        bus = await self.make_bus(f"redis://node:pass@127.0.0.1:{self.server.port}/3")
        node, other = Node(bus, RedisNodeDirectory(bus)), await self.make_node()
        node.directory.user_came(UserId("ann"))
        self.assertEqual(await node.beat(), "n")
        self.assertEqual(await self.names(node), ["n"])
        node.directory.user_came(UserId("bob"))
        node.directory.user_went(UserId("ann"))
        await node.beat()
        await node.directory.leave()
        self.assertEqual(await self.names(node), [])
        self.assertEqual(await other.directory.list_nodes(), ())
