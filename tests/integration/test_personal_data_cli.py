"""All that is kept of one person is in one file, and nothing of what others wrote."""

import json
import stat
import zipfile
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.group import CreateGroupRequest
from naivechat.protocol.message import MsgRequest
from tests.integration.test_cli import Operator
from tests.servers import NodeProcess
from tests.wire import WireClient


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def _says(wire: WireClient, friend_id: str, text: str, number: int) -> None:
    name = number.to_bytes(16, "big")
    wire.accepted(MsgRequest(rid=0, friend_id=friend_id, msg_uuid=name, msg_type=0, msg_text=text))


def test_what_is_kept_of_a_person_is_in_one_file(operator: Operator, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/node.db"
    with (
        NodeProcess(db=url, registration="open", limits="off") as node,
        WireClient(node.port) as ann,
        WireClient(node.port) as bob,
    ):
        for wire, user_id in ((ann, "ann"), (bob, "bob")):
            wire.register(user_id, nickname=f"{user_id} 😀")
            wire.login(user_id, device="phone")
        ann.accepted(AddFriendRequest(rid=0, friend_id="bob"))
        ann.accepted(CreateGroupRequest(rid=0, name="Team", member_ids=("bob",)))
        for number in range(1, 602):
            _says(ann, "bob", f"message {number}", number)
        _says(bob, "ann", "a secret of bob's", 1)
        told = operator.succeeds("--db", url, "user", "data", "ann", "ann.zip")
    assert told == "ann.zip has the account and 602 messages of ann.\n"
    assert stat.S_IMODE((tmp_path / "ann.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
        about = json.loads(archive.read("account.json"))
        messages = [json.loads(line) for line in archive.read("messages.jsonl").splitlines()]
    assert (about["user_id"], about["nickname"]) == ("ann", "ann 😀")
    assert [device["name"] for device in about["devices"]] == ["phone"]
    assert [friend["user_id"] for friend in about["friends"]] == ["bob"]
    assert [group["name"] for group in about["groups"]] == ["Team"]
    assert sorted(message["text"] for message in messages if message["msg_type"] == 0) == sorted(
        f"message {number}" for number in range(1, 602)
    )
    assert "user.data" in operator.succeeds("--db", url, "admin", "audit")


def test_of_nobody_there_is_nothing_and_nothing_is_left_behind(operator: Operator, tmp_path: Path) -> None:
    operator.succeeds("migrate")
    assert "no user" in operator.fails("user", "data", "nobody", "nobody.zip")
    assert "No such file" in operator.fails("user", "data", "nobody", "absent/nobody.zip")
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*.part")) == []
