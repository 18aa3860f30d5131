"""Where faults happen, and what all of them need: time that passes, and a look at whether it happened."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import attrs
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from tests.redis_server import RedisServer
from tests.servers import MariaDBServer, NodeProcess
from tests.soak.bus_proxy import BusProxy
from tests.soak.device import Device
from tests.soak.system import System

START_WITHIN_S = 120.0
START_AGAIN_AFTER_S = 1.0
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


async def killed(scene: Scene, server: MariaDBServer | RedisServer) -> Outcome:
    """SIGKILL, and a start some time later."""
    pid = server.pid
    await deferToThread(server.kill)
    gone = not exists(pid)
    away_s = await scene.wait(0.1, 5)
    await deferToThread(server.start)
    return gone, f"{pid} away for {away_s:.1f} s"


async def stopped(scene: Scene, process: Stoppable, least_s: float, most_s: float) -> Outcome:
    """SIGSTOP, and SIGCONT some time later."""
    pid = process.pid
    process.pause()
    try:
        stands = await scene.seen(lambda: state_of(pid) == "T")
        stopped_s = await scene.wait(least_s, most_s)
    finally:
        process.resume()
    return stands, f"{pid} for {stopped_s:.1f} s"


def start_as_a_supervisor(node: NodeProcess) -> None:
    """Start a node, again if it ends because something else is broken at the moment, as what supervises nodes does. Blocks."""
    deadline_s = time.monotonic() + START_WITHIN_S
    while True:
        try:
            return node.start(START_WITHIN_S)
        except AssertionError:
            if node.is_running or time.monotonic() > deadline_s:
                raise
        time.sleep(START_AGAIN_AFTER_S)


def mariadb_of(scene: Scene) -> MariaDBServer:
    """The database server, where it is ours."""
    assert scene.system.mariadb is not None, "this database is not ours to break"
    return scene.system.mariadb


def redis_of(scene: Scene) -> RedisServer:
    """Redis, where there is one."""
    assert scene.system.redis is not None, "a node alone has no Redis"
    return scene.system.redis


def bus_of(scene: Scene) -> BusProxy:
    """What stands before Redis."""
    assert scene.system.bus is not None, "a node alone has no Redis"
    return scene.system.bus


def exists(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    return state_of(pid) not in ("", "Z", "X")


def state_of(pid: int) -> str:
    """A process's state as a letter; "" when there is none."""
    try:
        # The name before it, in parentheses, may hold anything.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
