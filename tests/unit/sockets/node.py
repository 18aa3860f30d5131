"""A node in memory: the real factory, handlers and services on storage in memory, with transports of strings and a clock of our own."""

import itertools
import struct
from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from zope.interface import implementer

from naivechat.application.accounts import Accounts
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.nodes import Nodes
from naivechat.application.presence import Presence
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.domain.appending import Appended, Read, ReadMoved, Recall, Send
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.group import GroupId
from naivechat.domain.measure import Measures
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneBus, LoneDirectory
from naivechat.membership import Portrait
from naivechat.protocol import codec
from naivechat.protocol.frame import MAX_NODE_FRAME, FrameReceiver
from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest
from naivechat.protocol.session import LoginRequest
from naivechat.sockets.registry import Registry
from naivechat.sockets.server import Rules, Services, build_server
from tests import fakes
from tests.fakes import done

PASSWORD = "password"


@attrs.define
class GatedLog(fakes.MemoryLog):
    """A log whose appends wait, in order, while `closed`."""

    closed: bool = False
    waiting: list[Deferred[None]] = attrs.Factory(list)

    def submit(self, entry: Send, settled: Callable[[Appended | Exception], None]) -> None:
        passing = Deferred.fromCoroutine(self.pass_gate())
        passing.addCallback(lambda _: super(GatedLog, self).submit(entry, settled))

    async def append(self, entry: Send | Recall) -> Appended:
        await self.pass_gate()
        return await super().append(entry)

    async def read(self, entry: Read) -> ReadMoved:
        await self.pass_gate()
        return await super().read(entry)

    async def pass_gate(self) -> None:
        if self.closed:
            self.waiting.append(Deferred())
            await self.waiting[-1]

    def commit(self, count: int = 1_000_000) -> None:
        now, self.waiting = self.waiting[:count], self.waiting[count:]
        for waiter in now:
            waiter.callback(None)


class GatedTalks:
    """Snapshots that are read at once but come back late, while `closed`; `fails` is raised instead."""

    def __init__(self, talks: fakes.MemoryTalks) -> None:
        self.closed = False
        self.fails: Exception | None = None
        self.waiting: list[Deferred[None]] = []
        self._talks = talks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._talks, name)

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Any:
        snapshot = await self._talks.read_snapshot(user_id, since_ms=since_ms, offset=offset)
        if self.closed:
            self.waiting.append(Deferred())
            await self.waiting[-1]
        if self.fails is not None:
            raise self.fails
        return snapshot

    def come_back(self) -> None:
        waiting, self.waiting = self.waiting, []
        for waiter in waiting:
            waiter.callback(None)


class MemoryNode:
    """The node and all it stands on; nodes may share a store, a clock and a hub of buses."""

    def __init__(
        self,
        policy: FriendPolicy = FriendPolicy.OPEN,
        *,
        name: str = "node-1",
        store: fakes.Store | None = None,
        clock: Clock | None = None,
        node_bus: NodeBus | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.store, self.clock = store or fakes.Store(), clock or Clock()
        self.bus, self.wall_clock = fakes.MemoryBus(), fakes.SetClock()
        self.node_bus = node_bus or LoneBus()
        self.registry, self.log = Registry(self.node_bus, self.wall_clock), GatedLog(self.store)
        self.directory, self.measures = LoneDirectory(), Measures()
        self.portrait = Portrait(name=name, instance=name, clock=self.wall_clock)
        self.talks, self.users = GatedTalks(fakes.MemoryTalks(self.store)), fakes.MemoryUsers(self.store)
        self.friends, self.groups = fakes.MemoryFriends(self.store), fakes.MemoryGroups(self.store)
        self.services = self._services(policy)
        self.server = build_server(
            self.services,
            self.registry,
            log=self.log,
            events=self.bus,
            bus=self.node_bus,
            directory=self.directory,
            reactor=self.clock,
            wall_clock=self.wall_clock,
            measures=self.measures,
            rules=rules,
        )
        self.factory = self.server.doors

    def connect(self, host: str = "127.0.0.1") -> "Client":
        return Client(self, host)

    def register(self, *user_ids: str) -> None:
        for user_id in user_ids:
            done(self.services.accounts.add(UserId(user_id), PASSWORD, user_id.title(), ""))

    def befriend(self, one: str, other: str) -> None:
        done(self.friends.befriend(UserId(one), UserId(other), self.wall_clock()))

    def person(self, user_id: str, device: str | None = None) -> "Client":
        """A connection logged in, on an account made if need be."""
        if UserId(user_id) not in self.store.accounts:
            self.register(user_id)
        client = self.connect()
        client.login(user_id, device=device)
        return client

    def people(self, user_ids: str) -> list["Client"]:
        """Connections logged in, of people who are all friends; what they heard of each other is forgotten."""
        names = user_ids.split()
        self.register(*names)
        for one, other in itertools.combinations(names, 2):
            self.befriend(one, other)
        clients = [self.person(name) for name in names]
        for client in clients:
            client.take()
        return clients

    def _services(self, policy: FriendPolicy) -> Services:
        numbers = itertools.count(1)
        world: dict[str, Any] = {"bus": self.bus, "clock": self.wall_clock}
        accounts = Accounts(
            users=self.users,
            friends=self.friends,
            hasher=fakes.PlainHasher(),
            registration_open=True,
            **world,
        )
        presence = Presence(friends=self.friends, bus=self.bus, directory=self.registry)
        return Services(
            accounts=accounts,
            sessions=Sessions(accounts=accounts, tokens=fakes.MemoryTokens(self.store), **world),
            presence=presence,
            nodes=Nodes(directory=self.directory, presence=presence, describe=self.portrait.draw),
            friends=Friends(users=self.users, friends=self.friends, policy=policy, **world),
            groups=Groups(groups=self.groups, make_group_id=lambda: GroupId(f"g{next(numbers)}"), **world),
            messages=Messages(log=self.log, **world),
            talks=Talks(talks=self.talks, **world),
        )


@implementer(ITCPTransport)
class StringTCP(StringTransport):
    """Remembers what was set on it; `abortConnection` is not a kind of `loseConnection` here."""

    no_delay = keep_alive = aborted = False

    def setTcpNoDelay(self, enabled: bool) -> None:
        self.no_delay = enabled

    def setTcpKeepAlive(self, enabled: bool) -> None:
        self.keep_alive = enabled

    def abortConnection(self) -> None:
        self.aborted = True


class _Reader(FrameReceiver):
    max_frame = MAX_NODE_FRAME

    def __init__(self) -> None:
        self.packets: list[Any] = []

    def frame_received(self, command: int, payload: bytes) -> None:
        self.packets.append(codec.decode(command, payload))

    def frame_refused(self, reason: str) -> None:
        raise AssertionError(reason)


class Client:
    """The other end of a connection."""

    def __init__(self, node: MemoryNode, host: str = "127.0.0.1") -> None:
        self.transport = StringTCP(peerAddress=IPv4Address("TCP", host, 40_000))
        self.protocol = node.factory.buildProtocol(None)
        assert self.protocol is not None
        self.protocol.makeConnection(self.transport)
        self._reader = _Reader()
        self._rids = itertools.count(1)
        self._node = node

    @property
    def is_reading(self) -> bool:
        return self.transport.producerState == "producing"

    @property
    def is_closing(self) -> bool:
        return self.transport.disconnecting

    def send(self, packet: Any) -> int:
        rid = next(self._rids)
        self.send_bytes(codec.encode_frame(attrs.evolve(packet, rid=rid)))
        return rid

    def send_frame(self, command: int, payload: bytes) -> None:
        self.send_bytes(struct.pack("!IB", 1 + len(payload), command) + payload)

    def send_bytes(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def take(self) -> list[Any]:
        """All packets since the last time, and what is to leave with the end of the turn."""
        self._node.clock.advance(0)
        self._reader.dataReceived(self.transport.value())
        self.transport.clear()
        packets, self._reader.packets = self._reader.packets, []
        return packets

    def request(self, packet: Any) -> Any:
        """Send a request and give its answer, which has to be the only packet that comes with its rid."""
        rid = self.send(packet)
        (answer,) = [packet for packet in self.take() if getattr(packet, "rid", 0) == rid]
        return answer

    def login(self, user_id: str, *, password: str = PASSWORD, device: str | None = None) -> Any:
        return self.request(
            LoginRequest(rid=0, protocol=1, user_id=user_id, password=password, device=device)
        )

    def lose(self) -> None:
        """The connection ends, whoever wanted it."""
        self.protocol.connectionLost(Failure(ConnectionDone()))


def uuid(number: int) -> bytes:
    return number.to_bytes(16, "big")


def text_to(friend_id: str, number: int = 1, text: str = "hello") -> MsgRequest:
    return MsgRequest(rid=0, friend_id=friend_id, msg_uuid=uuid(number), msg_type=0, msg_text=text)


def befriending(friend_id: str) -> AddFriendRequest:
    return AddFriendRequest(rid=0, friend_id=friend_id)
