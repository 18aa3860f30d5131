"""What a real node answers to frames, payloads and peers as they should not be."""

import struct
from collections.abc import Iterator

import cbor2
import pytest

from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.frame import MAX_FRAME, MAX_FRAME_BEFORE_LOGIN
from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import HistoryRequest, MsgRequest, RecallRequest
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    KickedNotice,
    OkResponse,
)
from naivechat.protocol.talk import SyncRequest
from tests.node_log import complaints
from tests.processes import wait_until
from tests.servers import NodeProcess
from tests.wire import PASSWORD, ConnectionEnded, WireClient, new_person

MORE_THAN_BUFFERS_HOLD = 15_000
"""Messages as long as they may be, 60 MB: Linux keeps up to 36 for a connection that nobody reads."""

BEFORE_LOGIN = {
    Command.REGISTER_REQUEST,
    Command.LOGIN_REQUEST,
    Command.RECONNECT_REQUEST,
    Command.HEARTBEAT_REQUEST,
}
NOT_A_MAP = {
    "nothing": b"",
    "a number": cbor2.dumps(1),
    "a list": cbor2.dumps([1, 2]),
    "two maps": cbor2.dumps({"rid": 1}) * 2,
    "half a map": cbor2.dumps({"rid": 1})[:-1],
    "a break": b"\xff",
    "a map without end": b"\xbf\x63rid\x01\xff",
    "a key twice": b"\xa2\x63rid\x01\x63rid\x02",
    "a tag": b"\xa1\x63rid\xc1\x01",
    "a shared value": b"\xd8\x1c\xa1\x63rid\x01",
    "too deep": cbor2.dumps({"rid": 1, "x": [[[[[[[[[1]]]]]]]]]}),
    "too great a number": cbor2.dumps({"rid": 1, "x": 2**64}),
    "text that is not UTF-8": b"\xa1\x63rid\x61\xff",
    "a lone surrogate": b"\xa1\x63rid\x63\xed\xa0\x80",
}

# What takes which fields, each with values that it must not have.
WORSE_TEXTS = ["", "a b", "ann\x00", "an\nn", "x" * 33, "-ann", "ä", 7, None, b"ann", ["ann"], True]
BAD_FIELDS = {
    Command.MSG_REQUEST: (
        {"friend_id": "bob", "msg_uuid": bytes(16), "msg_type": 0, "msg_text": "hi"},
        {
            "friend_id": WORSE_TEXTS,
            "msg_uuid": [b"", bytes(15), bytes(17), "0123456789abcdef", 1, None],
            "msg_type": [-1, 4, 5, 128, "0", 0.0, True, None],
            "msg_text": [b"hi", 1, None, ["hi"], "x" * 16_385],
        },
    ),
    Command.HISTORY_REQUEST: (
        {"talk_type": 0, "talk_id": "bob"},
        {
            "talk_type": [2, -1, "0", True, None],
            "talk_id": WORSE_TEXTS,
            "limit": [-1, "5", 1.5, True],
            "after_seq": [-1, 2**53, "1"],
            "before_seq": [-1, 2**53, "1"],
        },
    ),
    Command.ADD_FRIEND_REQUEST: (
        {"friend_id": "bob"},
        {"friend_id": [*WORSE_TEXTS, "ann"], "greeting": [1, b"", ["hello"]]},
    ),
    Command.UPDATE_PROFILE_REQUEST: (
        {},
        {"nickname": ["", "x" * 33, "a\nb", "\x00", 1], "avatar": ["x" * 65, 1]},
    ),
}


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(registration="open", limits="off", strict_port=True) as node:
        for user_id in ("ann", "bob"):
            new_person(node.port, user_id).close()
        yield node


@pytest.fixture(autouse=True)
def nothing_is_complained_of(node: NodeProcess) -> Iterator[None]:
    yield
    assert complaints(node.log_text) == []


@pytest.fixture
def stranger(node: NodeProcess) -> Iterator[WireClient]:
    with WireClient(node.port) as client:
        yield client


@pytest.fixture
def ann(node: NodeProcess) -> Iterator[WireClient]:
    with WireClient(node.port) as client:
        client.login("ann")
        client.accepted(AddFriendRequest(rid=0, friend_id="bob"))
        client.take_pushes()
        yield client


def assert_refused_and_closed(client: WireClient, code: str = "BAD_FRAME") -> None:
    answers = [packet for packet in client.read_to_end() if isinstance(packet, ErrorResponse)]
    assert [answer.code for answer in answers] == [code]
    assert "Traceback" not in answers[0].message


def assert_still_served(client: WireClient) -> None:
    assert isinstance(client.request(HeartbeatRequest(rid=0)), HeartbeatResponse)


def refusal_of(client: WireClient, command: int, fields: dict[str, object], rid: int = 77) -> ErrorResponse:
    client.send_frame(command, cbor2.dumps({"rid": rid, **fields}))
    answer = client.answer(rid)
    assert isinstance(answer, ErrorResponse), (command, fields, answer)
    return answer


@pytest.mark.parametrize("length", [0, MAX_FRAME_BEFORE_LOGIN + 1, 2**31, 2**32 - 1])
def test_a_length_that_no_frame_has_closes_before_its_body_comes(stranger: WireClient, length: int) -> None:
    stranger.send_bytes(struct.pack("!I", length))
    assert_refused_and_closed(stranger)


def test_a_frame_as_long_as_allowed_is_taken(stranger: WireClient) -> None:
    payload = cbor2.dumps({"rid": 5, "filler": "x" * 4000})
    filler = MAX_FRAME_BEFORE_LOGIN - 1 - len(payload)
    stranger.send_frame(Command.HEARTBEAT_REQUEST, cbor2.dumps({"rid": 5, "filler": "x" * (4000 + filler)}))
    assert isinstance(stranger.answer(5), HeartbeatResponse)


def test_after_login_frames_may_be_longer_up_to_another_limit(ann: WireClient) -> None:
    ann.send_frame(Command.HEARTBEAT_REQUEST, cbor2.dumps({"rid": 99, "filler": "x" * 60_000}))
    assert isinstance(ann.answer(99), HeartbeatResponse)
    ann.send_bytes(struct.pack("!I", MAX_FRAME + 1))
    assert_refused_and_closed(ann)


@pytest.mark.parametrize("payload", NOT_A_MAP.values(), ids=NOT_A_MAP)
def test_a_payload_that_is_not_one_plain_map_closes(node: NodeProcess, payload: bytes) -> None:
    for command in (Command.HEARTBEAT_REQUEST, Command.LOGIN_REQUEST):
        with WireClient(node.port) as stranger:
            stranger.send_frame(command, payload)
            assert_refused_and_closed(stranger)


def test_what_follows_a_refused_frame_is_not_looked_at(node: NodeProcess, stranger: WireClient) -> None:
    register = {"rid": 1, "protocol": 1, "user_id": "smuggled", "password": PASSWORD, "nickname": "s"}
    body = cbor2.dumps(register)
    stranger.send_bytes(
        struct.pack("!I", 0) + struct.pack("!IB", 1 + len(body), Command.REGISTER_REQUEST) + body
    )
    assert_refused_and_closed(stranger)
    with WireClient(node.port) as other:
        other.register("smuggled")


@pytest.mark.parametrize("command", [0, 47, 54, 200, 255, *sorted(set(Command) - REQUESTS)])
def test_a_command_that_no_client_has_is_unknown(stranger: WireClient, command: int) -> None:
    assert refusal_of(stranger, command, {}).code == "UNKNOWN_COMMAND"
    assert_still_served(stranger)


def test_an_unknown_command_without_a_readable_rid_is_answered_with_zero(stranger: WireClient) -> None:
    stranger.send_frame(200, cbor2.dumps({"rid": "seven"}))
    answer = stranger.receive()
    assert (answer.code, answer.rid) == ("UNKNOWN_COMMAND", 0)
    assert_still_served(stranger)


@pytest.mark.parametrize("command", sorted(REQUESTS - BEFORE_LOGIN))
def test_before_login_every_other_request_is_refused(stranger: WireClient, command: int) -> None:
    fields = {
        "talk_type": 0,
        "talk_id": "bob",
        "friend_id": "bob",
        "user_id": "bob",
        "group_id": "g1",
        "msg_uuid": bytes(16),
        "msg_type": 0,
        "msg_text": "hi",
        "seq": 1,
        "search_key": "bob",
        "accept": True,
        "remark": "Bob",
        "name": "group",
        "member_ids": ["bob"],
        "role": 1,
        "old_password": PASSWORD,
        "new_password": PASSWORD,
    }
    assert refusal_of(stranger, command, fields).code == "NOT_LOGGED_IN"
    assert_still_served(stranger)


@pytest.mark.parametrize(
    ("command", "field"), [(command, field) for command, (_, bad) in BAD_FIELDS.items() for field in bad]
)
def test_a_field_as_it_must_not_be_is_named(ann: WireClient, command: Command, field: str) -> None:
    fields, bad = BAD_FIELDS[command]
    for value in bad[field]:
        answer = refusal_of(ann, command, {**fields, field: value})
        assert answer.code == "BAD_REQUEST", (value, answer)
        assert field in answer.message, (value, answer)
    assert_still_served(ann)


@pytest.mark.parametrize("command", BAD_FIELDS)
def test_a_missing_field_is_named(ann: WireClient, command: Command) -> None:
    fields, _ = BAD_FIELDS[command]
    for missing in fields:
        rest = {name: value for name, value in fields.items() if name != missing}
        answer = refusal_of(ann, command, rest)
        assert (answer.code, missing in answer.message) == ("BAD_REQUEST", True), answer
    assert_still_served(ann)


def test_keys_that_nobody_knows_are_ignored(ann: WireClient) -> None:
    ann.send_frame(Command.SYNC_REQUEST, cbor2.dumps({"rid": 50, "colour": "blue", "more": {"x": [1, 2]}}))
    assert not isinstance(ann.answer(50), ErrorResponse)


def test_a_text_longer_than_people_may_write_is_too_large(ann: WireClient) -> None:
    longest = MsgRequest(rid=0, friend_id="bob", msg_uuid=b"l" * 16, msg_type=0, msg_text="好" * 4000)
    ann.accepted(longest)
    too_long = MsgRequest(rid=0, friend_id="bob", msg_uuid=b"m" * 16, msg_type=0, msg_text="x" * 4001)
    assert ann.refused(too_long) == "TOO_LARGE"


def test_nobody_and_nothing_are_refused_like_somebody_elses(ann: WireClient) -> None:
    uuid = b"n" * 16
    assert (
        ann.refused(MsgRequest(rid=0, friend_id="nobody", msg_uuid=uuid, msg_type=0, msg_text="hi"))
        == "NOT_FRIEND"
    )
    assert ann.refused(HistoryRequest(rid=0, talk_type=0, talk_id="nobody")) == "NOT_FRIEND"
    assert ann.refused(HistoryRequest(rid=0, talk_type=1, talk_id="nothing")) == "NOT_MEMBER"
    assert (
        ann.refused(RecallRequest(rid=0, talk_type=0, talk_id="bob", seq=10**6, msg_uuid=uuid)) == "NOT_FOUND"
    )
    assert ann.refused(AddFriendRequest(rid=0, friend_id="nobody")) == "NOT_FOUND"


def test_an_odd_version_of_the_protocol_is_refused(stranger: WireClient) -> None:
    fields = {"protocol": 2, "user_id": "ann", "password": PASSWORD}
    assert refusal_of(stranger, Command.LOGIN_REQUEST, fields).code == "UNSUPPORTED_VERSION"
    assert_still_served(stranger)


def test_a_connection_logs_in_once(ann: WireClient) -> None:
    fields = {"protocol": 1, "user_id": "bob", "password": PASSWORD}
    assert refusal_of(ann, Command.LOGIN_REQUEST, fields).code == "ALREADY_LOGGED_IN"
    assert_still_served(ann)


def test_frames_in_pieces_and_frames_in_heaps_are_the_same(ann: WireClient) -> None:
    body = cbor2.dumps({"rid": 60})
    frame = struct.pack("!IB", 1 + len(body), Command.HEARTBEAT_REQUEST) + body
    for byte in frame:
        ann.send_bytes(bytes([byte]))
    assert isinstance(ann.answer(60), HeartbeatResponse)
    ann.send_bytes(frame * 500)
    assert all(isinstance(ann.answer(60), HeartbeatResponse) for _ in range(500))


STORMS = {
    "history": HistoryRequest(rid=60, talk_type=0, talk_id="bob", limit=1),
    "messages": MsgRequest(rid=60, friend_id="bob", msg_uuid=bytes(16), msg_type=0, msg_text="storm"),
}
FRAMES_A_TURN = 200
"""A node answers at most so many requests of one connection before others have their turn."""


@pytest.mark.parametrize("request_", STORMS.values(), ids=STORMS)
def test_a_storm_of_requests_leaves_others_their_turns(
    node: NodeProcess, ann: WireClient, request_: Packet
) -> None:
    storm, heartbeats = 6_000, 10
    with WireClient(node.port) as bystander:
        ann.send_bytes(encode_frame(request_) * storm)
        assert_still_served(bystander)
        before = _bytes_waiting(ann)
        for _ in range(heartbeats):
            assert_still_served(bystander)
        after = before + _bytes_waiting(ann)
    answered_meanwhile = _count_of_frames(after) - _count_of_frames(before)
    assert _count_of_frames(after) < storm, "the storm was over too early to tell"
    assert answered_meanwhile <= FRAMES_A_TURN * (heartbeats + 1)


def _bytes_waiting(client: WireClient) -> bytes:
    received = bytearray()
    client.socket.setblocking(False)
    try:
        while data := client.socket.recv(1 << 20):
            received += data
    except BlockingIOError:
        pass
    return bytes(received)


def _count_of_frames(stream: bytes) -> int:
    count = at = 0
    while at + 4 <= len(stream):
        at += 4 + struct.unpack_from("!I", stream, at)[0]
        count += 1
    return count


def test_a_connection_that_never_reads_is_disconnected_and_others_go_on(
    node: NodeProcess, ann: WireClient
) -> None:
    with WireClient(node.port) as deaf, WireClient(node.port) as bystander:
        deaf.login("bob", device="deaf")
        bystander.login("bob", device="bystander")
        for sent in range(0, MORE_THAN_BUFFERS_HOLD, 50):
            _send_long_ones(ann, range(sent, sent + 50))
            ann.take_pushes()
            bystander.take_pushes()
        wait_until(lambda: _has_ended(deaf, node), 30, lambda: "the one who never reads was not disconnected")
        sent = MORE_THAN_BUFFERS_HOLD
        _send_long_ones(ann, range(sent, sent + 1))
        assert [push.msg_uuid for push in bystander.take_pushes()] == [_uuid(sent)]


def _send_long_ones(client: WireClient, numbers: range) -> None:
    """Send messages as long as they may be, and wait until they are acked."""
    rids = [
        client.send(
            MsgRequest(rid=0, friend_id="bob", msg_uuid=_uuid(number), msg_type=0, msg_text="x" * 4000)
        )
        for number in numbers
    ]
    for rid in rids:
        client.answer(rid)


def _uuid(number: int) -> bytes:
    return struct.pack("!8sQ", b"deafness", number)


def _has_ended(client: WireClient, node: NodeProcess) -> bool:
    """Whether the node has closed its end: the peer's socket has then left the table of connections."""
    ours = client.socket.getsockname()[1]
    wanted = f"0100007F:{node.port:04X} 0100007F:{ours:04X} 01"
    with open("/proc/net/tcp") as table:
        return wanted not in table.read()


def test_a_kicked_connection_reads_why(node: NodeProcess) -> None:
    with WireClient(node.port) as first, WireClient(node.port) as second:
        first.login("bob", device="same")
        second.login("bob", device="same")
        last = first.read_to_end()[-1]
        assert isinstance(last, KickedNotice)
        assert last.reason == "replaced"
        assert_still_served(second)


def test_a_peer_that_goes_in_the_middle_of_a_frame_is_forgotten(node: NodeProcess, ann: WireClient) -> None:
    for cut in (1, 3, 4, 5, 20):
        with WireClient(node.port) as client:
            client.send_bytes((struct.pack("!IB", 100, Command.LOGIN_REQUEST) + bytes(99))[:cut])
    assert_still_served(ann)


def test_a_peer_that_goes_without_waiting_for_its_answer_is_forgotten(node: NodeProcess) -> None:
    for _ in range(5):
        client = WireClient(node.port)
        client.login("bob", device="hasty")
        client.send(SyncRequest(rid=0))
        client.close()
    with WireClient(node.port) as client:
        client.login("bob", device="hasty")
        assert isinstance(client.request(HeartbeatRequest(rid=0)), HeartbeatResponse)


def test_a_closed_connection_stays_closed(stranger: WireClient) -> None:
    stranger.send_bytes(struct.pack("!I", 0))
    assert_refused_and_closed(stranger)
    with pytest.raises(ConnectionEnded):
        stranger.receive()


def test_a_name_is_registered_once(node: NodeProcess) -> None:
    with WireClient(node.port) as first, WireClient(node.port) as second:
        fields = {"protocol": 1, "user_id": "twins", "password": PASSWORD, "nickname": "Twin"}
        frame = cbor2.dumps({"rid": 3, **fields})
        for client in (first, second):
            client.send_frame(Command.REGISTER_REQUEST, frame)
        answers = [client.answer(3) for client in (first, second)]
    refusals = [answer.code for answer in answers if isinstance(answer, ErrorResponse)]
    assert refusals == ["USER_EXISTS"]
    assert sum(isinstance(answer, OkResponse) for answer in answers) == 1
