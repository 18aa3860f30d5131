"""What becomes of people when a node dies or leaves, or the Redis between the nodes."""

import time
from collections.abc import Iterator

import pytest

from naivechat.infrastructure.redis.nodes import NOTED_S
from naivechat.protocol.friend import AddFriendRequest, PresenceNotice
from naivechat.protocol.group import CreateGroupRequest, InviteGroupRequest
from naivechat.protocol.message import MsgGroupResponse, MsgResponse, TypingNotice, TypingRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest
from tests.clusters import FRIEND, Arrive, Cluster, Person, new_cluster
from tests.processes import wait_until


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Cluster]:
    with new_cluster(2) as cluster:
        yield cluster


@pytest.fixture
def cluster(two_nodes: Cluster) -> Iterator[Cluster]:
    """Both nodes and Redis run, and do again when the test is over."""
    yield two_nodes
    for node in two_nodes.nodes:
        if not node.is_running:
            node.start()


def wait_for_neighbours(person: Person, cluster: Cluster, count: int) -> None:
    """Wait until the first node names `count` others to a person who logs in there."""

    def named() -> set[str]:
        return person.moves_to(cluster.nodes[0]).neighbours

    wait_until(lambda: len(named()) == count, 20, lambda: f"named are {named()}")


def test_of_a_killed_node_its_messages_arrive_and_its_people_are_told_of(
    cluster: Cluster, arrive: Arrive
) -> None:
    first, second = cluster.nodes
    ann, bob, cat = arrive(first, "ann"), arrive(second, "bob"), arrive(second, "cat")
    ann.befriends(bob, cat)
    wait_for_neighbours(arrive(first, "dan"), cluster, 1)
    time.sleep(5 * NOTED_S)
    bob.says(ann, "last words")
    second.kill()
    assert ann.hears(MsgResponse).msg_text == "last words"
    moved = cat.moves_to(first)
    ann.hears(PresenceNotice, user_id=bob.user_id, online=False)
    assert ann.heard(PresenceNotice, user_id=cat.user_id, online=False) == []
    wait_for_neighbours(arrive(first, "eve"), cluster, 0)
    second.start()
    wait_for_neighbours(arrive(first, "fay"), cluster, 1)
    moved.close()
    ann.hears(PresenceNotice, user_id=cat.user_id, online=False)


def test_of_a_node_that_leaves_the_people_go_on_at_another(cluster: Cluster, arrive: Arrive) -> None:
    first, second = cluster.nodes
    ann, bob, cat = arrive(first, "ann"), arrive(second, "bob"), arrive(second, "cat")
    ann.befriends(bob, cat)
    ann.says(bob, "one")
    bob.hears(MsgResponse)
    second.terminate()
    ann.says(bob, "two")
    assert bob.read_to_end()[-1].reason == "shutdown"
    moved = bob.moves_to(first)
    ann.says(moved, "three")
    assert moved.hears(MsgResponse, msg_text="three").seq == 3
    assert [record.msg_text for record in moved.history(FRIEND, ann.user_id)] == ["one", "two", "three"]
    assert second.wait(timeout_s=15) == 0
    ann.hears(PresenceNotice, user_id=cat.user_id, online=False)
    assert ann.heard(PresenceNotice, user_id=bob.user_id, online=False) == []


def test_without_redis_messages_cross_and_when_it_is_back_everything_is_as_before(
    cluster: Cluster, arrive: Arrive
) -> None:
    first, second = cluster.nodes
    ann, bob, cat = arrive(first, "ann"), arrive(second, "bob"), arrive(second, "cat")
    ann.befriends(bob, cat)
    cluster.redis.kill()
    try:
        group_id = _assert_messages_cross(ann, bob)
        ann.accepted(InviteGroupRequest(rid=0, group_id=group_id, member_ids=(cat.user_id,)))
        ann.says_in(group_id, "hello cat")
        assert cat.hears(MsgGroupResponse, msg_text="hello cat").sender_id == ann.user_id
        dan = arrive(second, "dan")
        ann.accepted(AddFriendRequest(rid=0, friend_id=dan.user_id))
        cat.close()
    finally:
        cluster.redis.start()
    for person in (ann, bob, dan):
        person.hears(SyncNotice)
    assert _friends(dan) == {ann.user_id: True}
    assert _friends(ann) == {bob.user_id: True, cat.user_id: False, dan.user_id: True}
    _assert_hints_cross(ann, bob)


def _assert_messages_cross(ann: Person, bob: Person) -> str:
    """Between friends, and in a group that is made now, which is returned."""
    seqs = [ann.says(bob, f"{number}").seq for number in range(5)]
    assert [bob.hears(MsgResponse).seq for _ in seqs] == seqs
    notice = ann.accepted(CreateGroupRequest(rid=0, name="Group", member_ids=(bob.user_id,)))
    group_id: str = notice.group.group_id
    bob.hears(MsgGroupResponse, seq=1)
    bob.says_in(group_id, "hello")
    assert ann.hears(MsgGroupResponse, msg_text="hello").seq == 2
    return group_id


def _friends(person: Person) -> dict[str, bool]:
    """Who a person's friends are, and whether they are online, as a comparison tells."""
    found = person.accepted(SyncRequest(rid=0))
    return {friend.user_id: friend.online for friend in found.friends}


def _assert_hints_cross(ann: Person, bob: Person) -> None:
    """What is not stored, and so is never repaired, comes."""
    ann.accepted(TypingRequest(rid=0, talk_type=FRIEND, talk_id=bob.user_id))
    assert bob.hears(TypingNotice).user_id == ann.user_id
