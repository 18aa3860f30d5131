"""Connections: what is wrong with a frame, who lets the node wait, who does not read, who asks too much."""

import cbor2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.frame import MAX_FRAME
from naivechat.protocol.friend import SearchFriendRequest
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    KickedNotice,
    LoginRequest,
    LogoutRequest,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from naivechat.protocol.talk import SyncRequest
from naivechat.sockets import connection, outbox, patience
from tests import strategies
from tests.logs import logged_errors
from tests.unit.sockets.node import PASSWORD, Client, MemoryNode, text_to

HEARTBEAT = encode_frame(HeartbeatRequest(rid=7))


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def _codes(packets: list[object]) -> list[str]:
    return [packet.code for packet in packets if isinstance(packet, ErrorResponse)]


def _reasons(packets: list[object]) -> list[str]:
    return [packet.reason for packet in packets if isinstance(packet, KickedNotice)]


# ---- what is wrong with a frame


@pytest.mark.parametrize("length", [0, 4097, 2**31, 2**32 - 1])
def test_a_length_that_no_frame_has_before_login_is_answered_and_closes(
    node: MemoryNode, length: int
) -> None:
    client = node.connect()
    client.send_bytes(length.to_bytes(4, "big") + b"x" * 10)
    assert _codes(client.take()) == ["BAD_FRAME"]
    assert client.is_closing


def test_after_login_frames_of_64_kib_are_taken_and_longer_ones_are_not(node: MemoryNode) -> None:
    client = node.person("ann")
    bare = len(cbor2.dumps({"rid": 5, "unknown": b"x" * 60_000})) - 60_000
    payload = cbor2.dumps({"rid": 5, "unknown": b"x" * (MAX_FRAME - 1 - bare)})
    client.send_frame(Command.HEARTBEAT_REQUEST, payload)
    assert [packet.rid for packet in client.take()] == [5]
    client.send_frame(Command.HEARTBEAT_REQUEST, payload + b"x")
    assert _codes(client.take()) == ["BAD_FRAME"]
    assert client.is_closing


@pytest.mark.parametrize("payload", [b"", b"\xff", cbor2.dumps([1]), cbor2.dumps({"rid": 1}) + b"\0"])
def test_a_payload_that_is_not_one_map_is_answered_and_closes(node: MemoryNode, payload: bytes) -> None:
    client = node.connect()
    client.send_frame(Command.HEARTBEAT_REQUEST, payload)
    assert _codes(client.take()) == ["BAD_FRAME"]
    assert client.is_closing


@pytest.mark.parametrize("command", [0, 47, 200, 255, Command.OK_RESPONSE, Command.KICKED_NOTICE])
def test_a_command_that_no_client_sends_is_answered_with_its_rid_and_stays_open(
    node: MemoryNode, command: int
) -> None:
    client = node.connect()
    client.send_frame(command, cbor2.dumps({"rid": 9}))
    (answer,) = client.take()
    assert (answer.code, answer.rid) == ("UNKNOWN_COMMAND", 9)
    assert not client.is_closing


def test_a_wrong_key_is_named_and_the_connection_stays_open(node: MemoryNode) -> None:
    client = node.connect()
    client.send_frame(
        Command.LOGIN_REQUEST, cbor2.dumps({"rid": 3, "protocol": 1, "user_id": 5, "password": ""})
    )
    (answer,) = client.take()
    assert (answer.code, answer.rid) == ("BAD_REQUEST", 3)
    assert "user_id" in answer.message
    assert not client.is_closing


def test_another_version_of_the_protocol_is_refused(node: MemoryNode) -> None:
    client = node.connect()
    payload = {"rid": 3, "protocol": 2, "user_id": "ann", "password": ""}
    client.send_frame(Command.LOGIN_REQUEST, cbor2.dumps(payload))
    assert _codes(client.take()) == ["UNSUPPORTED_VERSION"]


def test_nothing_is_answered_behind_a_bad_frame(node: MemoryNode) -> None:
    client = node.connect()
    client.send_bytes(b"\0\0\0\1\x11" + HEARTBEAT)
    assert [type(packet) for packet in client.take()] == [ErrorResponse]


def test_bytes_may_come_one_by_one(node: MemoryNode) -> None:
    client = node.connect()
    for byte in HEARTBEAT * 2:
        client.send_bytes(bytes([byte]))
    assert [packet.rid for packet in client.take()] == [7, 7]


# ---- who lets the node wait


def test_who_does_not_log_in_within_10_s_is_closed_whatever_is_sent(node: MemoryNode) -> None:
    client = node.connect()
    node.clock.advance(9)
    client.send_bytes(HEARTBEAT)
    node.clock.advance(0.9)
    assert [type(packet) for packet in client.take()] == [HeartbeatResponse]
    node.clock.advance(0.2)
    assert _reasons(client.take()) == ["idle"]
    assert client.is_closing


def test_who_sends_no_frame_for_90_s_is_closed(node: MemoryNode) -> None:
    client = node.person("ann")
    node.clock.advance(80)
    client.send_bytes(HEARTBEAT)
    node.clock.advance(80)
    assert not client.is_closing
    client.take()
    node.clock.advance(11)
    assert _reasons(client.take()) == ["idle"]
    assert client.is_closing


def test_who_dribbles_a_frame_has_15_s_for_it(node: MemoryNode) -> None:
    client = node.person("ann")
    for byte in HEARTBEAT[:-1]:
        client.send_bytes(bytes([byte]))
        node.clock.advance(1)
    assert not client.is_closing
    node.clock.advance(patience.FRAME_TIMEOUT_S)
    assert _reasons(client.take()) == ["idle"]


def test_a_frame_that_ends_in_time_begins_the_wait_anew(node: MemoryNode) -> None:
    client = node.person("ann")
    for _ in range(5):
        client.send_bytes(HEARTBEAT[:5])
        node.clock.advance(10)
        client.send_bytes(HEARTBEAT[5:])
    node.clock.advance(60)
    assert not client.is_closing


def test_a_peer_that_does_not_take_the_farewell_is_cut_off_5_s_later(node: MemoryNode) -> None:
    client = node.connect()
    node.clock.advance(10)
    assert client.is_closing
    node.clock.advance(4.9)
    assert not client.transport.aborted
    node.clock.advance(0.2)
    assert client.transport.aborted


def test_a_connection_that_ends_leaves_no_timer_behind(node: MemoryNode) -> None:
    idle, closing = node.connect(), node.connect()
    closing.protocol.close(b"")
    idle.lose()
    closing.lose()
    assert node.clock.getDelayedCalls() == []
    assert node.factory.connection_count == 0


def test_packets_leave_at_once_and_dead_peers_are_probed(node: MemoryNode) -> None:
    client = node.connect()
    assert client.transport.no_delay
    assert client.transport.keep_alive


# ---- who does not read


def _overfill(node: MemoryNode, client: Client) -> None:
    frame = b"x" * 65_536
    for _ in range(outbox.MOST_WAITING_BYTES // len(frame)):
        client.protocol.write(frame)


def test_while_a_peer_does_not_read_frames_wait_and_no_request_is_taken(node: MemoryNode) -> None:
    client = node.person("ann")
    client.protocol._outbox.pauseProducing()
    client.send_bytes(HEARTBEAT)
    assert not client.is_reading
    client.protocol.write(encode_frame(OkResponse(rid=1)))
    client.protocol.write(encode_frame(OkResponse(rid=2)))
    assert client.take() == []
    client.protocol._outbox.resumeProducing()
    assert [packet.rid for packet in client.take()] == [1, 2, 7]
    assert client.is_reading


def test_what_waited_goes_only_until_the_transport_is_full_again(node: MemoryNode) -> None:
    client = node.person("ann")
    box = client.protocol._outbox
    box.pauseProducing()
    for rid in (1, 2):
        client.protocol.write(
            encode_frame(ErrorResponse(rid=rid, code="", message="x" * outbox.PORTION_BYTES))
        )
    write = client.transport.write
    client.transport.write = lambda data: (write(data), box.pauseProducing())
    box.resumeProducing()
    assert [packet.rid for packet in client.take()] == [1]
    assert not client.is_reading


def test_who_lets_1_mib_wait_is_told_slow_and_cut_off_5_s_later(node: MemoryNode) -> None:
    client = node.person("ann")
    client.protocol._outbox.pauseProducing()
    _overfill(node, client)
    assert not client.is_closing
    client.protocol.write(b"one more")
    assert _reasons(client.take()) == ["slow"]
    assert client.is_closing
    node.clock.advance(5)
    assert client.transport.aborted
    assert not node.registry.is_online("ann")


def test_a_closing_connection_takes_nothing_more(node: MemoryNode) -> None:
    client = node.person("ann")
    client.protocol.close(encode_frame(OkResponse(rid=1)))
    client.protocol.write(encode_frame(OkResponse(rid=2)))
    client.protocol.close(encode_frame(OkResponse(rid=3)))
    client.send_bytes(HEARTBEAT)
    assert [packet.rid for packet in client.take()] == [1]


def test_a_transport_that_ends_takes_its_frames_along(node: MemoryNode) -> None:
    client = node.person("ann")
    client.protocol._outbox.stopProducing()
    client.protocol.write(b"lost")
    assert client.transport.value() == b""


# ---- one at a time, and not too many


def test_a_request_waits_for_the_one_before(node: MemoryNode) -> None:
    client, _ = node.people("ann bob")
    node.talks.closed = True
    client.send(SyncRequest(rid=0))
    client.send_bytes(HEARTBEAT)
    assert client.take() == []
    assert not client.is_reading
    node.talks.come_back()
    assert [packet.rid for packet in client.take()][1:] == [7]
    assert client.is_reading


def test_sends_enter_the_queue_in_order_and_let_the_next_packet_go(node: MemoryNode) -> None:
    client, _ = node.people("ann bob")
    node.log.closed = True
    rids = [client.send(text_to("bob", number)) for number in (1, 2, 3)]
    client.send_bytes(HEARTBEAT)
    assert [type(packet) for packet in client.take()] == [HeartbeatResponse]
    node.log.commit()
    answers = client.take()
    assert [answer.rid for answer in answers] == rids
    assert [answer.seq for answer in answers] == [1, 2, 3]


def test_at_most_64_sends_are_under_way_and_reading_goes_on_at_half(node: MemoryNode) -> None:
    client, _ = node.people("ann bob")
    node.log.closed = True
    frames = [text_to("bob", number) for number in range(1, 101)]
    rids = [client.send(frame) for frame in frames]
    assert len(node.log.waiting) == connection.MOST_UNDER_WAY
    assert not client.is_reading
    node.log.commit(31)
    assert len(node.log.waiting) == 33
    node.log.commit(1)
    assert len(node.log.waiting) == 64
    node.log.commit()
    node.log.commit()
    answers = client.take()
    assert [answer.rid for answer in answers] == rids
    assert [answer.seq for answer in answers] == list(range(1, 101))
    assert client.is_reading


def test_after_200_frames_others_have_their_turn(node: MemoryNode) -> None:
    client = node.connect()
    answered = node.measures.requests
    client.send_bytes(HEARTBEAT * 450)
    assert answered["heartbeat"] == 200
    assert not client.is_reading
    seen_by_others: list[int] = []
    node.clock.callLater(0, lambda: seen_by_others.append(answered["heartbeat"]))
    node.clock.advance(0)
    assert seen_by_others == [400]
    node.clock.advance(0)
    assert len(client.take()) == 450
    assert client.is_reading


def test_a_logout_waits_for_what_is_in_the_queue(node: MemoryNode) -> None:
    client, _ = node.people("ann bob")
    node.log.closed = True
    first = client.send(text_to("bob"))
    last = client.send(LogoutRequest(rid=0))
    assert client.take() == []
    node.log.commit()
    assert [packet.rid for packet in client.take()] == [first, last]
    assert client.is_closing
    assert node.store.tokens.keys() == {
        hashed for hashed, token in node.store.tokens.items() if token.user_id == "bob"
    }


def test_a_send_that_commits_after_its_connection_ended_is_stored_and_pushed(node: MemoryNode) -> None:
    client, friend = node.people("ann bob")
    node.log.closed = True
    client.send(text_to("bob"))
    client.lose()
    friend.take()
    node.log.commit()
    assert [packet.seq for packet in friend.take()] == [1]


def test_a_fault_of_ours_is_answered_without_a_traceback_and_logged_with_the_rid(node: MemoryNode) -> None:
    client = node.person("ann")
    node.talks.fails = ZeroDivisionError("secret detail")
    answer = client.request(SyncRequest(rid=0))
    assert answer.code == "INTERNAL"
    assert "secret" not in answer.message
    assert not client.is_closing
    (event,) = logged_errors.flush(ZeroDivisionError)
    assert event["rid"] == answer.rid


def test_whoever_is_not_logged_in_may_only_register_log_in_and_beat(node: MemoryNode) -> None:
    client = node.connect()
    for request in (text_to("bob"), LogoutRequest(rid=0), SearchFriendRequest(rid=0, search_key="a")):
        assert client.request(request).code == "NOT_LOGGED_IN"
    assert isinstance(client.request(HeartbeatRequest(rid=0)), HeartbeatResponse)
    assert not client.is_closing


@given(strategies.requests())
def test_any_other_request_before_login_is_refused_and_changes_nothing(request: Packet) -> None:
    allowed = (RegisterRequest, LoginRequest, ReconnectRequest, HeartbeatRequest)
    assume(not isinstance(request, allowed) and len(encode_frame(request)) < 4096)
    node = MemoryNode()
    client = node.connect()
    assert client.request(request).code == "NOT_LOGGED_IN"
    assert node.bus.events == []


@given(st.lists(st.one_of(st.binary(max_size=40), st.just(HEARTBEAT)), max_size=8), st.booleans())
def test_whatever_bytes_come_only_errors_of_the_protocol_are_answered(
    pieces: list[bytes], logged_in: bool
) -> None:
    node = MemoryNode()
    client = node.person("ann") if logged_in else node.connect()
    for piece in pieces:
        client.send_bytes(piece)
    answers = client.take()
    errors = {"BAD_FRAME", "UNKNOWN_COMMAND", "BAD_REQUEST", "NOT_LOGGED_IN"}
    assert set(_codes(answers)) <= errors
    assert client.is_closing == ("BAD_FRAME" in _codes(answers))


def test_a_second_login_on_a_connection_is_refused(node: MemoryNode) -> None:
    client = node.person("ann")
    again = LoginRequest(rid=0, protocol=1, user_id="ann", password=PASSWORD)
    assert client.request(again).code == "ALREADY_LOGGED_IN"


def test_a_connection_that_cannot_answer_at_all_is_logged(node: MemoryNode) -> None:
    client = node.connect()

    def break_down(*_: object) -> bytes:
        raise ZeroDivisionError

    client.protocol._answers._frame_of = break_down
    client.send(LoginRequest(rid=0, protocol=1, user_id="ann", password=PASSWORD))
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
