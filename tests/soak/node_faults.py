"""What can go wrong with a node's machine: its clock, its files."""

import os
import resource
import socket
from contextlib import ExitStack
from pathlib import Path

from twisted.internet.threads import deferToThread

from naivechat.protocol.session import HeartbeatRequest, HeartbeatResponse
from tests.servers import REPOSITORY, NodeProcess
from tests.soak.scene import Outcome, Scene
from tests.wire import ConnectionEnded, WireClient

CLOCK = "clock"
HOUR_MS = 3_600_000
ANSWERS_WITHIN_S = 2.0
TRIES = 5


def clock_environment(folder: Path) -> dict[str, str]:
    """What a node with this folder is started with, whose wall clock `turn_clock` can turn."""
    (folder / CLOCK).write_text("0")
    path = os.pathsep.join([str(Path(__file__).with_name("clock")), str(REPOSITORY)])
    return {"PYTHONPATH": path, "TURNED_CLOCK": str(folder / CLOCK)}


async def turn_clock(scene: Scene) -> Outcome:
    """One node's clock is an hour ahead or behind for some seconds."""
    node, hours = scene.random.choice(scene.system.nodes), scene.random.choice((-1, 1))
    before_ms = await deferToThread(_time_of, node)
    (node.directory / CLOCK).write_text(str(hours * 3_600))
    await scene.wait(4, 12)
    turned_ms = await deferToThread(_time_of, node)
    (node.directory / CLOCK).write_text("0")
    moved_ms = (turned_ms or 0) - (before_ms or 0)
    return abs(moved_ms - hours * HOUR_MS) < HOUR_MS / 2, f"{node.pid} by {moved_ms / HOUR_MS:.2f} h"


async def exhaust_files(scene: Scene) -> Outcome:
    """One node may open no more files or sockets for some seconds: connections have taken the last."""
    node = scene.random.choice(scene.system.nodes)
    limits = resource.prlimit(node.pid, resource.RLIMIT_NOFILE)
    last = max(int(link.name) for link in Path(f"/proc/{node.pid}/fd").iterdir())
    resource.prlimit(node.pid, resource.RLIMIT_NOFILE, (last + 1, limits[1]))
    with ExitStack() as ending:
        ending.callback(resource.prlimit, node.pid, resource.RLIMIT_NOFILE, limits)
        refused = False
        for _ in range(TRIES):
            # What another fault cuts off meanwhile leaves room again: that is taken, too.
            for _ in range(last):
                ending.enter_context(socket.create_connection((node.host, node.port), timeout=5))
            refused = await deferToThread(_time_of, node) is None
            if refused:
                break
        await scene.wait(2, 6)
    return refused, f"{node.pid} had {last + 1}"


def _time_of(node: NodeProcess) -> int | None:
    """What a node takes the time to be, in milliseconds; None when it does not answer a newcomer."""
    try:
        with WireClient(node.port) as client:
            client.socket.settimeout(ANSWERS_WITHIN_S)
            answer = client.request(HeartbeatRequest(rid=0))
    except (OSError, ConnectionEnded):
        return None
    return answer.server_time if isinstance(answer, HeartbeatResponse) else None
