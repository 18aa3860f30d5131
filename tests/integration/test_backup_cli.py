"""Backups made while a node works, and what people find after a restore; each command is a process of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import HistoryRequest, MsgRequest
from tests.integration.test_cli import Operator
from tests.processes import wait_until
from tests.servers import MariaDBServer, NodeProcess
from tests.wire import WireClient


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


class Talker:
    """Somebody who writes to bob one message after the other; `acked` are the numbers of those that the node took."""

    def __init__(self, wire: WireClient) -> None:
        self.acked: list[int] = []
        self._wire = wire
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._talk)

    @contextmanager
    def talking(self) -> Iterator["Talker"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._enough.set()
            self._thread.join()

    def _talk(self) -> None:
        while not self._enough.is_set():
            number = len(self.acked) + 1
            name = number.to_bytes(16, "big")
            request = MsgRequest(rid=0, friend_id="bob", msg_uuid=name, msg_type=0, msg_text=str(number))
            self.acked.append(self._wire.accepted(request).seq)


def test_a_backup_of_a_working_node_has_all_that_was_acked_before_on_whichever_database(
    operator: Operator, tmp_path: Path, mariadb: MariaDBServer
) -> None:
    url, other = f"sqlite:///{tmp_path}/node.db", mariadb.create_database()
    with NodeProcess(db=url, registration="open", limits="off") as node, WireClient(node.port) as wire:
        wire.register("bob")
        wire.register("ann")
        before = wire.login("ann")
        wire.accepted(AddFriendRequest(rid=0, friend_id="bob"))
        with Talker(wire).talking() as talker:
            wait_until(lambda: len(talker.acked) >= 50, 30, lambda: "the node takes no messages")
            acked = len(talker.acked)
            told = operator.succeeds("--db", url, "backup", "made.gz")
            refused = operator.fails("--db", url, "restore", "made.gz", "--replace")
        assert "2 accounts, 0 groups and " in told
        assert "stop all nodes first" in refused
    operator.succeeds("--db", other, "restore", "made.gz")
    with NodeProcess(db=other) as node, WireClient(node.port) as wire:
        after = wire.reconnect("ann", before.token, device=None)
        assert after.epoch != before.epoch
        request = HistoryRequest(rid=0, talk_type=0, talk_id="bob", after_seq=0, limit=100)
        texts = [message.msg_text for message in wire.accepted(request).messages]
        assert texts[:acked] == [str(number) for number in range(1, acked + 1)][:100]
        last = after.talks[0].last_seq
        assert acked <= last
        next_one = MsgRequest(rid=0, friend_id="bob", msg_uuid=bytes(16), msg_type=0, msg_text="on")
        assert wire.accepted(next_one).seq == last + 1
    assert "database.restore" in operator.succeeds("--db", other, "admin", "audit")


def test_a_backup_is_looked_at_without_a_database(operator: Operator) -> None:
    operator.succeeds("demo-data")
    told = operator.succeeds("backup", "made.gz")
    assert told.startswith("made.gz has 12 accounts, 1 groups and ")
    checked = operator.succeeds("--db", "sqlite:///absent.db", "restore", "--check", "made.gz")
    assert checked.startswith("made.gz is whole; it has 12 accounts, 1 groups and ")
    assert operator.succeeds("--db", "sqlite:///new.db", "restore", "made.gz").startswith(
        "The database has 12 "
    )
    assert len(operator.succeeds("--db", "sqlite:///new.db", "user", "list").splitlines()) == 12


def test_what_is_wrong_with_a_backup_is_one_line(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("these are notes")
    assert operator.fails("restore", "notes").endswith("notes is no backup of naivechat, or damaged")
    assert operator.fails("restore", "absent").endswith("absent: No such file or directory")
    assert operator.fails("--db", "sqlite:///absent.db", "backup", "b.gz").endswith(
        "unable to open database file"
    )
    away = operator.fails("--db", "mysql://chat:secret@127.0.0.1:1/chat", "backup", "b.gz")
    assert away.startswith("mysql://chat:***@127.0.0.1:1/chat: ") and "secret" not in away
