"""What becomes of a node whose database goes away, is locked or full, and of one that is told to leave."""

import functools
import itertools
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import HistoryRequest, MessageRecord, MsgAckResponse, MsgRequest
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    KickedNotice,
    LoginRequest,
    LoginResponse,
    OkResponse,
    RegisterRequest,
)
from tests.node_log import complaints
from tests.servers import MariaDBServer, NodeProcess, shared_mariadb
from tests.wire import PASSWORD, ConnectionEnded, WireClient, new_person

BOUNDED_S = 20.0
"""Within this an answer comes, whatever the database does: longer than any deadline of the node."""
FULL_DISK_BYTES = 6 << 20


class Writer:
    """Somebody who writes to bob, one message after another, and keeps what became of each."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.client = WireClient(port)
        self.acked: dict[bytes, int] = {}
        self.refused: list[bytes] = []
        self._numbers = itertools.count(1)

    def write(self, text: str = "hello") -> str:
        """Send one message; "" when it was acked, else the error's code."""
        uuid = next(self._numbers).to_bytes(16, "big")
        return self._sent(uuid, text)

    def write_again_what_was_refused(self) -> None:
        """Send it under the same names, as a client does: all of it must be stored now."""
        refused, self.refused = self.refused, []
        assert [self._sent(uuid, "hello") for uuid in refused] == [""] * len(refused)

    def assert_everything_acked_is_stored_once(self) -> None:
        stored = self._history()
        assert [record.seq for record in stored] == list(range(1, len(stored) + 1))
        names = [record.msg_uuid for record in stored]
        assert len(set(names)) == len(names)
        places = {record.msg_uuid: record.seq for record in stored}
        assert {uuid: places.get(uuid) for uuid in self.acked} == self.acked

    def _sent(self, uuid: bytes, text: str) -> str:
        request = MsgRequest(rid=0, friend_id="bob", msg_uuid=uuid, msg_type=0, msg_text=text)
        answer = self.client.request(request)
        if isinstance(answer, MsgAckResponse):
            self.acked[uuid] = answer.seq
            return ""
        assert isinstance(answer, ErrorResponse)
        self.refused.append(uuid)
        return answer.code

    def _history(self) -> list[MessageRecord]:
        stored: list[MessageRecord] = []
        while True:
            request = HistoryRequest(rid=0, talk_type=0, talk_id="bob", after_seq=len(stored), limit=100)
            page = self.client.accepted(request)
            stored += page.messages
            if not page.has_more:
                return stored


class Meanwhile:
    """A thread in which something happens while the test goes on.

    Servers are not started in it: they end with the thread that started them.
    """

    def __init__(self, action: Callable[..., None], *args: object) -> None:
        self._error: BaseException | None = None
        self._action = functools.partial(action, *args)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._action()
        except BaseException as error:
            self._error = error


def start_writer(node: NodeProcess) -> Writer:
    """ann, who has bob for a friend."""
    writer = Writer(node.port)
    new_person(node.port, "bob").close()
    writer.client.register("ann")
    writer.client.login("ann")
    writer.client.accepted(AddFriendRequest(rid=0, friend_id="bob"))
    assert writer.write() == ""
    return writer


def write_until(writer: Writer, wanted: str) -> None:
    """Write until an answer is `wanted`; in between come only acks and UNAVAILABLE, each in bounded time."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        started = time.monotonic()
        outcome = writer.write()
        assert time.monotonic() - started < BOUNDED_S
        assert outcome in ("", "UNAVAILABLE"), outcome
        if outcome == wanted:
            return
    raise AssertionError(f"no {wanted or 'ack'} came")


def assert_lives(node: NodeProcess) -> None:
    with WireClient(node.port) as somebody:
        assert isinstance(somebody.request(HeartbeatRequest(rid=0)), HeartbeatResponse)


@pytest.fixture
def node(database_url: str) -> Iterator[NodeProcess]:
    with NodeProcess(db=database_url, registration="open", limits="off", strict_port=True) as node:
        yield node
        assert complaints(node.log_text) == []


def test_a_killed_and_restarted_mariadb_loses_nothing_that_was_acked() -> None:
    shared_mariadb()  # skips where there is none
    with (
        MariaDBServer() as server,
        NodeProcess(db=server.create_database(), registration="open", limits="off") as node,
    ):
        writer = start_writer(node)
        for _ in range(2):
            for _ in range(50):
                assert writer.write() == ""
            writing = Meanwhile(write_until, writer, "UNAVAILABLE")
            server.kill()
            writing.wait()
            assert_lives(node)
            writing = Meanwhile(write_until, writer, "")
            server.start()
            writing.wait()
            writer.write_again_what_was_refused()
        writer.assert_everything_acked_is_stored_once()
        assert node.stop() == 0
        assert complaints(node.log_text) == []


def test_a_stopped_mariadb_gives_unavailable_in_bounded_time() -> None:
    shared_mariadb()
    with (
        MariaDBServer() as server,
        NodeProcess(db=server.create_database(), registration="open", limits="off") as node,
    ):
        writer = start_writer(node)
        server.pause()
        try:
            write_until(writer, "UNAVAILABLE")
            assert_lives(node)
        finally:
            server.resume()
        write_until(writer, "")
        writer.write_again_what_was_refused()
        writer.assert_everything_acked_is_stored_once()
        assert complaints(node.log_text) == []


def test_a_sqlite_file_that_another_process_locks_is_unavailable_until_it_lets_go(tmp_path: Path) -> None:
    database = tmp_path / "chat.db"
    with NodeProcess(db=f"sqlite:///{database}", registration="open", limits="off") as node:
        writer = start_writer(node)
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            write_until(writer, "UNAVAILABLE")
            assert_lives(node)
            other.execute("ROLLBACK")
        write_until(writer, "")
        writer.write_again_what_was_refused()
        writer.assert_everything_acked_is_stored_once()
        assert complaints(node.log_text) == []


def test_a_sqlite_file_locked_for_a_moment_only_takes_longer(tmp_path: Path) -> None:
    database = tmp_path / "chat.db"
    with NodeProcess(db=f"sqlite:///{database}", registration="open", limits="off") as node:
        writer = start_writer(node)
        locked, answered = threading.Event(), threading.Event()

        def lock() -> None:
            with closing(sqlite3.connect(database, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                locked.set()
                answered.wait(0.5)
                other.execute("ROLLBACK")

        locking = Meanwhile(lock)
        locked.wait()
        assert writer.write() == ""
        answered.set()
        locking.wait()
        writer.assert_everything_acked_is_stored_once()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of a few megabytes."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small file system to fill")
    folder = Path(tempfile.mkdtemp(prefix="naivechat-full-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={FULL_DISK_BYTES}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"no small file system to fill: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_is_unavailable_until_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with NodeProcess(db=f"sqlite:///{small_disk / 'chat.db'}", registration="open", limits="off") as node:
        writer = start_writer(node)
        free = os.statvfs(small_disk)
        ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - (256 << 10))))
        write_until_full(writer)
        assert_lives(node)
        ballast.unlink()
        write_until(writer, "")
        writer.write_again_what_was_refused()
        writer.assert_everything_acked_is_stored_once()
        assert complaints(node.log_text) == []


def write_until_full(writer: Writer) -> None:
    for _ in range(5_000):
        outcome = writer.write()
        assert outcome in ("", "UNAVAILABLE"), outcome
        if outcome:
            return
    raise AssertionError("the disk never was full")


def test_two_logins_of_one_device_at_once_leave_one(node: NodeProcess) -> None:
    new_person(node.port, "ann").close()
    for _ in range(3):
        clients = [WireClient(node.port) for _ in range(2)]
        request = LoginRequest(rid=0, protocol=1, user_id="ann", password=PASSWORD, device="phone")
        rids = [client.send(request) for client in clients]
        greeted = [is_greeted(client, rid) for client, rid in zip(clients, rids, strict=True)]
        kicked = [not here or is_kicked(client) for client, here in zip(clients, greeted, strict=True)]
        assert sorted(kicked) == [False, True]
        for client in clients:
            client.close()


def is_greeted(client: WireClient, rid: int) -> bool:
    """Whether a login is answered, and not ended as replaced by another one that has overtaken it."""
    try:
        answer = client.answer(rid)
    except ConnectionEnded:
        assert [packet.reason for packet in client.pushes] == ["replaced"]
        return False
    assert isinstance(answer, LoginResponse)
    return True


def is_kicked(client: WireClient) -> bool:
    """Whether the node has ended this session as replaced; settled once both logins are."""
    rid = client.send(HeartbeatRequest(rid=0))
    while True:
        packet = client.receive()
        if isinstance(packet, KickedNotice):
            assert packet.reason == "replaced"
            return True
        if getattr(packet, "rid", 0) == rid:
            return False


def test_one_name_is_registered_once_by_many_at_once(node: NodeProcess) -> None:
    clients = [WireClient(node.port) for _ in range(6)]
    for round_ in range(3):
        request = RegisterRequest(
            rid=0, protocol=1, user_id=f"wanted-{round_}", password=PASSWORD, nickname="Wanted"
        )
        rids = [client.send(request) for client in clients]
        answers = [client.answer(rid) for client, rid in zip(clients, rids, strict=True)]
        assert sum(isinstance(answer, OkResponse) for answer in answers) == 1
        refusals = [answer.code for answer in answers if isinstance(answer, ErrorResponse)]
        assert refusals == ["USER_EXISTS"] * (len(clients) - 1)
    for client in clients:
        client.close()


def test_sigterm_acks_what_was_taken_says_goodbye_and_exits_with_zero(node: NodeProcess) -> None:
    writer = start_writer(node)
    bystander = new_person(node.port, "cat")
    half_open = WireClient(node.port)
    sent = {}
    for number in range(40):
        uuid = (1_000 + number).to_bytes(16, "big")
        request = MsgRequest(rid=0, friend_id="bob", msg_uuid=uuid, msg_type=0, msg_text="last words")
        sent[writer.client.send(request)] = uuid
    first = writer.client.receive()
    node.terminate()
    packets = [first, *writer.client.read_to_end()]
    assert packets[-1] == KickedNotice(reason="shutdown", message=packets[-1].message)
    assert [packet.reason for packet in bystander.read_to_end()] == ["shutdown"]
    assert [packet.reason for packet in half_open.read_to_end()] == ["shutdown"]
    assert node.wait(timeout_s=10) == 0
    for packet in packets:
        if isinstance(packet, MsgAckResponse):
            writer.acked[sent[packet.rid]] = packet.seq
    assert len(writer.acked) > 1
    node.start()
    writer.client = WireClient(node.port)
    writer.client.login("ann")
    writer.assert_everything_acked_is_stored_once()


def test_a_node_that_leaves_takes_nobody_in(node: NodeProcess) -> None:
    new_person(node.port, "ann").close()
    node.terminate()
    node.wait(timeout_s=10)
    with pytest.raises(ConnectionRefusedError):
        WireClient(node.port)


def test_a_token_outlives_the_node(node: NodeProcess) -> None:
    with new_person(node.port, "ann") as client:
        assert client.login_response is not None
        token = client.login_response.token
    node.kill()
    node.start()
    with WireClient(node.port) as client:
        assert client.reconnect("ann", token).user.user_id == "ann"
