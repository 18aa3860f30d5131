"""`make cluster` as somebody meets it who tries it: three nodes, one of which dies, and nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from naivechat.protocol.message import MsgRequest, MsgResponse
from tests.processes import ChildProcess, wait_until
from tests.redis_server import require_redis
from tests.servers import REPOSITORY, require_mariadb
from tests.wire import WireClient
from tools.cluster.__main__ import FIRST_PORT

STARTED = re.compile(r"^ {4}(?P<name>\w+) +pid (?P<pid>\d+) *(?:127\.0\.0\.1:(?P<port>\d+))?$", re.M)


class RunningCluster:
    """A cluster in a folder of its own, as it tells of itself."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "data" / "naivechat.toml"
        self._folder = folder
        self._process = ChildProcess(folder / "cluster.log")

    def start(self) -> None:
        """Return when all is there."""
        command = [sys.executable, "-m", "tools.cluster", str(self._folder / "data")]
        self._process.start(command, cwd=REPOSITORY)
        ready = re.compile(r"^ {4}kill -9 \d+$", re.M)
        wait_until(lambda: ready.search(self.told) is not None, 180, lambda: self.told)

    @property
    def told(self) -> str:
        return self._process.log_text

    @property
    def pids(self) -> dict[str, int]:
        """Of nodes and servers, by name."""
        return {found["name"]: int(found["pid"]) for found in STARTED.finditer(self.told)}

    @property
    def ports(self) -> list[int]:
        """Of the nodes."""
        return [int(found["port"]) for found in STARTED.finditer(self.told) if found["port"]]

    @property
    def password(self) -> str:
        passwords: dict[str, str] = json.loads((self._folder / "data" / "passwords.json").read_text())
        return passwords["people"]

    def interrupt(self) -> int:
        """Ctrl-C: the exit status."""
        self._process.signal(signal.SIGINT)
        return self._process.wait(timeout_s=120)

    def close(self) -> None:
        """End it, whatever has become of it."""
        self._process.signal(signal.SIGTERM)
        self._process.wait(timeout_s=120)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[RunningCluster]:
    require_mariadb()
    require_redis()
    running = RunningCluster(tmp_path)
    with first_port_taken():
        running.start()
    yield running
    running.close()


@contextmanager
def first_port_taken() -> Iterator[None]:
    """By us, if it is not by others: so nodes listen elsewhere than they are asked to."""
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            taker.bind(("127.0.0.1", FIRST_PORT))
            taker.listen()
        yield


def test_people_chat_over_nodes_of_which_one_dies(cluster: RunningCluster) -> None:
    first, second, third = cluster.ports
    assert nodes_listed(cluster.config) == ["node1", "node2", "node3"]
    with WireClient(first) as alice, WireClient(third) as bob:
        alice.login("alice", password=cluster.password)
        bob.login("bob", password=cluster.password)
        pids = cluster.pids
        os.kill(pids["node2"], signal.SIGKILL)
        wait_until(lambda: f"--port {second}\n" in cluster.told, 60, lambda: cluster.told)
        assert f"node2 (pid {pids['node2']}) was ended by SIGKILL" in cluster.told
        alice.accepted(MsgRequest(rid=0, friend_id="bob", msg_uuid=b"u" * 16, msg_type=0, msg_text="here"))
        while not isinstance(push := bob.receive(), MsgResponse):
            pass
        assert push.msg_text == "here"
    assert cluster.interrupt() == 0
    assert [name for name, pid in pids.items() if is_running(pid)] == []


def nodes_listed(config: Path) -> list[str]:
    """What `naivechat nodes` names."""
    command = [
        sys.executable,
        "-c",
        "from naivechat.cli import main; main()",
        "--config",
        str(config),
        "nodes",
    ]
    written = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY).stdout
    return re.findall(r"^node\d", written, re.M)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
