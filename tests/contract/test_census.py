"""Asking who is connected where, on a real Redis: nodes that are there answer, and nobody waits for those that are not."""

from collections.abc import Sequence

from twisted.internet import reactor

from naivechat.domain.directory import LiveSession, LiveSessions, OnlineQuery
from naivechat.domain.user import UserId
from naivechat.infrastructure.census import TOPIC, BusCensus
from naivechat.infrastructure.redis.bus import RedisBus
from tests.contract.redis_buses import OnOwnRedis, OnRedis, until

LI, HAN = UserId("li"), UserId("han")


class Node:
    """A bus with some people on it, each by one device."""

    def __init__(self, bus: RedisBus, name: str, *user_ids: UserId) -> None:
        self.bus, self.name, self.user_ids = bus, name, user_ids
        self.census = BusCensus(bus, bus.instance, self, reactor)
        bus.subscribe(self)
        self.census.listen()

    def session(self, user_id: UserId) -> LiveSession:
        return LiveSession(user_id=user_id, device=self.name, node=self.name, address="::1", began_at_ms=7)

    def list_sessions(self, user_ids: Sequence[UserId]) -> tuple[LiveSession, ...]:
        return tuple(self.session(user_id) for user_id in self.user_ids if user_id in user_ids)

    def list_online(self, query: OnlineQuery) -> tuple[UserId, ...]:
        return tuple(sorted(self.user_ids)[: query.limit + 1])

    def received(self, topic: str, payload: bytes) -> None:
        assert self.census.concerns(topic)
        self.census.received(payload)

    def restored(self) -> None:
        """Nothing was missed."""


class TestCensus(OnRedis):
    async def make_node(self, name: str, *user_ids: UserId) -> Node:
        node = Node(await self.make_bus(), name, *user_ids)
        assert await node.bus.confirmed([TOPIC, f"{TOPIC}:{node.bus.instance}"])
        return node

    async def test_all_nodes_answer(self) -> None:
        alpha = await self.make_node("alpha", LI)
        beta, _ = await self.make_node("beta", LI, HAN), await self.make_node("gamma")
        found = await alpha.census.list_sessions([LI])
        self.assertEqual(found, LiveSessions(sessions=(alpha.session(LI), beta.session(LI))))
        online = await alpha.census.list_online(OnlineQuery())
        self.assertEqual((online.user_ids, online.is_whole), ((HAN, LI), True))

    async def test_a_node_that_has_gone_is_not_waited_for(self) -> None:
        alpha, beta = await self.make_node("alpha"), await self.make_node("beta", LI)
        await beta.bus.stop()
        self.assertEqual(await alpha.census.list_sessions([LI]), LiveSessions())

    async def test_a_node_that_knows_no_questions_is_not_waited_for(self) -> None:
        alpha, older = await self.make_node("alpha"), await self.make_bus()
        older.listen(f"user:{LI}")
        assert await older.confirmed([f"user:{LI}"])
        self.assertEqual(await alpha.census.list_sessions([LI]), LiveSessions())


class TestCensusWithoutRedis(OnOwnRedis):
    async def test_a_node_tells_of_its_own_sessions_and_that_there_may_be_more(self) -> None:
        alpha = Node(await self.make_bus(), "alpha", LI)
        self.server.kill()
        await until(lambda: not alpha.bus.is_connected)
        found = await alpha.census.list_sessions([LI])
        self.assertEqual(found, LiveSessions(sessions=(alpha.session(LI),), is_whole=False))
