"""Logging in: nothing falls between the state that is read and the pushes that follow; sessions give way to newer ones."""

import socket

import pytest

from naivechat.domain.errors import Unavailable
from naivechat.domain.events import SessionsEnded
from naivechat.domain.session import EndReason
from naivechat.domain.user import UserId
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.group import CreateGroupRequest, GroupNotice, LeaveGroupRequest
from naivechat.protocol.message import MsgResponse
from naivechat.protocol.session import (
    KickedNotice,
    LoginRequest,
    LoginResponse,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets import server, session
from naivechat.sockets.handlers.session import Welcome
from naivechat.sockets.neighbours import Neighbours
from naivechat.sockets.turnstile import PATIENCE_S
from tests.fakes import done
from tests.unit.sockets.node import PASSWORD, Client, MemoryNode, text_to


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def _welcome(node: MemoryNode) -> Welcome:
    services = node.services
    return Welcome(
        sessions=services.sessions,
        talks=services.talks,
        groups=services.groups,
        presence=services.presence,
        registry=node.registry,
        reporter=node.server.reporter,
        clock=node.wall_clock,
        neighbours=Neighbours(services.nodes),
    )


@pytest.fixture
def narrow_node(monkeypatch: pytest.MonkeyPatch) -> MemoryNode:
    """A node that does one login by password at a time, and knows ann, bob and cid."""
    monkeypatch.setattr(server, "MOST_PASSWORD_LOGINS", 1)
    node = MemoryNode()
    for user_id in ("ann", "bob", "cid"):
        node.register(user_id)
    return node


def _begin(node: MemoryNode, user_id: str, device: str | None = None) -> Client:
    """A login whose snapshot is read and has not come back yet."""
    node.talks.closed = True
    client = node.connect()
    client.send(LoginRequest(rid=0, protocol=1, user_id=user_id, password=PASSWORD, device=device))
    node.talks.closed = False
    return client


def test_register_then_log_in_and_come_back_by_token(node: MemoryNode) -> None:
    client = node.connect()
    request = RegisterRequest(rid=0, protocol=1, user_id="ann", password=PASSWORD, nickname="Ann")
    assert isinstance(client.request(request), OkResponse)
    first = client.login("ann")
    assert isinstance(first, LoginResponse)
    assert (first.user.nickname, first.node, first.max_frame, first.heartbeat_ms) == (
        "Ann",
        "node-1",
        65_536,
        30_000,
    )
    back = ReconnectRequest(rid=0, protocol=1, user_id="ann", token=first.token)
    second = node.connect().request(back)
    assert second.token == first.token


def _send_login(node: MemoryNode, user_id: str) -> Client:
    client = node.connect()
    client.send(LoginRequest(rid=0, protocol=1, user_id=user_id, password=PASSWORD))
    return client


def test_logins_beyond_those_under_way_wait_for_their_turn(narrow_node: MemoryNode) -> None:
    ann = _begin(narrow_node, "ann")
    bob = _send_login(narrow_node, "bob")
    assert (ann.take(), bob.take()) == ([], [])
    narrow_node.talks.come_back()
    assert [type(client.take()[0]) for client in (ann, bob)] == [LoginResponse, LoginResponse]


def test_a_login_whose_peer_goes_while_it_waits_is_not_begun(narrow_node: MemoryNode) -> None:
    _begin(narrow_node, "ann")
    bob, cid = _send_login(narrow_node, "bob"), _send_login(narrow_node, "cid")
    bob.lose()
    narrow_node.talks.come_back()
    assert narrow_node.store.logins == {"ann": 1, "cid": 1}
    assert isinstance(cid.take()[0], LoginResponse)
    assert narrow_node.measures.logins == {"ok": 2}


def test_a_login_whose_turn_does_not_come_in_time_is_refused(narrow_node: MemoryNode) -> None:
    _begin(narrow_node, "ann")
    bob = _send_login(narrow_node, "bob")
    narrow_node.clock.advance(PATIENCE_S)
    (refusal,) = bob.take()
    assert (refusal.code, refusal.retry_after_ms) == ("UNAVAILABLE", 1000)
    narrow_node.talks.come_back()
    assert isinstance(bob.login("bob"), LoginResponse)


def test_a_wrong_password_leaves_the_connection_as_it_was(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    assert client.login("ann", password="wrong one").code == "AUTH_FAILED"
    assert isinstance(client.login("ann"), LoginResponse)


def test_pushes_wait_for_the_answer_and_those_it_covers_are_dropped(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    ann.request(text_to("bob", 1))
    bob.lose()
    node.log.closed = True
    ann.send(text_to("bob", 2))
    bob = _begin(node, "bob")
    node.log.commit()
    ann.send(text_to("bob", 3))
    node.log.commit()
    assert bob.take() == []
    node.talks.come_back()
    response, *pushes = bob.take()
    assert [talk.last_seq for talk in response.talks] == [1]
    assert [push.seq for push in pushes] == [2, 3]


def test_a_push_that_the_answer_covers_does_not_follow_it(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    bob.lose()
    ann.request(text_to("bob", 1))
    bob = _begin(node, "bob")
    held = node.registry.at("user:bob")[0]
    held.push(b"covered", "ann:bob", 1)
    node.talks.come_back()
    assert [type(packet) for packet in bob.take()] == [LoginResponse]


def test_too_many_pushes_during_a_login_become_a_sync_notice(node: MemoryNode) -> None:
    node.register("ann")
    ann = _begin(node, "ann")
    (held,) = node.registry.at("user:ann")
    half = b"\x00\x08\x00\x00\x32" + b"x" * (session.MOST_HELD_BYTES // 2)
    for _ in range(4):
        held.push(half)
    node.talks.come_back()
    node.clock.advance(0)
    written = ann.transport.value()
    assert written.count(half) == 2
    assert written.endswith(encode_frame(SyncNotice()))


def test_a_login_whose_state_cannot_be_read_is_undone(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    node.talks.fails = Unavailable()
    answer = client.login("ann")
    assert (answer.code, answer.retry_after_ms) == ("UNAVAILABLE", 1000)
    assert not node.registry.is_online("ann")
    node.talks.fails = None
    assert isinstance(client.login("ann"), LoginResponse)


def test_a_login_whose_connection_ended_meanwhile_leaves_nothing(node: MemoryNode) -> None:
    node.register("ann")
    client = _begin(node, "ann")
    client.lose()
    node.talks.come_back()
    assert not node.registry.is_online("ann")
    assert node.registry.at("user:ann") == ()


def test_a_connection_that_ended_while_the_password_was_checked_gets_no_session(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    client.protocol.close(b"")
    ticket = done(node.services.sessions.login("ann", PASSWORD, "desktop"))
    assert client.protocol.open_session("s", ticket) is None
    assert done(_welcome(node).greet(client.protocol, 1, ticket)) is None
    assert not node.registry.is_online("ann")


@pytest.mark.parametrize("unread", [b"", b"what TLS says before it ends"])
def test_a_login_whose_peer_has_given_up_ends_no_session(node: MemoryNode, unread: bytes) -> None:
    ann = node.person("ann")
    late = node.connect()
    late.transport.socket, peer = socket.socketpair()
    peer.send(unread)
    peer.close()
    ticket = done(node.services.sessions.login("ann", PASSWORD, "desktop"))
    done(_welcome(node).greet(late.protocol, 1, ticket))
    late.transport.socket.close()
    assert not ann.is_closing
    assert late.take() == []


def test_a_login_whose_peer_waits_is_answered(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    client.transport.socket, peer = socket.socketpair()
    assert isinstance(client.login("ann"), LoginResponse)
    client.transport.socket.close()
    peer.close()


def test_the_same_device_replaces_the_older_session_whose_end_changes_nothing(node: MemoryNode) -> None:
    bob = node.person("bob")
    node.register("ann")
    node.befriend("ann", "bob")
    old = node.person("ann")
    new = node.person("ann")
    old.take()
    assert old.is_closing
    old.lose()
    bob.take()
    bob.request(text_to("ann"))
    assert [type(packet) for packet in new.take()[-1:]] == [MsgResponse]
    assert node.registry.is_online("ann")


def test_a_replaced_session_is_told_why(node: MemoryNode) -> None:
    old = node.person("ann")
    node.person("ann")
    (notice,) = old.take()
    assert notice.reason == "replaced"
    assert notice.message


def test_other_devices_stay_and_the_oldest_of_six_goes(node: MemoryNode) -> None:
    clients = [node.person("ann", device=f"device {number}") for number in range(6)]
    ends = [[p.reason for p in client.take() if isinstance(p, KickedNotice)] for client in clients]
    assert ends == [["replaced"], [], [], [], [], []]


def test_of_two_logins_at_one_instant_exactly_one_stays(node: MemoryNode) -> None:
    node.register("ann")
    one, other = _begin(node, "ann"), _begin(node, "ann")
    node.talks.come_back()
    assert [one.is_closing, other.is_closing] == [True, False]
    assert len(node.registry.at("user:ann")) == 1


def test_a_session_that_ends_while_it_logs_in_stays_out_of_everything(node: MemoryNode) -> None:
    ann = node.person("ann")
    assert isinstance(ann.request(CreateGroupRequest(rid=0, name="G", member_ids=())), GroupNotice)
    newer = _begin(node, "ann", "phone")
    node.bus.publish(SessionsEnded(user_id=UserId("ann"), reason=EndReason.ADMIN))
    node.talks.come_back()
    assert [p.reason for p in newer.take() if isinstance(p, KickedNotice)] == ["admin"]
    assert node.registry.at("group:g1") == ()


def test_a_session_hears_its_groups_but_for_those_left_during_the_login(node: MemoryNode) -> None:
    ann = node.person("ann")
    for _ in range(2):
        ann.request(CreateGroupRequest(rid=0, name="G", member_ids=()))
    late = _begin(node, "ann", "phone")
    (_, session_of_late) = node.registry.at("user:ann")
    ann.request(LeaveGroupRequest(rid=0, group_id="g1"))
    node.registry.bind_groups(session_of_late, {"g1": 1, "g2": 1})
    assert session_of_late not in node.registry.at("group:g1")
    assert session_of_late in node.registry.at("group:g2")
    node.talks.come_back()
    assert late.take()


def test_a_group_that_somebody_came_into_just_before_the_session_began_is_heard(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    phone = node.connect()
    ticket = done(node.services.sessions.login("bob", PASSWORD, "phone"))
    ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
    done(_welcome(node).greet(phone.protocol, 1, ticket))
    assert phone.protocol.session in node.registry.at("group:g1")
    (response,) = phone.take()
    assert [group.group_id for group in response.groups] == ["g1"]


def test_friends_hear_of_the_first_device_and_of_the_last(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    second = node.person("bob", device="phone")
    assert ann.take() == []
    bob.lose()
    assert ann.take() == []
    second.lose()
    assert [packet.online for packet in ann.take()] == [False]
    node.person("bob")
    assert [packet.online for packet in ann.take()] == [True]


def test_the_answer_tells_which_friends_are_there(node: MemoryNode) -> None:
    ann, _bob, cid = node.people("ann bob cid")
    cid.lose()
    ann.lose()
    response = node.connect().login("ann")
    assert {friend.user_id: friend.online for friend in response.friends} == {"bob": True, "cid": False}
