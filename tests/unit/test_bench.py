"""The bench's own parts: frames, percentiles, tables; and short runs."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import console
from bench.__main__ import parse
from bench.desktop_people import LAST_WORDS, add_friends
from bench.frames import MessageFrames, find_number, text_to_friend, text_to_group, whole_frames
from bench.load import Doubled
from bench.packet_load import PacketLoad
from naivechat.protocol.codec import decode_request, encode_frame
from naivechat.protocol.message import (
    HistoryRequest,
    MsgAckResponse,
    MsgGroupRequest,
    MsgRequest,
    MsgResponse,
)
from tests.redis_server import require_redis
from tests.servers import REPOSITORY, NodeProcess, require_mariadb
from tests.ui.screen import shared_screen
from tests.wire import WireClient, new_person

RUN = b"8 bytes."
FIRST_UUID = bytes(range(8)) + bytes(8)


def request_in(frame: bytes) -> MsgRequest:
    request = decode_request(frame[4], frame[5:])
    assert isinstance(request, MsgRequest)
    return request


@pytest.mark.parametrize("number", [0, 1, 255, 70_000, 2_000_000])
def test_a_patched_frame_is_the_message_that_the_codec_would_write(number: int) -> None:
    frame = MessageFrames(text_to_friend("bob", 100), run=RUN).make(number)
    request = request_in(frame)
    assert frame == encode_frame(request)
    assert request.friend_id == "bob"
    assert len(request.msg_text) == 100
    assert request.msg_uuid == RUN + number.to_bytes(8, "big")


def test_a_patched_frame_to_a_group_is_so_too() -> None:
    frame = MessageFrames(text_to_group("g1", 5), run=RUN).make(7)
    request = decode_request(frame[4], frame[5:])
    assert isinstance(request, MsgGroupRequest)
    assert (request.group_id, request.msg_text, request.msg_uuid) == ("g1", "xxxxx", RUN + bytes(7) + b"\x07")


def test_only_whole_frames_are_cut_off() -> None:
    frames = b"\0\0\0\2ab" + b"\0\0\0\1c"
    for cut, whole in ((len(frames), [b"ab", b"c"]), (len(frames) - 1, [b"ab"]), (9, [b"ab"]), (3, [])):
        buffer = bytearray(frames[:cut])
        assert [bytes(buffer[start:end]) for start, end in whole_frames(buffer)] == whole


def test_each_message_has_its_own_rid() -> None:
    frames = MessageFrames(text_to_friend("bob", 1), run=RUN)
    assert len({request_in(frames.make(number)).rid for number in range(100)}) == 100


def test_acks_and_deliveries_are_recognised_by_number() -> None:
    uuid = RUN + (4711).to_bytes(8, "big")
    ack = MsgAckResponse(rid=9, talk_type=0, talk_id="bob", msg_uuid=uuid, seq=1, sent_at=1, duplicate=False)
    delivery = MsgResponse(
        talk_id="ann", seq=1, sender_id="ann", msg_type=0, msg_text="x", sent_at=1, msg_uuid=uuid
    )
    for packet in (ack, delivery):
        stream = bytearray(b"before" + encode_frame(packet) + b"behind")
        assert find_number(stream, 6, len(stream) - 6, RUN) == 4711
        assert find_number(stream, 6, len(stream) - 6, b"another.") is None


@pytest.mark.parametrize("names", [["--subjects", "4-knots"], ["dreams"]])
def test_an_unknown_name_is_refused(names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(names)
    assert names[-1] in capsys.readouterr().err


def test_a_copy_too_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda count: bytes(range(count)))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        push = MsgResponse(
            talk_id="bob", seq=1, sender_id="bob", msg_type=0, msg_text="x", sent_at=1, msg_uuid=FIRST_UUID
        )
        theirs.sendall(2 * encode_frame(push))
        load = PacketLoad([ours], [text_to_friend("bob", 1)], copies=1, at_marks=lambda: None)
        with pytest.raises(Doubled):
            load.saturate(in_flight=1, warm_up_s=60, measured_s=0)


def run_bench(written: Path, *arguments: str) -> tuple[str, dict[str, Any]]:
    """What `python -m bench` says, and what it has written."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments, "--warm-up", "0.1", "--json", str(written)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(written.read_text())


@pytest.mark.parametrize("relay", ["relay", "c-relay"])
def test_a_short_run_against_a_relay(relay: str, tmp_path: Path) -> None:
    said, written = run_bench(
        tmp_path / "bench.json",
        f"--subjects={relay}",
        "--pairs=2",
        "--many-pairs=3",
        *("--seconds=0.1", "--rate=100"),
    )
    assert f"| saturated | {relay} |" in said
    assert [row["work"] for row in written["rows"]] == ["saturated", "fixed rate", "3 pairs, saturated"]
    assert all(row["delivered"] > 0 for row in written["rows"])


def test_a_short_run_against_the_relay_that_stores(tmp_path: Path) -> None:
    require_mariadb()
    works = ("--pairs=2", "--many-pairs=3", "--seconds=0.1", "--rate=100")
    said, written = run_bench(tmp_path / "bench.json", "--subjects=storing-relay", *works)
    assert "| saturated | storing-relay |" in said
    assert all(
        row["delivered"] > 0 and row["cpu_us"].keys() >= {"node", "database"} for row in written["rows"]
    )


def test_people_written_into_the_tables_are_friends_and_have_written(tmp_path: Path) -> None:
    database = tmp_path / "naivechat.db"
    with NodeProcess(db=f"sqlite:///{database}", registration="open", limits="off") as node:
        new_person(node.port, "ann").close()
        node.stop()
        holders = add_friends(database, "ann", friends=3, talks=2)
        node.start()
        with WireClient(node.port) as ann, WireClient(node.port) as friend:
            known = ann.login("ann")
            (seen_from_there,) = friend.reconnect(holders[1].user_id, holders[1].token).friends
            history = ann.accepted(HistoryRequest(rid=0, talk_type=0, talk_id=holders[1].user_id))
    assert {friend.user_id for friend in known.friends} == {holder.user_id for holder in holders}
    assert {talk.talk_id: talk.unread for talk in known.talks} == {h.user_id: 1 for h in holders[:2]}
    assert [message.msg_text for message in history.messages] == [LAST_WORDS]
    assert (seen_from_there.user_id, seen_from_there.online) == ("ann", True)


def test_a_short_run_of_the_desktop_client(tmp_path: Path) -> None:
    shared_screen(has_manager=True)
    sizes = ("--starts=1", "--rest-seconds=0.5", "--minutes=1")
    said, written = run_bench(tmp_path / "bench.json", "desktop", *sizes)
    assert "| first start, 12 friends: CPU until the window is drawn, once |" in said
    figures = {figure["what"]: figure["value"] for figure in written["desktop"]}
    may_be_nothing = ("growth", "of a core")
    assert all(
        value > 0 for name, value in figures.items() if not any(part in name for part in may_be_nothing)
    )
    assert sum("1 minutes of chat" in name for name in figures) == 4


def test_a_short_run_against_two_nodes(tmp_path: Path) -> None:
    require_mariadb()
    require_redis()
    sizes = ("--pairs=2", "--many-pairs=3", "--large-group=6", "--seconds=0.2")
    said, written = run_bench(tmp_path / "bench.json", "--subjects=2-nodes", *sizes)
    assert "| group of 4, fixed rate | 2-nodes |" in said
    assert [row["work"] for row in written["rows"]] == [
        "saturated",
        "fixed rate",
        "group of 4, saturated",
        "group of 4, fixed rate",
        "3 pairs, saturated",
        "group of 6, saturated",
    ]
    assert all(row["delivered"] > 0 for row in written["rows"])
    assert not written["idle"]
    assert (tmp_path / "bench.md").read_text() == said


SMALL = (
    *("--pairs=2", "--seconds=0.2", "--offline=250", "--passwords=4", "--logins=20", "--searched=50"),
    *("--rich-talks=9", "--rich-friends=10", "--rich-groups=2", "--stored=10", "--growth-pairs=3"),
    *("--connections=20", "--idle-seconds=1", "--back=10"),
)
ON_ONE_NODE = ("start", "offline", "logins", "rich", "news", "growth", "idle")


@pytest.mark.parametrize("subject", ["sqlite", "mariadb"])
def test_a_short_run_of_what_concerns_one_node(subject: str, tmp_path: Path) -> None:
    if subject == "mariadb":
        require_mariadb()
    _, written = run_bench(tmp_path / "bench.json", *ON_ONE_NODE, f"--subjects={subject}", *SMALL)
    values = {(reading["work"], reading["what"]): reading["value"] for reading in written["readings"]}
    assert values["logins, 100 at a time", "by password: refused"] == 0
    assert values["logins, 100 at a time", "by token: a second"] > 0
    assert values["250 messages to somebody offline", "read: bytes"] > 100
    assert values["chat while 20 people a second log in by password", "they do, p99"] > 0
    assert ("reading what other nodes have stored", "CPU of the node for a transaction") in values
    login = "login: 9 talks, 10 friends, 2 groups"
    assert values[login, "bytes of the answer"] > 100
    assert ((login, "statements, without BEGIN and COMMIT") in values) == (subject == "mariadb")
    growth = "growth: pairs as fast as it goes, CPU for a message"
    assert values[growth, "10 stored, 2 pairs × 10 stored, 2 pairs"] == 1
    assert (growth, "10 stored, 3 pairs: node") in values
    (idle,) = written["idle"]
    assert idle["came"]["people"] == idle["back"]["people"] == 10
    assert idle["rest"]["lost"] == 0
    assert idle["rest"]["answered"] == idle["rest"]["heartbeats"] > 0


def test_every_page_of_the_console_is_measured() -> None:
    with console.on_sqlite(100) as (node, pids):
        browser = console.Browser(node.admin_url)
        costs = [console.measure(browser, pids, page, 1) for page in console.PAGES]
        with pytest.raises(RuntimeError, match="404"):
            browser.get("users/one?id=nobody")
    table = console.as_table(costs)
    assert table.startswith("| page | median ms | slowest ms | CPU ms, node |\n|---|---:|---:|---:|\n")
    assert all(f"| {page} |" in table for page in console.PAGES)
    assert list(console.rows(100)) != list(console.rows(50))
