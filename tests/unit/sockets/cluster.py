"""Several nodes in memory on one store, with a bus between them that loses, doubles and reorders what a test wants."""

from collections.abc import Callable, Collection, Sequence

import attrs
from twisted.internet.task import Clock

from naivechat.domain.group import GroupEventKind
from naivechat.domain.group_record import change_in
from naivechat.domain.message import GROUP_EVENT
from naivechat.domain.ports import BusReceiver, News, StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.sockets.bell import Topic
from naivechat.sockets.push_order import WAIT_FOR_BUS_S
from naivechat.sockets.repair import Repair
from tests import fakes
from tests.fakes import done
from tests.unit.sockets.node import MemoryNode


class Hub:
    """Carries what nodes publish, at once or, while `held`, when the test says so."""

    def __init__(self) -> None:
        self.buses: list[HubBus] = []
        self.held = False
        self.waiting: list[Callable[[], None]] = []

    def carry(self, sender: "HubBus", topic: str, payload: bytes) -> None:
        for bus in self.buses:
            if bus is not sender and topic in bus.topics:
                self._pass(bus, topic, payload)

    def _pass(self, bus: "HubBus", topic: str, payload: bytes) -> None:
        if self.held:
            self.waiting.append(lambda: bus.hear(topic, payload))
        else:
            bus.hear(topic, payload)


@attrs.define(eq=False)
class HubBus:
    """NodeBus: one node's end of a hub."""

    hub: Hub
    is_connected: bool = True
    is_shared: bool = True
    topics: set[str] = attrs.Factory(set)
    receiver: BusReceiver | None = None

    def subscribe(self, receiver: BusReceiver) -> None:
        self.receiver = receiver

    def publish(self, topic: str, payload: bytes) -> None:
        if self.is_connected:
            self.hub.carry(self, topic, payload)

    def hear(self, topic: str, payload: bytes) -> None:
        if self.is_connected and self.receiver is not None:
            self.receiver.received(topic, payload)

    def listen(self, topic: str) -> None:
        self.topics.add(topic)

    def unlisten(self, topic: str) -> None:
        self.topics.discard(topic)

    async def confirmed(self, topics: Collection[str]) -> bool:
        return self.is_connected

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        if not self.is_connected:
            return None
        return tuple(sum(topic in bus.topics for bus in self.hub.buses) for topic in topics)


@attrs.define
class MemoryNews:
    """NewsFeed over the store: whatever was stored since the last look, by whichever node."""

    store: fakes.Store
    heads: dict[TalkId, int] = attrs.Factory(dict)

    async def begin(self) -> None:
        self.heads = {talk_id: head.last_seq for talk_id, head in self.store.log.heads.items()}

    async def read(self) -> News:
        stored = []
        for talk_id, head in self.store.log.heads.items():
            first_seq = self.heads.get(talk_id, 0) + 1
            stored += [self._record(talk_id, seq) for seq in range(first_seq, head.last_seq + 1)]
        await self.begin()
        return News(stored=tuple(stored))

    async def forget_old(self) -> None:
        """Nothing is kept."""

    def _record(self, talk_id: TalkId, seq: int) -> StoredRange:
        message = self.store.log.records[talk_id, seq].message
        joined: tuple[UserId, ...] = ()
        if message.msg_type == GROUP_EVENT:
            kind, user_ids = change_in(message.text)
            joined = user_ids if kind in (GroupEventKind.CREATED, GroupEventKind.JOINED) else ()
        return StoredRange(talk_id=talk_id, first_seq=seq, last_seq=seq, joined=joined)


class ClusterNode(MemoryNode):
    """One of the nodes; hears the others."""

    def __init__(self, cluster: "Cluster", name: str) -> None:
        bus = HubBus(cluster.hub)
        cluster.hub.buses.append(bus)
        super().__init__(name=name, store=cluster.store, clock=cluster.clock, node_bus=bus)
        bus.subscribe(self)
        self.end_of_bus = bus
        self.news = MemoryNews(cluster.store)
        self.repair = Repair(self.server.fan_out, self.news, bus, self.server.resync)
        done(self.news.begin())

    def received(self, topic: str, payload: bytes) -> None:
        self.server.fan_out.received(Topic(topic), payload)

    def restored(self) -> None:
        done(self.repair.look())


class Cluster:
    """`names` of nodes on one store, one clock and one hub."""

    def __init__(self, names: str = "a b") -> None:
        self.store, self.clock, self.hub = fakes.Store(), Clock(), Hub()
        self.nodes = [ClusterNode(self, name) for name in names.split()]

    def settle(self) -> None:
        """Let every node look at the news, and read what it misses."""
        for node in self.nodes:
            done(node.repair.look())
        self.clock.pump([WAIT_FOR_BUS_S, WAIT_FOR_BUS_S])
