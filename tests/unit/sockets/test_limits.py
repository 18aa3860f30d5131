"""What a node refuses, and that who storms slows itself alone."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import ISSLTransport
from twisted.python.failure import Failure
from zope.interface import alsoProvides

from naivechat.domain.limits import Limits
from naivechat.domain.rates import Rate
from naivechat.protocol.command import Command
from naivechat.protocol.errors import NEEDS_TLS
from naivechat.protocol.friend import SearchFriendRequest
from naivechat.protocol.message import MsgResponse, TypingRequest
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import ChangePasswordRequest
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    LoginRequest,
    LoginResponse,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from naivechat.protocol.talk import SyncRequest
from naivechat.sockets.rationing import TOLD_TO_OTHERS
from naivechat.sockets.server import Rules
from tests.unit.sockets.node import PASSWORD, Client, MemoryNode, StringTCP, befriending, text_to

FAR = "192.0.2.7"


def limited(**values: Any) -> MemoryNode:
    """A node with the default limits, but for these."""
    return MemoryNode(rules=Rules(limits=Limits(**values)))


@pytest.fixture
def node() -> MemoryNode:
    return limited()


def codes(packets: list[Any]) -> list[str]:
    return [packet.code for packet in packets if isinstance(packet, ErrorResponse)]


def settle(node: MemoryNode, client: Client) -> list[Any]:
    """All answers, however long the connection is held up."""
    answers = client.take()
    while not client.is_reading:
        node.clock.advance(0.01)
        answers += client.take()
    return answers


# ---- messages


def test_sixty_messages_go_at_once_and_the_next_is_told_when_to_come(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    for number in range(60):
        ann.send(text_to("bob", number + 1))
    assert codes(ann.take()) == []
    refusal = ann.request(text_to("bob", 99))
    assert (refusal.code, refusal.retry_after_ms) == ("RATE_LIMITED", 100)
    assert len([push for push in bob.take() if isinstance(push, MsgResponse)]) == 60
    node.clock.advance(0.1)
    assert ann.request(text_to("bob", 99)).seq == 61
    assert node.measures.refused["messages"] == 1


def test_all_devices_of_a_person_share_and_others_have_their_own(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("ann", device="phone")
    for number in range(60):
        (ann, phone)[number % 2].send(text_to("bob", number + 1))
    for client in (ann, phone):
        client.take()
        client.send(text_to("bob", 99))
        assert codes(client.take()) == ["RATE_LIMITED"]
    bob.take()
    assert bob.request(text_to("ann", 1)).seq == 61


def test_who_storms_is_answered_a_hundred_times_a_second_and_others_as_ever(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    for number in range(60):
        ann.send(text_to("bob", number + 1))
    ann.take()
    for number in range(300):
        ann.send(text_to("bob", 1_000 + number))
    node.clock.advance(0.0)
    assert len(codes(ann.take())) == 1
    for _ in range(10):
        node.clock.advance(0.1)
    answers = ann.take()
    assert len(answers) <= 101
    assert len(codes(answers)) <= 91
    assert bob.request(HeartbeatRequest(rid=0)).rid


@pytest.mark.parametrize(
    "request_",
    [befriending("bob"), TypingRequest(rid=0, talk_type=0, talk_id="bob")],
    ids=["friend", "typing"],
)
def test_whatever_is_told_to_others_shares_the_measure_of_messages(request_: Packet) -> None:
    node = limited(message_burst=2)
    ann, _ = node.people("ann bob")
    ann.request(text_to("bob", 1))
    ann.send(request_)
    assert codes(ann.take()) == []
    ann.send(request_)
    assert codes(ann.take()) == ["RATE_LIMITED"]


def test_what_tells_nobody_anything_is_not_measured_as_a_message() -> None:
    node = limited(message_burst=1)
    ann = node.person("ann")
    for _ in range(20):
        assert not isinstance(ann.request(SyncRequest(rid=0)), ErrorResponse)
    assert not {command for command in TOLD_TO_OTHERS if "SEARCH" in command.name or "LOGIN" in command.name}


def test_ten_searches_a_minute(node: MemoryNode) -> None:
    ann = node.person("ann")
    answers = [ann.request(SearchFriendRequest(rid=0, search_key="b")) for _ in range(10)]
    assert codes(answers) == []
    refusal = ann.request(SearchFriendRequest(rid=0, search_key="b"))
    assert (refusal.code, refusal.retry_after_ms) == ("RATE_LIMITED", 60_000)
    node.clock.advance(60)
    assert codes(settle(node, ann)) == []
    assert not isinstance(ann.request(SearchFriendRequest(rid=0, search_key="b")), ErrorResponse)
    assert node.measures.refused["searches"] == 1


# ---- bytes


def test_who_sends_faster_than_the_rate_is_read_at_the_rate() -> None:
    node = limited(bytes=Rate(10_000, 1.0))
    ann, bob = node.people("ann bob")
    frames = [text_to("bob", number, "x" * 900) for number in range(1, 31)]
    for frame in frames:
        ann.send(frame)
    assert not ann.is_reading
    first = len(ann.take())
    assert 9 <= first <= 12
    node.clock.advance(1)
    assert bob.request(HeartbeatRequest(rid=0)).rid
    for _ in range(30):
        node.clock.advance(0.1)
    assert first + len(ann.take()) == 30
    assert ann.is_reading
    assert node.measures.refused["bytes"] >= 1


def test_tiny_requests_are_taken_at_a_rate_too_however_few_bytes_they_have(node: MemoryNode) -> None:
    ann = node.person("ann")
    tiny = b"\x00\x00\x00\x07\x11\xa1\x63rid\x07"
    answered = []
    for _ in range(40):
        ann.send_bytes(tiny * 100)
        node.clock.advance(0.1)
        answered.append(len(ann.take()))
    assert sum(answered) <= 500 + 4 * 500 + 200
    assert sum(answered[-10:]) <= 700
    assert node.measures.refused["bytes"] >= 1


# ---- connections


def test_fifty_connections_of_an_address_and_the_next_is_told_and_closed() -> None:
    node = limited()
    clients = [node.connect(FAR) for _ in range(50)]
    late = node.connect(FAR)
    (refusal,) = late.take()
    assert (refusal.code, refusal.rid, refusal.retry_after_ms) == ("LIMIT", 0, 1_000)
    assert late.is_closing
    assert not node.connect("192.0.2.8").is_closing
    late.lose()
    clients[0].lose()
    assert not node.connect(FAR).is_closing
    assert node.connect(FAR).is_closing
    assert node.measures.refused["connections"] == 2


def test_who_opens_and_closes_connections_without_end_is_told_so_and_closed() -> None:
    node = limited(new_connections=Rate(1, 1.0))
    for _ in range(100):
        node.connect(FAR).lose()
    (refusal,) = node.connect(FAR).take()
    assert (refusal.code, refusal.rid, refusal.retry_after_ms) == ("LIMIT", 0, 1_000)
    late = node.connect(FAR)
    assert late.is_closing
    assert not node.connect("192.0.2.8").is_closing
    node.clock.advance(1)
    assert not node.connect(FAR).is_closing
    assert node.measures.refused["new-connections"] == 2


def test_by_tls_a_connection_opened_too_fast_is_closed_without_a_word_or_a_handshake() -> None:
    node = limited()
    for _ in range(100):
        node.connect(FAR).lose()
    secure = StringTCP(peerAddress=IPv4Address("TCP", FAR, 40_000))
    alsoProvides(secure, ISSLTransport)
    protocol: Any = node.factory.buildProtocol(None)
    protocol.makeConnection(secure)
    assert (secure.aborted, secure.value()) == (True, b"")
    protocol.connectionLost(Failure(ConnectionDone()))
    assert node.factory.connection_count == 0
    assert node.clock.getDelayedCalls() == []


def test_those_who_are_logged_in_count_for_their_address_too() -> None:
    node = limited(connections=2)
    node.people("ann bob")
    assert node.connect().is_closing


def test_an_ipv6_network_is_one_address() -> None:
    node = limited(connections=1)
    node.connect("2001:db8::1")
    assert node.connect("2001:db8::2").is_closing
    assert not node.connect("2001:db8:0:1::1").is_closing


def test_so_many_may_be_about_to_log_in_and_whoever_has_makes_room() -> None:
    node = limited(waiting_connections=2, connections=None)
    node.register("ann")
    first, second = node.connect(), node.connect()
    assert codes(node.connect().take()) == ["LIMIT"]
    first.login("ann")
    third = node.connect()
    assert not third.is_closing
    second.lose()
    assert not node.connect().is_closing
    assert node.connect().is_closing
    assert node.measures.refused["waiting-connections"] == 2


def test_who_was_turned_away_leaves_no_trace() -> None:
    node = limited(connections=1, waiting_connections=1)
    for _ in range(10):
        client = node.connect()
        node.connect().lose()
        client.lose()
    assert node.factory.connection_count == 0
    assert node.factory._admission._of_address == {}
    assert node.factory._admission._admitted == 0
    assert node.clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    "rules", [Rules(limits=Limits(all_connections=3)), Rules(most_open=lambda: 3)], ids=["chosen", "system"]
)
def test_beyond_all_connections_nothing_is_opened(rules: Rules) -> None:
    node = MemoryNode(rules=rules)
    clients = [node.connect() for _ in range(3)]
    late = StringTCP()
    node.factory.buildProtocol(None).makeConnection(late)
    assert (late.disconnecting, late.value()[4]) == (True, Command.ERROR_RESPONSE)
    assert node.measures.refused["all-connections"] == 1
    clients[0].lose()
    assert not node.connect().is_closing


def test_connections_over_no_network_are_not_counted_for_an_address() -> None:
    node = limited(connections=1)
    for _ in range(3):
        protocol: Any = node.factory.buildProtocol(None)
        transport = StringTCP(peerAddress=UNIXAddress(b"/run/naivechat"))
        protocol.makeConnection(transport)
        assert not transport.disconnecting


# ---- passwords


def guess(client: Client, user_id: str = "ann") -> str:
    answer = client.login(user_id, password="not the password")
    return str(answer.code)


def test_a_sixth_wrong_password_is_not_even_looked_at(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    assert [guess(client) for _ in range(6)] == ["AUTH_FAILED"] * 5 + ["RATE_LIMITED"]
    node.clock.advance(1)
    refusal = client.login("ann")
    assert (refusal.code, refusal.retry_after_ms) == ("RATE_LIMITED", 899_000)
    assert node.measures.logins == {"auth_failed": 5}
    assert node.measures.refused["logins"] == 2


def test_whoever_has_a_token_comes_in_whatever_is_guessed_beside(node: MemoryNode) -> None:
    node.register("ann")
    there = node.connect("127.0.0.2")
    token = there.login("ann").token
    here = node.connect()
    for _ in range(6):
        guess(here)
    again = ReconnectRequest(rid=0, protocol=1, user_id="ann", token=token)
    assert isinstance(node.connect().request(again), LoginResponse)
    assert isinstance(node.connect("127.0.0.2").login("ann"), LoginResponse)


def test_whoever_brings_wrong_tokens_brings_ten_a_second_and_a_right_one_is_always_taken(
    node: MemoryNode,
) -> None:
    node.register("ann")
    token = node.connect().login("ann").token
    client = node.connect()
    wrong = ReconnectRequest(rid=0, protocol=1, user_id="ann", token=b"w" * 32)
    for _ in range(40):
        assert client.request(wrong).code == "TOKEN_EXPIRED"
        assert not client.is_reading
        node.clock.advance(0.1)
    assert isinstance(client.request(attrs.evolve(wrong, token=token)), LoginResponse)


def test_who_finds_an_open_session_does_not_guess_the_password_there(node: MemoryNode) -> None:
    ann = node.person("ann")

    def change(old: str) -> Any:
        return ann.request(ChangePasswordRequest(rid=0, old_password=old, new_password="another password"))

    assert codes([change("wrong") for _ in range(6)]) == ["AUTH_FAILED"] * 5 + ["RATE_LIMITED"]
    node.clock.advance(1)
    assert codes([change(PASSWORD)]) == ["RATE_LIMITED"]


def test_whoever_is_refused_before_the_login_waits_too(node: MemoryNode) -> None:
    node.register("ann")
    client = node.connect()
    for _ in range(6):
        guess(client)
    assert not client.is_reading
    node.clock.advance(0.01)
    assert client.is_reading


def test_five_accounts_an_hour_are_made_from_an_address(node: MemoryNode) -> None:
    client = node.connect()

    def register(number: int) -> Any:
        request = RegisterRequest(
            rid=0, protocol=1, user_id=f"new-{number}", password=PASSWORD, nickname="New"
        )
        return client.request(request)

    assert {type(register(number)) for number in range(5)} == {OkResponse}
    refusal = register(5)
    assert (refusal.code, refusal.retry_after_ms) == ("RATE_LIMITED", 3_600_000)
    assert "new-5" not in node.store.accounts
    assert node.measures.refused["registrations"] == 1


PASSWORDS: list[Callable[[], Packet]] = [
    lambda: LoginRequest(rid=0, protocol=1, user_id="ann", password=PASSWORD),
    lambda: RegisterRequest(rid=0, protocol=1, user_id="new", password=PASSWORD, nickname="New"),
]


@pytest.mark.parametrize("request_", PASSWORDS, ids=["login", "register"])
def test_no_password_is_taken_over_a_network_without_tls(
    node: MemoryNode, request_: Callable[[], Packet]
) -> None:
    node.register("ann")
    refusal = node.connect(FAR).request(request_())
    assert (refusal.code, refusal.message) == ("FORBIDDEN", NEEDS_TLS)
    assert "new" not in node.store.accounts
    assert sum(node.measures.refused.values()) == 0


def test_a_new_password_is_not_taken_there_either_and_a_token_is(node: MemoryNode) -> None:
    node.register("bob")
    local = node.connect()
    ticket = local.login("bob")
    far = node.connect(FAR)
    again = ReconnectRequest(rid=0, protocol=1, user_id="bob", token=ticket.token)
    assert isinstance(far.request(again), LoginResponse)
    change = ChangePasswordRequest(rid=0, old_password=PASSWORD, new_password="another password")
    assert codes([far.request(change)]) == ["FORBIDDEN"]


def test_where_the_operator_allows_it_passwords_are_taken_everywhere() -> None:
    node = MemoryNode(rules=Rules(plain_passwords=True))
    node.register("ann")
    assert isinstance(node.connect(FAR).login("ann"), LoginResponse)


# ---- turns


def test_after_as_many_frames_as_the_operator_chose_others_have_their_turn() -> None:
    node = limited(frames=3)
    client = node.connect()
    for _ in range(5):
        client.send(HeartbeatRequest(rid=0))
    assert len(client.take()) == 5
    before = node.measures.requests["heartbeat"]
    client.send_bytes(b"\x00\x00\x00\x07\x11\xa1\x63rid\x07" * 5)
    assert node.measures.requests["heartbeat"] - before == 3
    assert not client.is_reading
    assert len(client.take()) == 5
