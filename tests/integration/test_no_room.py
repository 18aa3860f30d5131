"""A full disk, a database that takes nothing, a Redis without memory: the node says so, refuses, loses nothing, and goes on by itself."""

import itertools
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymysql
import pytest

from naivechat.infrastructure.redis.nodes import ALIVE_S
from naivechat.protocol.friend import AddFriendRequest, PresenceNotice
from naivechat.protocol.message import HistoryRequest, MsgAckResponse, MsgRequest, MsgResponse
from tests.clusters import Arrive, Cluster, new_cluster
from tests.node_log import complaints
from tests.processes import wait_until
from tests.servers import MariaDBServer, NodeProcess, require_mariadb
from tests.small_disk import small_disk
from tests.wire import WireClient

PATIENCE_S = 30
_numbers = itertools.count(1)


class Writer:
    """Somebody who writes to bob at a node; `acked` are the texts that the node took, in order."""

    def __init__(self, node: NodeProcess, wire: WireClient) -> None:
        self.acked: list[str] = []
        self._node = node
        self._wire = wire
        for user_id in ("bob", "ann"):
            wire.register(user_id)
        wire.login("ann")
        wire.accepted(AddFriendRequest(rid=0, friend_id="bob"))

    def write(self, size: int = 10) -> bool:
        """Whether the node took a message; the only other answer is UNAVAILABLE."""
        number = next(_numbers)
        text = f"{number} ".ljust(size, "x")
        request = MsgRequest(
            rid=0, friend_id="bob", msg_uuid=number.to_bytes(16, "big"), msg_type=0, msg_text=text
        )
        answer = self._wire.request(request)
        if isinstance(answer, MsgAckResponse):
            self.acked.append(text)
            return True
        assert answer.code == "UNAVAILABLE", answer
        return False

    def stored(self) -> list[str]:
        """The texts of the log, in order."""
        texts: list[str] = []
        while True:
            request = HistoryRequest(rid=0, talk_type=0, talk_id="bob", after_seq=len(texts), limit=100)
            answer = self._wire.accepted(request)
            texts += [message.msg_text for message in answer.messages]
            if not answer.has_more:
                return texts


@contextmanager
def writer_at(node: NodeProcess) -> Iterator[Writer]:
    with WireClient(node.port) as wire:
        yield Writer(node, wire)


def readiness(node: NodeProcess) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{node.admin_url}/readyz", timeout=10) as answer:
            text = answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            text = refusal.read()
    told: dict[str, Any] = json.loads(text)
    return told


def _becomes(node: NodeProcess, state: str) -> None:
    wait_until(
        lambda: readiness(node)["database"] == state, PATIENCE_S, lambda: str(readiness(node)) + node.log_text
    )


def _said(node: NodeProcess, words: str) -> int:
    return node.log_text.count(words)


def test_a_node_whose_disk_is_full_refuses_and_goes_on_when_there_is_room() -> None:
    with (
        small_disk(8) as disk,
        NodeProcess(db=f"sqlite:///{disk.path}/naivechat.db", registration="open", limits="off") as node,
        writer_at(node) as writer,
    ):
        assert writer.write()
        disk.fill()
        while writer.write(4_000):
            pass
        assert [writer.write() for _ in range(20)] == [False] * 20
        _becomes(node, "full")
        assert _said(node, "database does no changes: ") == 1
        assert writer.stored() == writer.acked
        disk.make_room()
        _becomes(node, "up")
        assert writer.write()
        assert writer.stored() == writer.acked
        assert _said(node, "database does changes again") == 1
        assert node.stop() == 0
        assert [line for line in complaints(node.log_text) if "database does no" not in line] == []


def test_a_node_whose_database_is_read_only_refuses_and_goes_on_when_it_is_no_more() -> None:
    require_mariadb()
    with MariaDBServer() as server:
        url = server.create_database()
        # A server lets who has all rights write on; people give a node the rights on its own database.
        _run(server, "CREATE USER 'only'@'127.0.0.1' IDENTIFIED BY 'only'")
        _run(server, f"GRANT ALL PRIVILEGES ON {url.rpartition('/')[2]}.* TO 'only'@'127.0.0.1'")
        url = f"mysql://only:only@{server.host}:{server.port}/{url.rpartition('/')[2]}"
        with (
            NodeProcess(db=url, registration="open", limits="off") as node,
            writer_at(node) as writer,
        ):
            assert writer.write()
            _run(server, "SET GLOBAL read_only = 1")
            assert [writer.write() for _ in range(20)] == [False] * 20
            _becomes(node, "read-only")
            assert _said(node, "database does no changes: ") == 1
            assert writer.stored() == writer.acked
            _run(server, "SET GLOBAL read_only = 0")
            _becomes(node, "up")
            assert writer.write()
            assert writer.stored() == writer.acked


def test_a_mariadb_whose_disk_is_full_costs_no_acked_message() -> None:
    require_mariadb()
    with (
        small_disk(260) as disk,
        MariaDBServer(below=disk.path) as server,
        NodeProcess(db=server.create_database(), registration="open", limits="off") as node,
        writer_at(node) as writer,
    ):
        assert writer.write()
        disk.fill()
        while writer.write(4_000):
            pass
        wait_until(
            lambda: not readiness(node)["ready"], PATIENCE_S, lambda: str(readiness(node)) + node.log_text
        )
        disk.make_room()
        if not server.is_running:
            server.start()
        _becomes(node, "up")
        assert writer.write()
        stored = writer.stored()
        assert [text for text in stored if text in set(writer.acked)] == writer.acked
        assert len(set(stored)) == len(stored)


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Cluster]:
    with new_cluster(2) as cluster:
        yield cluster


def test_a_redis_without_memory_stops_no_message_and_tells_of_nobody_who_is_there_as_gone(
    two_nodes: Cluster, arrive: Arrive
) -> None:
    first, second = two_nodes.nodes
    ann, bob = arrive(first, "ann"), arrive(second, "bob")
    ann.befriends(bob)
    two_nodes.redis.command("CONFIG", "SET", "maxmemory", "1")
    try:
        wait_until(lambda: readiness(first)["bus"] == "full", PATIENCE_S, lambda: first.log_text)
        assert readiness(first)["ready"]
        time.sleep(ALIVE_S + 2)
        for number in range(20):
            ann.says(bob, f"message {number}")
        assert [bob.hears(MsgResponse).msg_text for _ in range(20)] == [f"message {n}" for n in range(20)]
    finally:
        two_nodes.redis.command("CONFIG", "SET", "maxmemory", "0")
    for node in two_nodes.nodes:
        wait_until(lambda node=node: readiness(node)["bus"] == "up", PATIENCE_S, lambda: first.log_text)  # type: ignore[misc]
        assert node.log_text.count("Redis refuses a command: OOM") < 5
    time.sleep(ALIVE_S + 2)
    assert ann.heard(PresenceNotice, online=False) == bob.heard(PresenceNotice, online=False) == []


def _run(server: MariaDBServer, statement: str) -> None:
    connection = pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
