"""What takes a node long to answer is answered at a rate: whoever reads faster waits, and is not refused."""

from collections.abc import Callable
from typing import Any

import pytest

from naivechat.domain.limits import Limits
from naivechat.domain.rates import Rate
from naivechat.protocol.command import Command
from naivechat.protocol.group import CreateGroupRequest, GroupMembersRequest
from naivechat.protocol.message import HistoryRequest
from naivechat.protocol.packet import Packet
from naivechat.protocol.talk import SyncRequest
from naivechat.sockets.rationing import PAGES
from naivechat.sockets.server import Rules
from tests.unit.sockets.node import Client, MemoryNode, text_to


def limited(**values: Any) -> MemoryNode:
    """A node with the default limits, but for these."""
    return MemoryNode(rules=Rules(limits=Limits(**values)))


def answered_at_once(client: Client, request_of: Callable[[], Packet], *, of: int) -> int:
    """How many of so many requests are answered before any time passes."""
    for _ in range(of):
        client.send(request_of())
    return len(client.take())


def history() -> HistoryRequest:
    return HistoryRequest(rid=0, talk_type=0, talk_id="bob", limit=100)


def test_who_comes_back_after_long_reads_a_hundred_pages_in_a_row_and_more_at_a_rate() -> None:
    node = limited(bytes=None)
    ann, _ = node.people("ann bob")
    assert answered_at_once(ann, history, of=600) == 500
    node.clock.pump([1 / 30] * 30)
    assert len(ann.take()) == 30
    assert node.measures.errors["RATE_LIMITED"] == 0
    assert node.measures.refused["pages"] == 31


@pytest.mark.parametrize(("request_of", "count"), [(lambda: SyncRequest(rid=0), 10), (history, 1)])
def test_a_long_list_counts_as_ten_pages(request_of: Callable[[], Packet], count: int) -> None:
    node = limited(pages=Rate(1, 1.0), page_burst=20)
    ann, bob = node.people("ann bob")
    assert answered_at_once(ann, request_of, of=21) == 20 // count
    node.clock.pump([1.0] * count)
    assert len(ann.take()) == 1
    assert bob.request(request_of()).rid


def test_of_who_waits_for_a_page_what_comes_behind_it_waits_and_nobody_else_does() -> None:
    node = limited(pages=Rate(1, 1.0), page_burst=1)
    ann, bob = node.people("ann bob")
    ann.request(history())
    ann.send(history())
    ann.send(text_to("bob"))
    assert ann.take() == []
    assert bob.request(history()).rid
    node.clock.advance(1)
    assert [type(packet).__name__ for packet in ann.take()] == ["HistoryResponse", "MsgAckResponse"]


def test_all_devices_of_a_person_read_at_one_rate() -> None:
    node = limited(pages=Rate(1, 1.0), page_burst=2)
    desktop, _ = node.people("ann bob")
    phone = node.person("ann", device="phone")
    desktop.request(history())
    phone.request(history())
    for client in (desktop, phone):
        client.send(history())
    assert [client.take() for client in (desktop, phone)] == [[], []]
    node.clock.advance(1)
    node.clock.advance(1)
    assert [len(client.take()) for client in (desktop, phone)] == [1, 1]


def test_who_goes_while_a_page_waits_leaves_no_trace() -> None:
    node = limited(pages=Rate(1, 1.0), page_burst=1)
    ann, _ = node.people("ann bob")
    ann.request(history())
    ann.send(history())
    ann.lose()
    node.clock.advance(1)
    assert node.factory.connection_count == 1


@pytest.mark.parametrize("command", PAGES)
def test_all_that_counts_as_pages_waits_where_there_are_none_left(command: Command) -> None:
    node = limited(pages=Rate(1, 3_600.0), page_burst=1)
    ann, _ = node.people("ann bob")
    group = ann.request(CreateGroupRequest(rid=0, name="G", member_ids=()))
    ann.request(history())
    ann.take()
    requests: dict[Command, Packet] = {
        Command.HISTORY_REQUEST: history(),
        Command.SYNC_REQUEST: SyncRequest(rid=0),
        Command.GROUP_MEMBERS_REQUEST: GroupMembersRequest(rid=0, group_id=group.group.group_id),
    }
    ann.send(requests[command])
    assert ann.take() == []
