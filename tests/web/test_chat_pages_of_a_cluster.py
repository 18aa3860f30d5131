"""Announcements, groups and messages in a real browser, on two nodes with MariaDB and Redis: from either node to everybody."""

import pytest

from naivechat.domain.message import GROUP_EVENT
from naivechat.protocol.group import GroupNotice
from naivechat.protocol.message import HistoryRequest, MsgGroupResponse
from tests.servers import NodeProcess
from tests.web.conftest import Visit
from tests.web.test_chat_pages import REASON, make_group, next_from_operators
from tests.web.test_console import go
from tests.web.test_console_of_a_cluster import node, nodes
from tests.web.test_users import accept
from tests.wire import WireClient, new_person

__all__ = ["node", "nodes"]

Nodes = tuple[NodeProcess, NodeProcess]


def announce(visit: Visit, at: NodeProcess, audience: str, text: str) -> str:
    """To how many people it was sent, as the page said before."""
    page = visit(at=at)
    go(page, at, "announcements")
    page.select_option("[name=audience]", label=audience)
    page.fill("textarea", text)
    page.click("button:has-text('Look at it first')")
    page.wait_for_selector("#preview form")
    told = page.locator("#preview p").inner_text()
    page.click("button:has-text('Send it')")
    page.wait_for_selector("#preview >> text=It was announced.")
    return told


def test_one_nodes_people_hear_what_is_for_them_and_read_it_elsewhere_later(
    visit: Visit, nodes: Nodes
) -> None:
    alpha, beta = nodes
    with new_person(alpha.port, "ann") as ann, new_person(beta.port, "bob") as bob:
        told = announce(visit, alpha, "The people of node beta", "beta goes down at six")
        assert told.endswith("0 belong to its account from before")
        assert next_from_operators(bob, GroupNotice).group.name == "Node beta"
        assert next_from_operators(bob, MsgGroupResponse).msg_text == "beta goes down at six"
        assert ann.refused(HistoryRequest(rid=0, talk_type=1, talk_id="node.beta")) == "NOT_MEMBER"
    with WireClient(alpha.port) as bob:
        bob.login("bob")
        history = bob.accepted(HistoryRequest(rid=0, talk_type=1, talk_id="node.beta"))
        assert [record.msg_text for record in history.messages] == ["beta goes down at six"]


def test_an_announcement_to_everybody_reaches_people_of_both_nodes(visit: Visit, nodes: Nodes) -> None:
    alpha, beta = nodes
    page = visit(at=beta)
    go(page, beta, "announcements")
    page.fill("[name=name]", "News")
    page.click("button:has-text('Make it')")
    page.wait_for_selector("#accounts >> text=News")
    with new_person(alpha.port, "cid") as cid, new_person(beta.port, "dan") as dan:
        announce(visit, alpha, "Everybody, by News", "hello all")
        for client in (cid, dan):
            assert next_from_operators(client, MsgGroupResponse).msg_text == "hello all"


@pytest.mark.parametrize("at", [0, 1])
def test_what_an_operator_does_at_either_node_is_seen_at_the_other(
    visit: Visit, nodes: Nodes, at: int
) -> None:
    with new_person(nodes[1 - at].port, f"eve{at}") as eve:
        group_id = make_group(eve, f"Team {at}", "a rude word")
        page = visit(at=nodes[at])
        accept(page)
        go(page, nodes[at], f"groups/one?id={group_id}")
        page.fill("[name=name]", "Another")
        page.click("button:has-text('Rename')")
        assert next_from_operators(eve, GroupNotice).group.name == "Another"
        assert next_from_operators(eve, MsgGroupResponse).msg_type == GROUP_EVENT
        page.click("text=Search its messages")
        page.fill("[name=text]", "rude")
        page.fill("[name=reason]", REASON)
        page.click("button:has-text('Search')")
        page.click("button:has-text('Take back')")
        assert next_from_operators(eve, MsgGroupResponse).target_seq == 2
