"""What makes a node one of many: it joins, is heard of, repairs what it missed, and goes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat import __version__
from naivechat.application.nodes import Nodes
from naivechat.domain.errors import Unavailable
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_ports import NewsFeed, NodeBus
from naivechat.domain.ports import Clock
from naivechat.periodic import Periodic
from naivechat.sockets.bell import Topic
from naivechat.sockets.server import Counts, Server
from naivechat.sockets.sweep import SWEEP_EVERY_S

BEAT_EVERY_S = 1.0
ORPHANS_EVERY_S = 2.0
FORGET_EVERY_S = 30.0

_log = Logger()


class StartableBus(NodeBus, Protocol):
    """A bus with a life of its own."""

    async def start(self, namespace: str) -> None:
        """Connect, and meet the nodes of the same namespace; returns when that is done, or after 2 s, to go on trying."""

    async def stop(self) -> None:
        """Send what was published, and disconnect."""


class SideLine(Protocol):
    """What nodes say to each other beside bells: what operators tell them to do, and what they ask about."""

    def listen(self) -> None:
        """Hear it from now on."""

    def concerns(self, topic: str) -> bool:
        """Whether what comes on a topic belongs here."""

    def received(self, payload: bytes) -> None:
        """Do as told, or answer; what cannot be understood changes nothing."""


class Membership(Protocol):
    """A node's relation to others; called in this order."""

    async def join(self) -> None:
        """Before connections are taken. Unavailable: the database is away."""

    def open(self, addresses: Sequence[str]) -> None:
        """Connections are taken, at these addresses."""

    def begin_leaving(self) -> None:
        """No more connections are taken."""

    def tell(self) -> None:
        """Something of this node has changed that operators look at: say so soon."""

    async def leave(self) -> None:
        """All connections are closed."""


@attrs.define(kw_only=True)
class Portrait:
    """What a node says of itself. `counts`, `figures` (those of the last seconds) and `log_level` are asked each time."""

    _name: str
    _instance: str
    _clock: Clock
    counts: Callable[[], Counts] = Counts
    figures: Callable[[], Figures] = lambda: Figures(at_ms=0)
    log_level: Callable[[], str] = str
    addresses: tuple[str, ...] = ()
    draining: bool = False
    _started_at_ms: int = attrs.field(init=False)
    _drawn_at_ms: int = attrs.field(init=False)
    _stored: int = attrs.field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self._started_at_ms = self._drawn_at_ms = self._clock()

    def draw(self) -> NodeStatus:
        """The node as it is now; its rate of messages since the last time."""
        now_ms, counts, figures = self._clock(), self.counts(), self.figures()
        elapsed_s = max(now_ms - self._drawn_at_ms, 1) / 1000
        rate = (counts.stored - self._stored) / elapsed_s
        self._stored, self._drawn_at_ms = counts.stored, now_ms
        return NodeStatus(
            name=self._name,
            instance=self._instance,
            addresses=self.addresses,
            version=__version__,
            started_at_ms=self._started_at_ms,
            beat_at_ms=now_ms,
            connections=counts.connections,
            users=counts.users,
            messages_per_s=round(rate, 1),
            draining=self.draining,
            log_level=self.log_level(),
            log_queue_length=figures.log_queue_length,
            commit_p50_ms=figures.commit_p50_ms,
            commit_p99_ms=figures.commit_p99_ms,
            delivery_p50_ms=figures.delivery_p50_ms,
            delivery_p99_ms=figures.delivery_p99_ms,
        )


class Alone:
    """A node without others: only ended sessions are looked for, and its own state is noted for its operator."""

    def __init__(self, server: Server, nodes: Nodes, portrait: Portrait, clock: IReactorTime) -> None:
        self._server = server
        self._portrait = portrait
        self._sweep = _sweep(server, clock)
        self._beat = Periodic("heartbeat", nodes.beat, lambda: BEAT_EVERY_S, clock)

    async def join(self) -> None:
        """Nobody to join."""
        _log.info("this node stays alone: without --redis it does not meet other nodes on its database")

    def open(self, addresses: Sequence[str]) -> None:
        """Nobody to tell."""
        self._portrait.addresses = tuple(addresses)
        self._sweep.start()
        self._beat.start()

    def begin_leaving(self) -> None:
        """Friends of those who are connected are leaving too."""
        self._server.reporter.stop()
        self._portrait.draining = True
        self._beat.soon()

    def tell(self) -> None:
        """Note the change at once."""
        self._beat.soon()

    async def leave(self) -> None:
        """Nobody stays."""
        await self._sweep.stop()
        await self._beat.stop()


class Member:
    """A node beside others: those on the same history of a database, which `read_epoch` names."""

    def __init__(
        self,
        *,
        server: Server,
        bus: StartableBus,
        feed: NewsFeed,
        nodes: Nodes,
        portrait: Portrait,
        side_lines: Sequence[SideLine],
        read_epoch: Callable[[], Awaitable[str]],
        clock: IReactorTime,
    ) -> None:
        self._server = server
        self._bus = bus
        self._feed = feed
        self._read_epoch = read_epoch
        self._nodes = nodes
        self._portrait = portrait
        self._side_lines = side_lines
        repair = server.make_repair(feed, bus)
        self._repair = Periodic("repair", repair.look, repair.interval_s, clock)
        self._sweep = _sweep(server, clock)
        self._beat = Periodic("heartbeat", self._beat_once, lambda: BEAT_EVERY_S, clock)
        self._orphans = Periodic("presence", nodes.tell_of_orphans, lambda: ORPHANS_EVERY_S, clock)
        self._forget = Periodic("news", feed.forget_old, lambda: FORGET_EVERY_S, clock)
        self._known: frozenset[str] = frozenset()

    async def join(self) -> None:
        """Hear the others from now on."""
        self._bus.subscribe(self)
        for line in self._side_lines:
            line.listen()
        await self._bus.start(await self._read_epoch())
        await self._feed.begin()

    def open(self, addresses: Sequence[str]) -> None:
        """Be known to the others."""
        self._portrait.addresses = tuple(addresses)
        for periodic in self._periodics:
            periodic.start()

    def begin_leaving(self) -> None:
        """Be known as going; of whoever comes to no other node the others tell."""
        self._server.reporter.stop()
        self._server.resync.stop()
        self._portrait.draining = True
        self._beat.soon()

    def tell(self) -> None:
        """Tell the others with a heartbeat at once."""
        self._beat.soon()

    async def leave(self) -> None:
        """Be known no more."""
        for periodic in self._periodics:
            await periodic.stop()
        try:
            await self._nodes.leave()
        except Unavailable as error:
            _log.info("the other nodes could not be told of our leaving: {error}", error=error)
        await self._bus.stop()

    def received(self, topic: str, payload: bytes) -> None:
        """Another node has told something."""
        for line in self._side_lines:
            if line.concerns(topic):
                line.received(payload)
                return
        self._server.fan_out.received(Topic(topic), payload)

    def restored(self) -> None:
        """Something was missed: repair what the database knows, let clients look for the rest."""
        self._repair.soon()
        self._sweep.soon()
        self._server.fan_out.announce_sessions()
        self._server.resync.begin()

    @property
    def _periodics(self) -> tuple[Periodic, ...]:
        return self._beat, self._repair, self._orphans, self._sweep, self._forget

    async def _beat_once(self) -> None:
        before, now = self._nodes.now.name, await self._nodes.beat()
        if now.name != before:
            _log.info(
                "this node is called {node}: another one has the name {wished}", node=now.name, wished=before
            )
        known = frozenset(node.name for node in now.others)
        for name in sorted(known - self._known):
            _log.info("node {node} is there", node=name)
        for name in sorted(self._known - known):
            _log.info("node {node} is gone", node=name)
        self._known = known


def _sweep(server: Server, clock: IReactorTime) -> Periodic:
    return Periodic("sessions", server.sweep.look, lambda: SWEEP_EVERY_S, clock)
