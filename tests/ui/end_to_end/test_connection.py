"""Nodes that go, sessions that end, programs that start again: what somebody at the desktop meets of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from naivechat.protocol.message import HistoryRequest
from tests.clusters import new_cluster
from tests.servers import NodeProcess
from tests.ui.desk import Desk, Loop, friend
from tests.ui.end_to_end.conftest import PLACES
from tests.ui.end_to_end.people import befriend, open_contact, text, user_of
from tests.ui.hand import Hand
from tests.wire import PASSWORD, WireClient
from tkclient.model.connection import Connection
from tkclient.model.talk import Sending

Account = Callable[..., WireClient]
Sit = Callable[..., Desk]
Friends = tuple[WireClient, WireClient]


@pytest.fixture
def own_node(tmp_path: Path) -> NodeProcess:
    """A node that a test may stop and start again."""
    with NodeProcess(registration="open", limits="off") as node:
        yield node


def stored(node: NodeProcess, user_id: str, other_id: str) -> list[str]:
    """The texts of a dialogue in the node's log."""
    with WireClient(node.port) as client:
        client.login(user_id, device="reader")
        request = HistoryRequest(rid=0, talk_type=0, talk_id=other_id, after_seq=0, limit=100)
        return [message.msg_text for message in client.accepted(request).messages]


def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(
    sit: Sit, own_node: NodeProcess
) -> None:
    befriend(own_node.port, "ann", "bob")
    ann = sit("ann", server=f"127.0.0.1:{own_node.port}")
    open_contact(ann, "bob")
    ann.write("before")
    ann.until(lambda: [m.sending for m in ann.messages(friend("bob"))] == [Sending.SENT])
    own_node.kill()
    ann.until(lambda: ann.model.connection is not Connection.ONLINE, "it is noticed")
    ann.until(ann.screen.content.panel.strip.winfo_viewable, "it is shown")
    ann.write("meanwhile 1")
    ann.write("meanwhile 2")
    assert [m.sending for m in ann.messages(friend("bob"))[1:]] == [Sending.SENDING] * 2
    own_node.start()
    ann.until(lambda: {m.sending for m in ann.messages(friend("bob"))} == {Sending.SENT}, "all is sent")
    ann.until(lambda: not ann.screen.content.panel.strip.winfo_viewable(), "all is well again")
    assert stored(own_node, "ann", "bob") == ["before", "meanwhile 1", "meanwhile 2"]


def test_what_was_not_sent_when_the_program_ended_is_sent_by_its_next_run(
    sit: Sit, own_node: NodeProcess
) -> None:
    befriend(own_node.port, "ann", "bob")
    ann = sit("ann", server=f"127.0.0.1:{own_node.port}", remember=True)
    open_contact(ann, "bob")
    own_node.kill()
    ann.until(lambda: ann.model.connection is not Connection.ONLINE)
    ann.write("for later")
    ann.restart()
    ann.until(lambda: ann.is_in, "it is in without a node")
    ann.open(friend("bob"))
    ann.until(lambda: [m.sending for m in ann.messages(friend("bob"))] == [Sending.SENDING])
    own_node.start()
    ann.until(lambda: [m.sending for m in ann.messages(friend("bob"))] == [Sending.SENT])
    assert stored(own_node, "ann", "bob") == ["for later"]


def test_the_history_is_there_before_the_network_answers(sit: Sit, own_node: NodeProcess) -> None:
    befriend(own_node.port, "ann", "bob")
    ann = sit("ann", server=f"127.0.0.1:{own_node.port}", remember=True)
    open_contact(ann, "bob")
    for number in range(3):
        ann.write(f"line {number}")
    ann.until(lambda: {m.sending for m in ann.messages(friend("bob"))} == {Sending.SENT})
    ann.stop()
    own_node.kill()
    ann.restart()
    ann.until(lambda: ann.is_in)
    ann.open(friend("bob"))
    ann.until(lambda: ann.texts(friend("bob")) == ["line 0", "line 1", "line 2"])
    ann.until(lambda: "line 2" in ann.seen)
    assert ann.model.connection is not Connection.ONLINE
    assert ann.model.user.nickname == "Ann"


def test_who_logs_in_elsewhere_is_told_why_this_window_went(sit: Sit, friends: Friends) -> None:
    ann = sit(user_of(friends[0]))
    elsewhere = sit(user_of(friends[0]))
    ann.until(lambda: ann.login.window.winfo_viewable() and ann.login.trouble, "the reason is told")
    assert not ann.is_in
    assert elsewhere.is_in


def test_two_thousand_messages_are_scrolled_back_to_the_first(
    sit: Sit, friends: Friends, node: NodeProcess
) -> None:
    bob_phone = friends[1]
    ann_id, bob_id = map(user_of, friends)
    rids = [bob_phone.send(text(number, ann_id, f"message {number}")) for number in range(2_000)]
    bob_phone.answer(rids[-1])
    ann = sit(ann_id)
    ann.open(friend(bob_id))
    ann.until(lambda: "message 1999" in ann.seen, "the newest is seen")
    canvas = ann.screen.content.panel.messages.canvas
    ann.hand.click(canvas, x=5)

    def reaches_the_first() -> bool:
        ann.hand.press("Home")
        return "message 0\n" in ann.seen

    ann.until(reaches_the_first, timeout_s=60)
    assert ann.texts(friend(bob_id)) == [f"message {number}" for number in range(2_000)]


def test_somebody_at_one_of_two_nodes_goes_on_at_the_other_when_theirs_dies(
    hand: Hand, loop: Loop, tmp_path: Path
) -> None:
    with new_cluster(2) as cluster:
        first, second = cluster.nodes
        befriend(first.port, "ann", "bob")
        desks = []
        for place, (user_id, nodes) in enumerate({"ann": (first, second), "bob": (second, first)}.items()):
            desk = Desk(hand, loop, tmp_path / user_id, place=PLACES[place])
            desk.start(",".join(f"127.0.0.1:{node.port}" for node in nodes), user_id)
            desk.log_in(PASSWORD)
            desk.until(lambda desk=desk: desk.is_in)
            desks.append(desk)
        ann, bob = desks
        open_contact(ann, "bob")
        ann.write("across")
        bob.open(friend("ann"))
        bob.until(lambda: bob.texts(friend("ann")) == ["across"], "it crosses")
        first.kill()
        ann.write("and on")
        bob.until(lambda: bob.texts(friend("ann")) == ["across", "and on"], "it goes on", timeout_s=60)
        bob.write("I hear you")
        ann.until(lambda: ann.texts(friend("bob"))[-1] == "I hear you", timeout_s=60)
        for desk in desks:
            desk.stop()
