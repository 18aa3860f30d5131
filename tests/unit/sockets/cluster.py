"""Several nodes in memory on one store, joined by a hub of buses."""

import attrs
from twisted.internet.task import Clock

from naivechat.domain.group import GroupEventKind
from naivechat.domain.group_record import change_in
from naivechat.domain.message import GROUP_EVENT
from naivechat.domain.node_ports import News, StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.sockets.bell import Topic
from naivechat.sockets.push_order import WAIT_FOR_BUS_S
from naivechat.sockets.repair import Repair
from tests import fakes
from tests.fakes import done
from tests.node_buses import MemoryHub
from tests.unit.sockets.node import MemoryNode


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
        bus = cluster.hub.bus()
        super().__init__(name=name, store=cluster.store, clock=cluster.clock, node_bus=bus)
        bus.subscribe(self)
        self.end_of_bus = bus
        self.news = MemoryNews(cluster.store)
        self.repair = Repair(self.server.fan_out, self.news, bus, self.server.resync)
        done(self.news.begin())

    def received(self, topic: str, payload: bytes) -> None:
        self.server.fan_out.received(Topic(topic), payload)

    def restored(self) -> None:
        """Nodes look at the news when the test says so."""


class Cluster:
    """`names` of nodes on one store, one clock and one hub."""

    def __init__(self, names: str = "a b") -> None:
        self.store, self.clock, self.hub = fakes.Store(), Clock(), MemoryHub(immediate=True)
        self.nodes = [ClusterNode(self, name) for name in names.split()]

    def settle(self) -> None:
        """Let every node look at the news, and read what it misses."""
        for node in self.nodes:
            done(node.repair.look())
        self.clock.pump([WAIT_FOR_BUS_S, WAIT_FOR_BUS_S])
