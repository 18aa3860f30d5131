"""Three nodes on one database and one Redis, as those see them who chat across."""

import time
from collections.abc import Iterator

import pytest

from naivechat.protocol.friend import DelFriendRequest, FriendRemovedNotice, PresenceNotice
from naivechat.protocol.group import (
    CreateGroupRequest,
    DissolveGroupRequest,
    GroupNotice,
    InviteGroupRequest,
    LeaveGroupRequest,
    RemoveMemberRequest,
)
from naivechat.protocol.message import (
    MsgGroupResponse,
    MsgResponse,
    ReadNotice,
    ReadRequest,
    RecallRequest,
    TypingNotice,
    TypingRequest,
)
from naivechat.protocol.profile import ChangePasswordRequest, ProfileNotice, UpdateProfileRequest
from naivechat.protocol.session import KickedNotice
from naivechat.protocol.talk import TalkNoticeRequest, TalkNoticeResponse
from naivechat.sockets.reporter import MOVING_S
from tests.clusters import FRIEND, GROUP, Arrive, Person, new_cluster
from tests.processes import wait_until
from tests.servers import NodeProcess
from tests.wire import PASSWORD

RECALL = 5
UUID = bytes(16)

Nodes = tuple[NodeProcess, ...]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with new_cluster(3) as cluster:
        yield cluster.nodes


def new_group(owner: Person, *members: Person) -> str:
    """Make a group, and wait until all have heard of it."""
    ids = tuple(member.user_id for member in members)
    notice = owner.accepted(CreateGroupRequest(rid=0, name="Group", member_ids=ids))
    group_id: str = notice.group.group_id
    for person in (owner, *members):
        person.hears(MsgGroupResponse, talk_id=group_id, seq=1)
    return group_id


def takes_in_order(person: Person, kind: type[MsgResponse] | type[MsgGroupResponse], count: int) -> list[int]:
    """The seqs of the next `count` messages that a person hears, which rise; no other came meanwhile."""
    seqs = [person.hears(kind).seq for _ in range(count)]
    assert seqs == sorted(set(seqs))
    assert person.heard(kind) == []
    return seqs


def reason_of_end(person: Person) -> str:
    """Why a session ended, which its last frame says."""
    last = person.read_to_end()[-1]
    assert isinstance(last, KickedNotice)
    return last.reason


def assert_is_out(person: Person, group_id: str, member: Person) -> None:
    """What a member, who is a friend, writes to the group is not heard, though what they write afterwards is."""
    person.pushes.clear()
    member.says_in(group_id, "among ourselves")
    member.says(person, "to you alone")
    person.hears(MsgResponse, msg_text="to you alone")
    assert person.heard(MsgGroupResponse, talk_id=group_id) == []


def test_nodes_that_start_at_once_on_a_new_database_take_people_in(nodes: Nodes, arrive: Arrive) -> None:
    logins = [arrive(node, "ann").login_response for node in nodes]
    assert len({login.epoch for login in logins if login}) == 1


def test_nodes_that_wish_the_same_name_get_different_ones(nodes: Nodes, arrive: Arrive) -> None:
    people = [(arrive(node, "ann"), node) for node in nodes]

    def names() -> list[str]:
        return sorted(person.moves_to(node).node_name for person, node in people)

    wait_until(lambda: names() == ["twin", "twin-2", "twin-3"], 10, lambda: f"they are called {names()}")


def test_a_login_names_the_addresses_of_the_other_nodes(nodes: Nodes, arrive: Arrive) -> None:
    ann = arrive(nodes[0], "ann")
    others = {f"127.0.0.1:{node.port}" for node in nodes[1:]}

    def named() -> set[str]:
        return ann.moves_to(nodes[0]).neighbours

    wait_until(lambda: named() == others, 10, lambda: f"named are {named()}, there are {others}")


def test_messages_of_friends_cross_both_ways_in_order(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob = arrive(nodes[0], "ann"), arrive(nodes[1], "bob")
    tablet = bob.comes_to(nodes[2], device="tablet")
    ann.befriends(bob)
    sent = [(ann.begins_to_say(bob, f"a{n}"), bob.begins_to_say(ann, f"b{n}")) for n in range(30)]
    of_ann = [ann.acked(rid).seq for rid, _ in sent]
    of_bob = [bob.acked(rid).seq for _, rid in sent]
    assert takes_in_order(bob, MsgResponse, 30) == of_ann
    assert takes_in_order(ann, MsgResponse, 30) == of_bob
    assert takes_in_order(tablet, MsgResponse, 60) == list(range(1, 61))


def test_what_three_nodes_write_to_a_group_at_once_is_heard_by_all_in_order(
    nodes: Nodes, arrive: Arrive
) -> None:
    people = [arrive(node, "ann") for node in nodes]
    group_id = new_group(*people)
    rids = [[person.begins_to_say_in(group_id, f"{n}") for n in range(20)] for person in people]
    own = [{person.acked(rid).seq for rid in sent} for person, sent in zip(people, rids, strict=True)]
    everything = set(range(2, 62))
    for person, written in zip(people, own, strict=True):
        assert set(takes_in_order(person, MsgGroupResponse, 40)) == everything - written


def test_recalls_receipts_typing_and_opened_dialogues_cross(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob = arrive(nodes[0], "ann"), arrive(nodes[1], "bob")
    ann.befriends(bob)
    ann.accepted(TalkNoticeRequest(rid=0, talk_type=FRIEND, talk_id=bob.user_id))
    assert bob.hears(TalkNoticeResponse).talk.talk_id == ann.user_id
    ann.accepted(TypingRequest(rid=0, talk_type=FRIEND, talk_id=bob.user_id))
    assert bob.hears(TypingNotice).talk_id == ann.user_id
    ann.says(bob, "hello")
    assert bob.hears(MsgResponse).msg_text == "hello"
    bob.accepted(ReadRequest(rid=0, talk_type=FRIEND, talk_id=ann.user_id, seq=1))
    assert ann.hears(ReadNotice).seq == 1
    ann.accepted(RecallRequest(rid=0, talk_type=FRIEND, talk_id=bob.user_id, seq=1, msg_uuid=UUID))
    recall = bob.hears(MsgResponse)
    assert (recall.seq, recall.msg_type, recall.target_seq) == (2, RECALL, 1)


def test_profiles_and_ended_friendships_cross(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob = arrive(nodes[0], "ann"), arrive(nodes[1], "bob")
    tablet = ann.comes_to(nodes[2], device="tablet")
    ann.befriends(bob)
    group_id = new_group(bob, ann)
    ann.accepted(UpdateProfileRequest(rid=0, nickname="Annie"))
    assert [person.hears(ProfileNotice).user.nickname for person in (bob, tablet)] == ["Annie", "Annie"]
    tablet.says_in(group_id, "it is me")
    assert bob.hears(MsgGroupResponse, msg_text="it is me").sender_name == "Annie"
    bob.accepted(DelFriendRequest(rid=0, friend_id=ann.user_id))
    assert ann.hears(FriendRemovedNotice).user_id == bob.user_id


def test_who_joins_from_a_node_without_members_hears_from_the_join_on(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob, cat = (arrive(node, name) for node, name in zip(nodes, ("ann", "bob", "cat"), strict=True))
    group_id = new_group(ann, bob)
    bob.says_in(group_id, "before cat")
    invitation = InviteGroupRequest(rid=0, group_id=group_id, member_ids=(cat.user_id,))
    rids = [
        bob.send(invitation),
        bob.begins_to_say_in(group_id, "first"),
        bob.begins_to_say_in(group_id, "second"),
    ]
    bob.answer(rids[0])
    seqs = [3, *(bob.acked(rid).seq for rid in rids[1:])]
    assert cat.hears(GroupNotice).event == "joined"
    assert takes_in_order(cat, MsgGroupResponse, 3) == seqs
    ann.says_in(group_id, "welcome")
    assert cat.hears(MsgGroupResponse).msg_text == "welcome"


def test_who_leaves_or_is_removed_hears_no_more(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob, cat = (arrive(node, name) for node, name in zip(nodes, ("ann", "bob", "cat"), strict=True))
    tablet = cat.comes_to(nodes[0], device="tablet")
    ann.befriends(bob, cat)
    group_id = new_group(ann, bob, cat)
    cat.accepted(LeaveGroupRequest(rid=0, group_id=group_id))
    assert [person.hears(GroupNotice, event="left").by for person in (ann, bob, tablet)] == [cat.user_id] * 3
    ann.accepted(RemoveMemberRequest(rid=0, group_id=group_id, user_id=bob.user_id))
    assert bob.hears(GroupNotice, event="removed").by == ann.user_id
    for person in (bob, cat, tablet):
        assert_is_out(person, group_id, ann)
    invitation = InviteGroupRequest(rid=0, group_id=group_id, member_ids=(cat.user_id,))
    joined_seq = 1 + ann.history(GROUP, group_id)[-1].seq
    ann.accepted(invitation)
    assert [person.hears(MsgGroupResponse).seq for person in (cat, tablet)] == [joined_seq] * 2


def test_a_dissolved_group_is_over_on_every_node(nodes: Nodes, arrive: Arrive) -> None:
    people = [arrive(node, "ann") for node in nodes]
    group_id = new_group(*people)
    people[0].accepted(DissolveGroupRequest(rid=0, group_id=group_id))
    for person in people[1:]:
        assert person.hears(GroupNotice).event == "created"
        assert person.hears(GroupNotice).event == "dissolved"
    for person in people:
        rid = person.begins_to_say_in(group_id, "is anybody there?")
        assert person.answer(rid).code == "NOT_MEMBER"


@pytest.mark.parametrize("by_token", [False, True])
def test_a_login_on_another_node_ends_the_session_of_that_device(
    nodes: Nodes, arrive: Arrive, by_token: bool
) -> None:
    ann = arrive(nodes[0], "ann", device="phone")
    tablet = ann.comes_to(nodes[2], device="tablet")
    again = (ann.moves_to if by_token else ann.comes_to)(nodes[1], device="phone")
    assert reason_of_end(ann) == "replaced"
    assert again.heard(KickedNotice) == tablet.heard(KickedNotice) == []


def test_a_sixth_device_ends_the_oldest_on_whichever_node_it_is(nodes: Nodes, arrive: Arrive) -> None:
    first = arrive(nodes[0], "ann", device="0")
    others = [first.comes_to(nodes[number % 3], device=str(number)) for number in range(1, 6)]
    assert reason_of_end(first) == "replaced"
    assert [other.heard(KickedNotice) for other in others] == [[]] * 5


def test_a_new_password_ends_the_sessions_on_other_nodes(nodes: Nodes, arrive: Arrive) -> None:
    ann = arrive(nodes[0], "ann", device="phone")
    others = [ann.comes_to(node, device=node.directory.name[-8:]) for node in nodes]
    ann.accepted(ChangePasswordRequest(rid=0, old_password=PASSWORD, new_password="another " + PASSWORD))
    assert [reason_of_end(other) for other in others] == ["expired"] * 3
    assert ann.heard(KickedNotice) == []


def test_friends_hear_that_somebody_is_gone_with_the_last_device(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob = arrive(nodes[0], "ann"), arrive(nodes[1], "bob", device="phone")
    ann.befriends(bob)
    tablet = bob.comes_to(nodes[2], device="tablet")
    bob.close()
    time.sleep(2 * MOVING_S)  # a node tells of a going after MOVING_S, and here none is to be told
    assert ann.heard(PresenceNotice, online=False) == []
    tablet.close()
    ann.hears(PresenceNotice, user_id=bob.user_id, online=False)
    ann.pushes.clear()
    phone = bob.comes_to(nodes[1], device="phone")
    assert ann.hears(PresenceNotice, user_id=bob.user_id).online
    phone.close()
    assert not ann.hears(PresenceNotice, user_id=bob.user_id).online


def test_friends_do_not_hear_that_somebody_who_moves_is_gone(nodes: Nodes, arrive: Arrive) -> None:
    ann, bob = arrive(nodes[0], "ann"), arrive(nodes[1], "bob")
    ann.befriends(bob)
    moved = bob.moves_to(nodes[2])
    assert reason_of_end(bob) == "replaced"
    moved.close()
    again = bob.moves_to(nodes[1])
    time.sleep(2 * MOVING_S)
    assert ann.heard(PresenceNotice, online=False) == []
    again.close()
    ann.hears(PresenceNotice, user_id=bob.user_id, online=False)
