"""What a node counts of its own work."""

import cbor2
import pytest

from naivechat.domain.errors import Unavailable
from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.session import HeartbeatRequest, HeartbeatResponse, ReconnectRequest
from naivechat.protocol.talk import SyncRequest
from naivechat.sockets.dispatch import name_of
from tests.unit.sockets.node import MemoryNode, text_to


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def test_every_command_and_error_is_there_from_the_start(node: MemoryNode) -> None:
    assert set(node.measures.requests) == {name_of(command) for command in REQUESTS}
    assert set(node.measures.errors) == {code.value for code in ErrorCode}
    assert node.measures.requests.total() == node.measures.errors.total() == 0
    assert name_of(Command.CREATE_GROUP_REQUEST) == "create_group"


def test_requests_are_counted_by_command(node: MemoryNode) -> None:
    client = node.connect()
    for _ in range(3):
        client.request(HeartbeatRequest(rid=0))
    assert node.measures.requests["heartbeat"] == 3


def test_a_heartbeat_is_answered_and_counted_however_it_is_written(node: MemoryNode) -> None:
    client = node.connect()
    for payload in (cbor2.dumps({"rid": 5}), cbor2.dumps({"rid": 5, "later": 1})):
        client.send_frame(Command.HEARTBEAT_REQUEST, payload)
    assert client.take() == [HeartbeatResponse(rid=5, server_time=node.wall_clock())] * 2
    assert node.measures.requests["heartbeat"] == 2


def test_refusals_are_counted_by_code(node: MemoryNode) -> None:
    ann = node.person("ann")
    ann.request(text_to("nobody"))
    node.connect().request(SyncRequest(rid=0))
    stranger = node.connect()
    stranger.send_frame(7, b"no map")
    # Nothing of what comes after that is looked at.
    stranger.send_bytes(b"\x00\x00\x00\x00")
    counted = {code: count for code, count in node.measures.errors.items() if count}
    assert counted == {"NOT_FRIEND": 1, "NOT_LOGGED_IN": 1, "BAD_FRAME": 1}


def test_logins_are_counted_by_how_they_end(node: MemoryNode) -> None:
    ann = node.person("ann")
    node.connect().login("ann", password="another one")
    node.connect().request(ReconnectRequest(rid=0, protocol=1, user_id="ann", token=b"x" * 32, device="d"))
    node.talks.fails = Unavailable()
    node.connect().login("ann")
    node.connect().login("ann", password="another one")
    assert node.measures.logins == {"ok": 1, "auth_failed": 2, "token_expired": 1, "unavailable": 1}
    assert ann.is_reading


def test_a_delivery_takes_from_the_records_time_until_it_was_written(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    before = node.measures.delivery.snapshot()
    ann.request(text_to("bob"))
    assert sum(node.measures.delivery.snapshot()) == sum(before) + 1
    assert node.measures.delivery.sum_s == 0.0
