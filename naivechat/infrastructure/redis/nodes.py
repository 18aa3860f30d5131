"""The registry of nodes, in Redis.

Keys, behind `naivechat:<namespace>:`

    node:<name>         the heartbeat of the node of that name, for 8 s: a string, JSON
    nodes               instance → name of all nodes, also of dead ones until their people are taken care of: a hash
    online:<instance>   ids of the people connected to a node: a set
"""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import attrs
from twisted.internet.defer import Deferred, DeferredLock, TimeoutError
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from naivechat.domain.errors import Unavailable
from naivechat.domain.node import NodeStatus
from naivechat.domain.user import UserId
from naivechat.infrastructure.redis import node_record
from naivechat.infrastructure.redis.bus import RedisBus
from naivechat.infrastructure.redis.connection import within
from naivechat.infrastructure.redis.node_record import NodeRecord, Process
from naivechat.infrastructure.redis.online_set import OnlineSet

ALIVE_S = 8
ORPHANS_AT_ONCE = 500
NOTED_S = 0.1
"""Who comes or goes is noted this much later, with all who did so meanwhile: a node that dies before leaves nobody to tell of it."""
DEADLINE_S = 5.0
NAMES_TRIED = 100
WRITES_TRIED = 3
"""Another node, or the end of its own 8 s, may change a heartbeat between a look and a write."""

T = TypeVar("T")

_log = Logger()


@attrs.frozen(kw_only=True)
class _Entry:
    """A node of the index, and the heartbeat of its name. A name of "" is of a node that has left."""

    instance: str
    name: str
    record: NodeRecord | None

    @property
    def is_alive(self) -> bool:
        return self.record is not None and self.record.status.instance == self.instance

    @property
    def has_gone(self) -> bool:
        """Whether it has left, or another node has its name by now."""
        return not self.name or (self.record is not None and not self.is_alive)


class RedisNodeDirectory:
    """Implements `domain.node_ports.NodeDirectory` on the bus's link for commands.

    Args:
        bus: whose instance is the node's.
        here: the process to be known as; is_running: whether a process of this host is there.
    """

    def __init__(
        self,
        bus: RedisBus,
        *,
        here: Process | None = None,
        is_running: Callable[[int], bool] = node_record.is_running,
    ) -> None:
        self._bus = bus
        self._commands = bus.commands
        self._here = here or Process.this()
        self._is_running = is_running
        self._name = ""
        self._noting: IDelayedCall | None = None
        self._online = OnlineSet(bus.commands)
        # A transaction watches its key on the one link: two at a time would end each other's watch.
        self._announcing = DeferredLock()

    async def announce(self, status: NodeStatus) -> str:
        """Say that this node is there: its name. Unavailable."""
        return await self._alone(lambda: self._announce(status))

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        """The living nodes by name. Unavailable."""
        entries = await self._in_time(self._entries)
        living = (entry.record.status for entry in entries if entry.record is not None and entry.is_alive)
        return tuple(sorted(living, key=lambda status: status.name))

    async def leave(self) -> None:
        """This node goes. Unavailable."""
        self._note_no_more()
        await self._alone(self._leave)

    def user_came(self, user_id: UserId) -> None:
        """Noted a moment later, or with the next announcement."""
        self._online.came(user_id)
        self._note_soon()

    def user_went(self, user_id: UserId) -> None:
        """Noted a moment later, or with the next announcement."""
        self._online.went(user_id)
        self._note_soon()

    async def take_orphans(self) -> tuple[UserId, ...]:
        """People of a dead node, at most 500, each given to one node only. Unavailable."""
        return await self._in_time(self._take_orphans)

    def _note_soon(self) -> None:
        if self._noting is None and self._name:
            self._noting = self._commands.clock.callLater(NOTED_S, self._note)

    def _note(self) -> None:
        self._noting = None
        noting = Deferred.fromCoroutine(self._alone(self._note_online))
        # The next announcement notes it again.
        noting.addErrback(lambda failure: failure.trap(Unavailable))
        noting.addErrback(lambda failure: _log.failure("people could not be noted", failure))

    def _note_no_more(self) -> None:
        if self._noting is not None:
            self._noting.cancel()
            self._noting = None

    async def _note_online(self) -> None:
        self._note_no_more()
        if self._name:
            await self._online.note(self._online_key(self._bus.instance))

    async def _announce(self, status: NodeStatus) -> str:
        for name in _names(self._name, status.name):
            if await self._claim(attrs.evolve(status, name=name)):
                self._name = name
                await self._note_online()
                return name
        raise Unavailable("All names for this node are taken.")

    async def _claim(self, status: NodeStatus) -> bool:
        """Write the heartbeat under its name, unless another living node has that."""
        record = NodeRecord(status=attrs.evolve(status, instance=self._bus.instance), process=self._here)
        return await self._write_node(
            status.name,
            ("SET", self._node_key(status.name), record.encode(), "EX", ALIVE_S),
            ("HSET", self._index, self._bus.instance, status.name),
        )

    async def _leave(self) -> None:
        await self._online.note(self._online_key(self._bus.instance))
        if self._name:
            index = ("HSET", self._index, self._bus.instance, "")
            await self._write_node(self._name, ("DEL", self._node_key(self._name)), index)
        self._name = ""

    async def _write_node(self, name: str, *commands: tuple[str | int | bytes, ...]) -> bool:
        """Run commands at once if the name is free or ours; whether it was, and stayed so until then."""
        key = self._node_key(name)
        for _ in range(WRITES_TRIED):
            _, stored = await self._commands.run_all([("WATCH", key), ("GET", key)])
            if not self._may_have(NodeRecord.decode(stored)):
                await self._commands.run("UNWATCH")
                return False
            if await self._commands.run_at_once(commands) is not None:
                return True
        return False

    def _may_have(self, record: NodeRecord | None) -> bool:
        return (
            record is None
            or record.status.instance == self._bus.instance
            or record.is_dead(self._here, self._is_running)
        )

    async def _entries(self) -> list["_Entry"]:
        names = await self._names_by_instance()
        keys = [self._node_key(name) for name in names.values()]
        stored = await self._commands.run("MGET", *keys) if keys else []
        return [
            _Entry(instance=instance, name=name, record=NodeRecord.decode(heartbeat))
            for (instance, name), heartbeat in zip(names.items(), stored, strict=True)
        ]

    async def _names_by_instance(self) -> dict[str, str]:
        answer = [word.decode(errors="replace") for word in await self._commands.run("HGETALL", self._index)]
        return dict(zip(answer[::2], answer[1::2], strict=True))

    async def _take_orphans(self) -> tuple[UserId, ...]:
        for instance in await self._dead_instances():
            orphans = await self._commands.run("SPOP", self._online_key(instance), ORPHANS_AT_ONCE)
            if orphans:
                return tuple(UserId(user_id.decode(errors="replace")) for user_id in orphans)
            await self._commands.run("HDEL", self._index, instance)
        return ()

    async def _dead_instances(self) -> list[str]:
        # Heartbeats that ended while Redis was away or took none mean nothing: who lives needs time to be heard of again.
        up_since_s, refused_at_s = self._commands.up_since_s, self._commands.refused_at_s
        steady_since_s = max(up_since_s or 0.0, refused_at_s or 0.0)
        counts = up_since_s is not None and self._commands.clock.seconds() - steady_since_s >= ALIVE_S
        return [
            entry.instance
            for entry in await self._entries()
            if entry.instance != self._bus.instance and (entry.has_gone or (counts and not entry.is_alive))
        ]

    async def _alone(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async def in_turn() -> T:
            async with self._announcing:
                return await work()

        return await self._in_time(in_turn)

    async def _in_time(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        try:
            return await within(self._commands.clock, DEADLINE_S, work())
        except TimeoutError as error:
            raise Unavailable("Redis does not answer: try again.") from error

    def _node_key(self, name: str) -> str:
        return f"{self._bus.prefix}node:{name}"

    def _online_key(self, instance: str) -> str:
        return f"{self._bus.prefix}online:{instance}"

    @property
    def _index(self) -> str:
        return f"{self._bus.prefix}nodes"


def _names(current: str, wished: str) -> Iterator[str]:
    """The names to try, the best first."""
    if current:
        yield current
    yield wished
    yield from (f"{wished}-{number}" for number in range(2, NAMES_TRIED))
