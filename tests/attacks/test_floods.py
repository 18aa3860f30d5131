"""Whatever hostile peers do to a node with its usual limits: others chat on, and nothing of it stays in the node."""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest, MsgResponse
from tests.attacks.flood import CONNECTIONS, FLOODS
from tests.attacks.lengths import many
from tests.attacks.usage import memory_kb, open_sockets
from tests.figures import note
from tests.node_log import complaints
from tests.processes import ChildProcess, wait_until
from tests.servers import REPOSITORY, NodeProcess
from tests.wire import WireClient, new_person

MOST_GROWTH_KB = 64 << 10
BETWEEN_MESSAGES_S = 0.11
"""A person may send ten messages a second."""


FROM_MANY = {"NAIVECHAT_LIMIT": "new-connections=off pages=off"}
"""As if it came from many addresses and people: of one, most would not even be let in."""
FROM_ONE: dict[str, str] = {}
"""The usual limits: they are what keeps the memory of somebody's unread answers small."""


@pytest.fixture(scope="module")
def node(request: pytest.FixtureRequest) -> Iterator[NodeProcess]:
    with NodeProcess(registration="open", environment=request.param) as node:
        yield node


@pytest.fixture(scope="module")
def bystanders(node: NodeProcess) -> Iterator[tuple[WireClient, WireClient]]:
    with new_person(node.port, "ann") as ann, new_person(node.port, "bob") as bob:
        ann.accepted(AddFriendRequest(rid=0, friend_id="bob"))
        yield ann, bob


@pytest.mark.parametrize(
    ("node", "kind"),
    [pytest.param(FROM_ONE if kind == "never-reading" else FROM_MANY, kind, id=kind) for kind in FLOODS],
    indirect=["node"],
)
def test_others_chat_on_and_nothing_stays(
    node: NodeProcess, bystanders: tuple[WireClient, WireClient], kind: str, tmp_path: Path
) -> None:
    for client in bystanders:
        client.take_pushes()
    sockets, memory = open_sockets(node.pid), memory_kb(node.pid)
    seconds = many(30, 2)
    flood = ChildProcess(tmp_path / "flood.log")
    flood.start(
        [sys.executable, "-m", "tests.attacks.flood", kind, str(node.port), str(seconds)], cwd=REPOSITORY
    )
    latencies_s = chat_while_it_runs(flood, bystanders, kind)
    assert flood.wait(timeout_s=30) == 0, flood.log_text
    wait_until(
        lambda: open_sockets(node.pid) <= sockets,
        timeout_s=30,
        otherwise=lambda: f"{sockets} sockets were open before, {open_sockets(node.pid)} are now",
    )
    growth_kb = memory_kb(node.pid) - memory
    p99_ms = 1_000 * statistics.quantiles(latencies_s, n=100, method="inclusive")[-1]
    note(
        "flood",
        kind=kind,
        seconds=seconds,
        attempts=int(flood.log_text),
        messages=len(latencies_s),
        p99_ms=p99_ms,
        growth_kb=growth_kb,
    )
    assert int(flood.log_text) >= CONNECTIONS
    assert growth_kb < MOST_GROWTH_KB
    assert complaints(node.log_text) == []


def chat_while_it_runs(
    flood: ChildProcess, bystanders: tuple[WireClient, WireClient], kind: str
) -> list[float]:
    """One writes to the other until the flood ends; seconds from each message's sending to its being pushed."""
    ann, bob = bystanders
    latencies_s: list[float] = []
    while flood.is_running or len(latencies_s) < 2:
        uuid = f"{kind[:10]} {len(latencies_s):05}".encode().ljust(16)
        began_s = time.monotonic()
        ann.send(MsgRequest(rid=0, friend_id="bob", msg_uuid=uuid, msg_type=0, msg_text="go on"))
        while not isinstance(push := bob.receive(), MsgResponse) or push.msg_uuid != uuid:
            pass
        latencies_s.append(time.monotonic() - began_s)
        time.sleep(BETWEEN_MESSAGES_S)
    return latencies_s
