"""What people see of what operators do, on whichever nodes they are."""

from typing import Any

import pytest

from naivechat.domain.directory import OPERATORS, LiveSession, talk_named
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.user import UserId
from naivechat.protocol.group import CreateGroupRequest, GroupNotice
from naivechat.protocol.message import HistoryRequest, MsgGroupResponse, MsgResponse
from naivechat.protocol.session import KickedNotice
from tests.directory_fakes import AdministrationWorld
from tests.fakes import done
from tests.unit.sockets.cluster import Cluster
from tests.unit.sockets.node import Client, MemoryNode, text_to

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR)
REASON = "reported by three people"


@pytest.fixture
def cluster() -> Cluster:
    return Cluster("a b")


def desk_of(node: MemoryNode) -> AdministrationWorld:
    """An operator at the console of a node."""
    return AdministrationWorld(
        node.store,
        accounts=node.services.accounts,
        bus=node.bus,
        clock=node.wall_clock,
        presence=node.registry,
    )


def _of(kind: type, client: Client) -> list[Any]:
    return [packet for packet in client.take() if isinstance(packet, kind)]


def test_a_kicked_device_is_told_why_on_any_node_and_the_others_stay(cluster: Cluster) -> None:
    here, there = cluster.nodes
    desktop, phone = here.person("ann"), there.person("ann", device="phone")
    tablet = here.person("ann", device="tablet")
    administration = desk_of(here).administration
    done(administration.kick(ROOT, UserId("ann"), "phone"))
    assert [notice.reason for notice in _of(KickedNotice, phone)] == ["admin"]
    assert _of(KickedNotice, desktop) == _of(KickedNotice, tablet) == []
    done(administration.kick(ROOT, UserId("ann"), "tablet"))
    assert [notice.reason for notice in _of(KickedNotice, tablet)] == ["admin"]
    done(administration.kick(ROOT, UserId("ann")))
    assert [notice.reason for notice in _of(KickedNotice, desktop)] == ["admin"]


def test_an_announcement_reaches_everybody_who_is_there_and_waits_for_the_others(cluster: Cluster) -> None:
    here, there = cluster.nodes
    clients = [here.person("ann"), here.person("bob"), there.person("cid"), there.person("dan")]
    here.register("eve")
    administration = desk_of(here).administration
    group_id = done(administration.create_official(ROOT, "公告")).group_id
    cluster.settle()
    for client in clients:
        (notice,) = _of(GroupNotice, client)
        assert (notice.event, notice.by, notice.group.official) == ("joined", OPERATORS.user_id, True)
    done(administration.announce(ROOT, group_id, "停机维护"))
    cluster.settle()
    for client in clients:
        (message,) = _of(MsgGroupResponse, client)
        assert (message.msg_text, message.sender_name, message.seq) == ("停机维护", "Operators", 2)
    eve = there.person("eve")
    page = eve.request(HistoryRequest(rid=0, talk_type=1, talk_id=group_id))
    assert [record.msg_text for record in page.messages] == ["停机维护"]


def test_an_announcement_to_a_nodes_people_reaches_them_wherever_they_are_by_then(cluster: Cluster) -> None:
    here, there = cluster.nodes
    ann, bob, cid = here.person("ann"), there.person("bob"), there.person("cid")
    desk = desk_of(here)
    desk.sessions.sessions = [
        LiveSession(user_id=UserId(user_id), device="d", node="b", address="", began_at_ms=0)
        for user_id in ("bob", "cid")
    ]
    for text in ("停机维护", "又好了"):
        done(desk.administration.announce_to_node(ROOT, "b", text))
        cluster.settle()
    for client in (bob, cid):
        packets = client.take()
        (notice,) = [packet for packet in packets if isinstance(packet, GroupNotice)]
        assert (notice.event, notice.group.official, notice.group.name) == ("joined", True, "Node b")
        messages = [packet for packet in packets if isinstance(packet, MsgGroupResponse)]
        assert [message.msg_text for message in messages] == ["停机维护", "又好了"]
    assert _of(GroupNotice, ann) == []
    again = here.person("bob", device="phone")
    page = again.request(HistoryRequest(rid=0, talk_type=1, talk_id="node.b"))
    assert [record.msg_text for record in page.messages] == ["停机维护", "又好了"]


def test_a_dissolved_official_account_is_told_and_silent_from_then_on(cluster: Cluster) -> None:
    here, there = cluster.nodes
    ann, bob = here.person("ann"), there.person("bob")
    administration = desk_of(here).administration
    group_id = done(administration.create_official(ROOT, "News")).group_id
    cluster.settle()
    for client in (ann, bob):
        client.take()
    done(administration.dissolve_group(ROOT, group_id))
    cluster.settle()
    for client in (ann, bob):
        assert [notice.event for notice in _of(GroupNotice, client)] == ["dissolved"]
    for node in cluster.nodes:
        assert all(f"group:{group_id}" not in session.topics for session in node.registry.sessions)


def test_a_group_that_operators_rename_and_dissolve_is_seen_so(cluster: Cluster) -> None:
    here, there = cluster.nodes
    ann, bob = here.person("ann"), there.person("bob")
    group_id = ann.request(CreateGroupRequest(rid=0, name="Club", member_ids=("bob",))).group.group_id
    cluster.settle()
    for client in (ann, bob):
        client.take()
    administration = desk_of(there).administration
    done(administration.rename_group(ROOT, group_id, "Other"))
    done(administration.dissolve_group(ROOT, group_id))
    cluster.settle()
    for client in (ann, bob):
        packets = client.take()
        told = [(p.event, p.by, p.group.name) for p in packets if isinstance(p, GroupNotice)]
        assert told == [("updated", OPERATORS.user_id, "Other"), ("dissolved", OPERATORS.user_id, "Other")]


def test_a_message_that_operators_take_back_is_recalled_for_both_friends(cluster: Cluster) -> None:
    here, there = cluster.nodes
    here.register("ann", "bob")
    here.befriend("ann", "bob")
    ann, bob = here.person("ann"), there.person("bob")
    ann.request(text_to("bob", 1))
    cluster.settle()
    for client in (ann, bob):
        client.take()
    done(desk_of(here).administration.recall_message(ROOT, talk_named("ann", "bob"), 1, REASON))
    cluster.settle()
    for client, friend_id in ((ann, "bob"), (bob, "ann")):
        (recall,) = _of(MsgResponse, client)
        told = (recall.talk_id, recall.msg_type, recall.target_seq, recall.sender_id)
        assert told == (friend_id, 5, 1, OPERATORS.user_id)
