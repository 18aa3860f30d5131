"""People on different nodes are as people on one, whatever the bus does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.group import GroupEventKind
from naivechat.domain.group_record import change_in
from naivechat.domain.message import GROUP_EVENT
from naivechat.domain.talk import TalkId
from naivechat.protocol.group import (
    CreateGroupRequest,
    GroupNotice,
    InviteGroupRequest,
    LeaveGroupRequest,
    RemoveMemberRequest,
)
from naivechat.protocol.message import MsgGroupRequest, MsgGroupResponse, MsgResponse
from naivechat.protocol.profile import ChangePasswordRequest, UpdateProfileRequest
from naivechat.protocol.session import KickedNotice, LoginRequest, LoginResponse, ReconnectRequest
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets.reporter import MOVING_S
from naivechat.sockets.roll_call import ANSWERS_WITHIN_S
from tests.fakes import Store
from tests.profiles import fewer
from tests.unit.sockets.cluster import Cluster
from tests.unit.sockets.node import PASSWORD, Client, befriending, text_to, uuid

PEOPLE = ("ann", "bob", "cid")


def in_group(number: int, group_id: str = "g1") -> MsgGroupRequest:
    return MsgGroupRequest(
        rid=0, group_id=group_id, msg_uuid=uuid(number), msg_type=0, msg_text=f"text {number}"
    )


class Friends:
    """ann on node a, bob on node b, cid on a: all friends, with nothing heard yet."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        a, b = self.cluster.nodes
        a.register(*PEOPLE)
        for one, other in (("ann", "bob"), ("ann", "cid"), ("bob", "cid")):
            a.befriend(one, other)
        self.ann, self.bob, self.cid = a.person("ann"), b.person("bob"), a.person("cid")
        self.hush()

    def hush(self) -> None:
        for client in (self.ann, self.bob, self.cid):
            client.take()


@pytest.fixture
def friends() -> Friends:
    return Friends()


def _of(kind: type, client: Client) -> list[Any]:
    return [packet for packet in client.take() if isinstance(packet, kind)]


def _reasons(client: Client) -> list[str]:
    return [notice.reason for notice in _of(KickedNotice, client)]


def test_messages_cross_both_ways_in_order(friends: Friends) -> None:
    for number in range(1, 7):
        sender, other = (friends.ann, "bob") if number % 2 else (friends.bob, "ann")
        sender.send(text_to(other, number))
    assert [push.seq for push in _of(MsgResponse, friends.bob)] == [1, 3, 5]
    assert [push.seq for push in _of(MsgResponse, friends.ann)] == [2, 4, 6]


def test_the_senders_other_device_on_another_node_hears_it(friends: Friends) -> None:
    phone = friends.cluster.nodes[1].person("ann", device="phone")
    phone.take()
    friends.ann.request(text_to("cid"))
    assert [(push.talk_id, push.sender_id) for push in _of(MsgResponse, phone)] == [("cid", "ann")]


def test_whoever_is_brought_into_a_group_hears_it_from_there_on(friends: Friends) -> None:
    friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("cid",)))
    friends.ann.request(in_group(1))
    friends.ann.request(InviteGroupRequest(rid=0, group_id="g1", member_ids=("bob",)))
    friends.ann.request(in_group(2))
    heard = friends.bob.take()
    assert [packet.event for packet in heard if isinstance(packet, GroupNotice)] == ["joined"]
    assert [packet.seq for packet in heard if isinstance(packet, MsgGroupResponse)] == [3, 4]


@pytest.mark.parametrize(
    "going",
    [
        lambda friends: friends.bob.request(LeaveGroupRequest(rid=0, group_id="g1")),
        lambda friends: friends.ann.request(RemoveMemberRequest(rid=0, group_id="g1", user_id="bob")),
    ],
)
def test_whoever_goes_hears_no_more(friends: Friends, going: Any) -> None:
    friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob", "cid")))
    friends.hush()
    going(friends)
    friends.bob.take()
    friends.ann.request(in_group(1))
    assert _of(MsgGroupResponse, friends.bob) == []
    assert [push.seq for push in _of(MsgGroupResponse, friends.cid)] == [2, 3]


def test_who_was_removed_unheard_hears_nothing_that_follows(friends: Friends) -> None:
    friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob", "cid")))
    friends.hush()
    friends.cluster.nodes[1].end_of_bus.cut()
    friends.ann.request(RemoveMemberRequest(rid=0, group_id="g1", user_id="bob"))
    friends.cluster.nodes[1].end_of_bus.restore()
    friends.ann.request(in_group(1))
    friends.cluster.settle()
    assert _of(MsgGroupResponse, friends.bob) == []


def test_without_the_bus_messages_cross_by_the_database(friends: Friends) -> None:
    for node in friends.cluster.nodes:
        node.end_of_bus.cut()
    friends.ann.request(text_to("bob", 1))
    friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
    friends.ann.request(in_group(2))
    assert friends.bob.take() == []
    friends.cluster.settle()
    heard = friends.bob.take()
    assert [packet.seq for packet in heard if isinstance(packet, MsgResponse)] == [1]
    assert [packet.seq for packet in heard if isinstance(packet, MsgGroupResponse)] == [1, 2]


def test_a_login_of_the_same_device_on_another_node_ends_the_first(friends: Friends) -> None:
    token = friends.cluster.nodes[0].connect().login("cid", device="phone").token
    newer = friends.cluster.nodes[1].person("ann")
    back = friends.cluster.nodes[1].connect()
    back.request(ReconnectRequest(rid=0, protocol=1, user_id="cid", token=token, device="phone"))
    assert _reasons(friends.ann) == ["replaced"]
    assert not newer.is_closing
    assert not back.is_closing


def test_of_six_devices_on_two_nodes_the_oldest_ends(friends: Friends) -> None:
    nodes = friends.cluster.nodes
    devices = [nodes[number % 2].person("ann", device=f"device {number}") for number in range(5)]
    friends.cluster.clock.advance(ANSWERS_WITHIN_S)
    assert _reasons(friends.ann) == ["replaced"]
    assert [client.is_closing for client in devices] == [False] * 5


def test_a_new_password_ends_sessions_on_other_nodes(friends: Friends) -> None:
    phone = friends.cluster.nodes[1].person("ann", device="phone")
    friends.ann.request(ChangePasswordRequest(rid=0, old_password=PASSWORD, new_password="another password"))
    assert _reasons(phone) == ["expired"]
    assert not friends.ann.is_closing


def test_friends_hear_of_a_new_name_and_so_do_groups(friends: Friends) -> None:
    friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob", "cid")))
    phone = friends.cluster.nodes[1].person("ann", device="phone")
    friends.hush()
    friends.ann.request(UpdateProfileRequest(rid=0, nickname="Annie"))
    assert [packet.user.nickname for packet in friends.bob.take()] == ["Annie"]
    phone.request(in_group(1))
    assert [push.sender_name for push in _of(MsgGroupResponse, friends.bob)] == ["Annie"]


def test_friends_hear_who_comes_and_goes_but_not_who_moves(friends: Friends) -> None:
    a, b = friends.cluster.nodes
    a.register("dan")
    friends.bob.request(befriending("dan"))
    friends.bob.take()
    here = a.person("dan")
    assert [notice.online for notice in friends.bob.take()] == [True]
    here.lose()
    there = b.person("dan")
    friends.cluster.clock.advance(MOVING_S)
    assert {notice.online for notice in friends.bob.take()} == {True}
    there.lose()
    friends.cluster.clock.advance(MOVING_S)
    assert [notice.online for notice in friends.bob.take()] == [False]


def test_a_login_tells_who_is_online_on_any_node(friends: Friends) -> None:
    answer = friends.cluster.nodes[1].connect().login("ann", device="phone")
    assert {friend.user_id: friend.online for friend in answer.friends} == {"bob": True, "cid": True}


STEPS = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("group"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("invite"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("leave"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("cut"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("heal"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("carry"), st.integers(0, 20), st.integers(0, 2)),
    st.tuples(st.just("settle"), st.just(0), st.just(0)),
    st.tuples(st.just("come_back"), st.integers(0, 2), st.integers(0, 1)),
)


class Chaos:
    """Does steps with three people on two nodes, over a bus that holds back what it carries; keeps what each was pushed."""

    def __init__(self) -> None:
        self.friends = Friends()
        self.friends.ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob", "cid")))
        self.friends.hush()
        self.friends.cluster.hub.immediate = False
        self.clients = [self.friends.ann, self.friends.bob, self.friends.cid]
        self.pushed: list[dict[str, list[int]]] = [{}, {}, {}]
        self.covered: list[dict[str, int]] = [{}, {}, {}]
        self.numbers = iter(range(1, 10_000))

    def do(self, kind: str, one: int, other: int) -> None:
        getattr(self, kind)(one, other)
        self.collect()

    def send(self, sender: int, friend: int) -> None:
        if sender != friend:
            self.clients[sender].send(text_to(PEOPLE[friend], next(self.numbers)))

    def group(self, sender: int, _: int) -> None:
        self.clients[sender].send(in_group(next(self.numbers)))

    def invite(self, actor: int, whom: int) -> None:
        self.clients[actor].send(InviteGroupRequest(rid=0, group_id="g1", member_ids=(PEOPLE[whom],)))

    def leave(self, actor: int, _: int) -> None:
        self.clients[actor].send(LeaveGroupRequest(rid=0, group_id="g1"))

    def cut(self, node: int, _: int) -> None:
        self.friends.cluster.nodes[node].end_of_bus.cut()

    def heal(self, node: int, _: int) -> None:
        self.friends.cluster.nodes[node].end_of_bus.restore()

    def carry(self, which: int, times: int) -> None:
        hub = self.friends.cluster.hub
        if hub.waiting:
            hub.deliver_one(which % hub.waiting, times)

    def settle(self, *_: int) -> None:
        self.friends.cluster.settle()

    def come_back(self, who: int, node: int) -> None:
        """Log in again on a node; what was pushed on the connection before counts no more."""
        self.clients[who] = client = self.friends.cluster.nodes[node].connect()
        client.send(LoginRequest(rid=0, protocol=1, user_id=PEOPLE[who], password=PASSWORD))
        self.pushed[who] = {}

    def heads(self, name: str) -> dict[str, int]:
        """Up to where somebody's talks go: who is told to sync reads them that far."""
        heads = self.friends.cluster.store.log.heads
        talks = {other: ":".join(sorted((name, other))) for other in set(PEOPLE) - {name}} | {"g1": ":g1"}
        return {other: heads[TalkId(talk_id)].last_seq for other, talk_id in talks.items()}

    def collect(self) -> None:
        for name, client, pushed, covered in zip(
            PEOPLE, self.clients, self.pushed, self.covered, strict=True
        ):
            for packet in client.take():
                if isinstance(packet, LoginResponse):
                    covered |= {talk.talk_id: talk.last_seq for talk in packet.talks}
                if isinstance(packet, SyncNotice):
                    covered.update(self.heads(name))
                if isinstance(packet, MsgResponse | MsgGroupResponse) and packet.command in (4, 13):
                    pushed.setdefault(packet.talk_id, []).append(packet.seq)


@fewer(1)
@given(st.lists(STEPS, max_size=40))
def test_whatever_the_bus_does_each_talk_is_pushed_in_order_once_and_to_nobody_else(steps: list[Any]) -> None:
    chaos = Chaos()
    for step in steps:
        chaos.do(*step)
    chaos.settle()
    chaos.collect()
    store = chaos.friends.cluster.store
    for name, client, pushed, covered in zip(PEOPLE, chaos.clients, chaos.pushed, chaos.covered, strict=True):
        for seqs in pushed.values():
            assert seqs == sorted(set(seqs))
        for other in set(PEOPLE) - {name}:
            talk_id = ":".join(sorted((name, other)))
            head = store.log.heads[talk_id].last_seq
            after = range(covered.get(other, 0) + 1, head + 1)
            theirs = [seq for seq in after if store.log.records[talk_id, seq].message.sender_id != name]
            assert set(theirs) <= set(pushed.get(other, []))
        position = store.log.positions.get((":g1", name))
        if position is not None:
            head = store.log.heads[":g1"].last_seq
            since = max(position.joined_seq, covered.get("g1", 1))
            records = [store.log.records[":g1", seq].message for seq in range(since + 1, head + 1)]
            missing = {m.seq for m in records if m.sender_id != name} - set(pushed.get("g1", []))
            assert missing == set()
        assert set(pushed.get("g1", [])) <= _seqs_of_member(store, name)
        assert not client.is_closing


def _seqs_of_member(store: Store, user_id: str) -> set[int]:
    """The records of the group that were written while somebody was in it, the coming included."""
    seqs, is_member = set(), False
    for seq in range(1, store.log.heads[TalkId(":g1")].last_seq + 1):
        message = store.log.records[TalkId(":g1"), seq].message
        if message.msg_type == GROUP_EVENT:
            kind, user_ids = change_in(message.text)
            came = kind in (GroupEventKind.CREATED, GroupEventKind.JOINED)
            is_member = came if user_id in user_ids and kind is not GroupEventKind.ROLE else is_member
            is_member = is_member and kind is not GroupEventKind.DISSOLVED
        if is_member:
            seqs.add(seq)
    return seqs
