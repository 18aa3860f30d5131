"""The registry of nodes on a real Redis: who is there, by which name, and who takes care of a dead node's people."""

from collections.abc import Callable

import attrs
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from naivechat.domain.node import NodeStatus
from naivechat.domain.user import UserId
from naivechat.infrastructure.redis import nodes
from naivechat.infrastructure.redis.bus import RedisBus
from naivechat.infrastructure.redis.node_record import Process
from naivechat.infrastructure.redis.nodes import RedisNodeDirectory
from tests.contract.redis_buses import OnRedis

STATUS = NodeStatus(
    name="n",
    instance="",
    addresses=("chat.example:5222", "tls:chat.example:5223"),
    version="1.0",
    started_at_ms=1,
    beat_at_ms=2,
    connections=3,
    users=2,
    messages_per_s=0.5,
)


def people(count: int, prefix: str = "u") -> list[UserId]:
    return [UserId(f"{prefix}{number}") for number in range(count)]


@attrs.frozen
class Node:
    """A node as the registry sees it."""

    bus: RedisBus
    directory: RedisNodeDirectory

    async def beat(self, name: str = "n") -> str:
        return await self.directory.announce(attrs.evolve(STATUS, name=name, instance=self.bus.instance))


class WithNodes(OnRedis):
    """A heartbeat ends when a test says so, with `lose_heartbeat`, not by waiting."""

    async def make_node(self, *, pid: int = 1, is_running: Callable[[int], bool] = lambda _: True) -> Node:
        bus = await self.make_bus()
        here = Process(host="here", pid=pid)
        return Node(bus, RedisNodeDirectory(bus, here=here, is_running=is_running))

    async def make_nodes(self, count: int) -> list[Node]:
        return [await self.make_node(pid=number + 1) for number in range(count)]

    def lose_heartbeat(self, name: str) -> None:
        """As if it had ended for want of another one; Redis has been there long enough for that to mean something."""
        self.patch(nodes, "ALIVE_S", 0)
        self.server.command("DEL", f"naivechat:{self.namespace}:node:{name}")

    async def names(self, node: Node) -> list[str]:
        return [status.name for status in await node.directory.list_nodes()]

    async def orphans(self, node: Node) -> list[UserId]:
        found: list[UserId] = []
        while orphans := await node.directory.take_orphans():
            self.assertLessEqual(len(orphans), 500)
            found += orphans
        return found


class TestNames(WithNodes):
    async def test_nodes_see_each_other_as_they_described_themselves(self) -> None:
        first, second = await self.make_nodes(2)
        self.assertEqual([await first.beat("b"), await second.beat("a")], ["b", "a"])
        expected = [
            attrs.evolve(STATUS, name="a", instance=second.bus.instance),
            attrs.evolve(STATUS, name="b", instance=first.bus.instance),
        ]
        for node in (first, second):
            self.assertEqual(await node.directory.list_nodes(), tuple(expected))

    async def test_a_name_that_a_living_node_has_gets_a_number_and_stays(self) -> None:
        first, second, third = await self.make_nodes(3)
        for _ in range(2):
            self.assertEqual(
                [await first.beat(), await second.beat(), await third.beat()], ["n", "n-2", "n-3"]
            )
        self.assertEqual(await self.names(first), ["n", "n-2", "n-3"])

    async def test_nodes_that_come_at_once_get_different_names(self) -> None:
        beginners = await self.make_nodes(5)
        names = await gatherResults([Deferred.fromCoroutine(node.beat()) for node in beginners])
        self.assertEqual(sorted(names), ["n", "n-2", "n-3", "n-4", "n-5"])

    async def test_the_name_of_a_process_that_is_dead_on_this_host_is_taken_over_at_once(self) -> None:
        dead = await self.make_node(pid=7)
        dead.directory.user_came(UserId("ann"))
        await dead.beat()
        heir = await self.make_node(pid=8, is_running=lambda pid: pid != 7)
        self.assertEqual(await heir.beat(), "n")
        self.assertEqual(
            [status.instance for status in await heir.directory.list_nodes()], [heir.bus.instance]
        )
        self.assertEqual(await self.orphans(heir), ["ann"])

    async def test_a_restart_with_the_same_process_id_takes_its_name_over(self) -> None:
        dead, heir = await self.make_node(pid=1), await self.make_node(pid=1)
        self.assertEqual([await dead.beat(), await heir.beat()], ["n", "n"])

    async def test_a_heartbeat_ends_when_no_other_follows(self) -> None:
        self.patch(nodes, "ALIVE_S", 1)
        silent, living = await self.make_nodes(2)
        await silent.beat()
        while await self.names(living) != ["n-2"]:
            await living.beat()
            await deferLater(reactor, 0.2)
        self.assertEqual(await living.beat(), "n-2")

    async def test_a_node_that_was_stopped_gives_way_to_who_has_its_name_now(self) -> None:
        stopped, other = await self.make_nodes(2)
        await stopped.beat()
        self.lose_heartbeat("n")
        self.patch(nodes, "ALIVE_S", 8)
        self.assertEqual(await other.beat(), "n")
        self.assertEqual(await stopped.beat(), "n-2")
        self.assertEqual(await self.names(other), ["n", "n-2"])

    async def test_a_node_that_leaves_is_gone_at_once(self) -> None:
        first, second = await self.make_nodes(2)
        await first.beat("a")
        await second.beat("b")
        await first.directory.leave()
        self.assertEqual(await self.names(second), ["b"])
        self.assertEqual(await second.directory.take_orphans(), ())
        self.assertEqual(await first.beat("a"), "a")

    async def test_what_is_stored_and_makes_no_sense_is_no_node(self) -> None:
        node, _ = await self.make_nodes(2)
        await node.beat()
        self.server.command("HSET", f"naivechat:{self.namespace}:nodes", "forged", "f")
        for forged in ("not json", "[]", '{"name":"f"}', '{"name":"f","addresses":7}'):
            self.server.command("SET", f"naivechat:{self.namespace}:node:f", forged)
            self.assertEqual(await self.names(node), ["n"])


class TestOrphans(WithNodes):
    async def test_who_came_after_the_last_announcement_is_an_orphan_too(self) -> None:
        dead, survivor = await self.make_nodes(2)
        await dead.beat("dead")
        dead.directory.user_came(UserId("late"))
        key = f"naivechat:{self.namespace}:online:{dead.bus.instance}"
        await self.settle(lambda: self.server.command("SCARD", key) == ":1")
        self.lose_heartbeat("dead")
        self.assertEqual(await self.orphans(survivor), ["late"])

    async def test_people_of_a_dead_node_are_given_to_the_survivors_each_once(self) -> None:
        dead, first, second = await self.make_nodes(3)
        for user_id in people(1_234):
            dead.directory.user_came(user_id)
        await dead.beat("dead")
        await first.beat("a")
        await second.beat("b")
        self.lose_heartbeat("dead")
        taken: list[list[UserId]] = await gatherResults(
            [Deferred.fromCoroutine(self.orphans(node)) for node in (first, second)]
        )
        self.assertEqual(sorted(taken[0] + taken[1]), sorted(people(1_234)))
        self.assertEqual(await self.names(first), ["a", "b"])
        self.assertEqual(self.server.command("HLEN", f"naivechat:{self.namespace}:nodes"), ":2")

    async def test_only_who_was_still_there_is_an_orphan(self) -> None:
        dead, survivor = await self.make_nodes(2)
        for user_id in people(3):
            dead.directory.user_came(user_id)
        await dead.beat("dead")
        dead.directory.user_went(UserId("u1"))
        dead.directory.user_came(UserId("late"))
        dead.directory.user_came(UserId("short"))
        dead.directory.user_went(UserId("short"))
        await dead.beat("dead")
        self.lose_heartbeat("dead")
        self.assertEqual(sorted(await self.orphans(survivor)), ["late", "u0", "u2"])

    async def test_the_living_have_no_orphans(self) -> None:
        first, second = await self.make_nodes(2)
        first.directory.user_came(UserId("ann"))
        await first.beat("a")
        await second.beat("b")
        self.assertEqual(await second.directory.take_orphans(), ())
        self.lose_heartbeat("a")
        self.assertEqual(await first.directory.take_orphans(), ())  # its own people it knows

    async def test_who_is_connected_to_a_node_that_leaves_is_an_orphan_at_once(self) -> None:
        leaving, survivor = await self.make_nodes(2)
        for user_id in people(2):
            leaving.directory.user_came(user_id)
        await leaving.beat("a")
        leaving.directory.user_went(UserId("u0"))
        await leaving.directory.leave()
        self.assertEqual(await self.orphans(survivor), ["u1"])

    async def test_a_missing_heartbeat_means_nothing_until_redis_has_been_there_for_long_enough(self) -> None:
        other, node = await self.make_nodes(2)
        other.directory.user_came(UserId("ann"))
        await other.beat("a")
        self.server.command("DEL", f"naivechat:{self.namespace}:node:a")
        self.assertEqual(await node.directory.take_orphans(), ())
        self.patch(nodes, "ALIVE_S", 0)
        self.assertEqual(await node.directory.take_orphans(), ("ann",))

    async def test_a_node_that_was_taken_for_dead_notes_its_people_again(self) -> None:
        node, other = await self.make_nodes(2)
        for user_id in people(3):
            node.directory.user_came(user_id)
        await node.beat("a")
        self.lose_heartbeat("a")
        self.assertEqual(len(await self.orphans(other)), 3)
        self.patch(nodes, "ALIVE_S", 8)
        await node.beat("a")
        await node.directory.leave()
        self.assertEqual(sorted(await self.orphans(other)), people(3))
