"""What can go wrong, and how it is seen that it did. Every fault is over, and undone, when its function returns."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import attrs
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from tests.redis_server import RedisServer
from tests.servers import MariaDBServer, NodeProcess
from tests.soak.device import Device
from tests.soak.system import System

START_WITHIN_S = 120.0
SEEN_WITHIN_S = 5.0

Stoppable: TypeAlias = NodeProcess | MariaDBServer | RedisServer


@attrs.frozen(kw_only=True)
class Scene:
    """Where faults happen. `patience` scales how long they last (1: seconds)."""

    system: System
    devices: tuple[Device, ...]
    random: Random
    clock: Any
    patience: float = 1.0

    async def wait(self, least_s: float, most_s: float) -> float:
        """Let some time pass; how much."""
        seconds = self.random.uniform(least_s, most_s) * self.patience
        await deferLater(self.clock, seconds)
        return seconds

    async def seen(self, condition: Callable[[], bool]) -> bool:
        """Whether something holds within a few seconds."""
        for _ in range(int(SEEN_WITHIN_S / 0.05)):
            if condition():
                return True
            await deferLater(self.clock, 0.05)
        return condition()


Outcome: TypeAlias = tuple[bool, str]
"""Whether it was seen to happen, and in a few words what did."""


async def kill_node(scene: Scene) -> Outcome:
    """SIGKILL to a node, started again a little later."""
    return await _kill_nodes(scene, [scene.random.choice(scene.system.nodes)])


async def kill_all_nodes(scene: Scene) -> Outcome:
    """SIGKILL to every node at once."""
    return await _kill_nodes(scene, list(scene.system.nodes))


async def _kill_nodes(scene: Scene, nodes: list[NodeProcess]) -> Outcome:
    pids = [node.pid for node in nodes]
    for node in nodes:
        await deferToThread(node.kill)
    gone = not any(map(_exists, pids))
    away_s = await scene.wait(0.1, 3)
    for node in nodes:
        await deferToThread(node.start, START_WITHIN_S)
    return gone and all(map(_exists, [node.pid for node in nodes])), f"{pids} away for {away_s:.1f} s"


async def restart_node(scene: Scene) -> Outcome:
    """SIGTERM to a node, which leaves in order, and is started again."""
    node = scene.random.choice(scene.system.nodes)
    pid = node.pid
    node.terminate()
    status = await deferToThread(node.wait)
    gone = not _exists(pid)
    await scene.wait(0, 2)
    await deferToThread(node.start, START_WITHIN_S)
    return gone and status == 0, f"{pid} ended with status {status}"


async def stop_node(scene: Scene) -> Outcome:
    """SIGSTOP to a node for some seconds."""
    return await _stopped(scene, scene.random.choice(scene.system.nodes), 2, 15)


async def stop_node_long(scene: Scene) -> Outcome:
    """SIGSTOP to a node for so long that everybody gives it up."""
    return await _stopped(scene, scene.random.choice(scene.system.nodes), 30, 120)


async def kill_redis(scene: Scene) -> Outcome:
    """SIGKILL to Redis, started again, empty."""
    return await _killed(scene, scene.system.redis)


async def stop_redis(scene: Scene) -> Outcome:
    """SIGSTOP to Redis for some seconds."""
    return await _stopped(scene, scene.system.redis, 2, 15)


async def flush_redis(scene: Scene) -> Outcome:
    """Redis forgets all keys."""
    redis = scene.system.redis
    before = await deferToThread(redis.command, "DBSIZE")
    answer = await deferToThread(redis.command, "FLUSHALL")
    return answer == "+OK", f"there were {before[1:]} keys"


async def kill_database(scene: Scene) -> Outcome:
    """SIGKILL to MariaDB, which recovers when it is started again."""
    return await _killed(scene, _mariadb(scene))


async def stop_database(scene: Scene) -> Outcome:
    """SIGSTOP to MariaDB for some seconds."""
    return await _stopped(scene, _mariadb(scene), 1, 12)


async def drop_clients(scene: Scene) -> Outcome | None:
    """Some clients' connections break."""
    online = [device for device in scene.devices if device.is_online]
    if not online:
        return None
    chosen = scene.random.sample(online, scene.random.randint(1, len(online)))
    before = {device.name: device.losses for device in chosen}
    dropped = [device for device in chosen if device.drop()]
    lost = await scene.seen(lambda: all(device.losses > before[device.name] for device in dropped))
    return bool(dropped) and lost, f"{len(dropped)} connections"


async def cut_bus(scene: Scene) -> Outcome:
    """Nodes lose their connections to Redis and get no others for some seconds."""
    count = scene.system.bus.cut()
    away_s = await scene.wait(0.1, 8)
    scene.system.bus.mend()
    return count > 0, f"{count} connections, for {away_s:.1f} s"


async def delay_bus(scene: Scene) -> Outcome:
    """Everything between nodes and Redis comes late."""
    bus = scene.system.bus
    before, bus.delay_s = bus.delayed, scene.random.uniform(0.05, 2)
    await scene.wait(3, 10)
    detail = f"{bus.delayed - before} pieces by {bus.delay_s:.2f} s"
    bus.mend()
    return bus.delayed > before, detail


async def spoil_bus(scene: Scene) -> Outcome:
    """Of what is published 30 % is lost, 30 % doubled, 30 % swapped."""
    bus = scene.system.bus
    before, bus.loss = bus.spoiled, 0.3
    await scene.wait(3, 10)
    bus.mend()
    return bus.spoiled > before, f"{bus.spoiled - before} messages"


@attrs.frozen
class FaultKind:
    """A fault by name: what it strikes, and how. None is the outcome when there was nothing to strike."""

    strikes: str
    happen: Callable[[Scene], Awaitable[Outcome | None]]
    weight: float = 1.0


FAULTS: dict[str, FaultKind] = {
    "kill-node": FaultKind("nodes", kill_node, 3),
    "kill-all-nodes": FaultKind("nodes", kill_all_nodes, 0.5),
    "restart-node": FaultKind("nodes", restart_node, 2),
    "stop-node": FaultKind("nodes", stop_node, 2),
    "stop-node-long": FaultKind("nodes", stop_node_long, 0.3),
    "kill-redis": FaultKind("bus", kill_redis),
    "stop-redis": FaultKind("bus", stop_redis),
    "flush-redis": FaultKind("bus", flush_redis),
    "cut-bus": FaultKind("bus", cut_bus),
    "delay-bus": FaultKind("bus", delay_bus),
    "spoil-bus": FaultKind("bus", spoil_bus),
    "kill-database": FaultKind("database", kill_database),
    "stop-database": FaultKind("database", stop_database),
    "drop-clients": FaultKind("clients", drop_clients, 2),
}
"""Every kind of fault; `weight` is how often it is chosen, beside others."""


async def _killed(scene: Scene, server: MariaDBServer | RedisServer) -> Outcome:
    pid = server.pid
    await deferToThread(server.kill)
    gone = not _exists(pid)
    away_s = await scene.wait(0.1, 5)
    await deferToThread(server.start)
    return gone, f"{pid} away for {away_s:.1f} s"


async def _stopped(scene: Scene, process: Stoppable, least_s: float, most_s: float) -> Outcome:
    pid = process.pid
    process.pause()
    try:
        stands = await scene.seen(lambda: _state(pid) == "T")
        stopped_s = await scene.wait(least_s, most_s)
    finally:
        process.resume()
    return stands, f"{pid} for {stopped_s:.1f} s"


def _mariadb(scene: Scene) -> MariaDBServer:
    assert scene.system.mariadb is not None, "this database is not ours to break"
    return scene.system.mariadb


def _exists(pid: int) -> bool:
    return _state(pid) not in ("", "Z", "X")


def _state(pid: int) -> str:
    """A process's state as a letter; "" when there is none."""
    try:
        # The name before it, in parentheses, may hold anything.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
