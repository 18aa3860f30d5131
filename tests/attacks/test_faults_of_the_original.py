"""The faults of the program that this one takes the place of: each has a test here, or the one elsewhere that `ELSEWHERE` names."""

import ast
from collections.abc import Iterator
from typing import Any

import cbor2
import pytest

from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.frame import MAX_FRAME, MAX_FRAME_BEFORE_LOGIN
from naivechat.protocol.group import CreateGroupRequest, GroupMembersRequest
from naivechat.protocol.message import HistoryRequest, MsgGroupRequest, MsgRequest, MsgResponse
from naivechat.protocol.session import ErrorResponse, ReconnectRequest
from naivechat.protocol.talk import SyncRequest, TalkNoticeRequest
from tests.servers import REPOSITORY
from tests.unit.protocol.samples import FULL
from tests.unit.sockets.node import PASSWORD, Client, MemoryNode, text_to, uuid

ELSEWHERE = {
    "handlers served people who were not logged in": (
        "tests/unit/sockets/test_connection.py::test_any_other_request_before_login_is_refused_and_changes_nothing"
    ),
    "passwords were stored as they are": (
        "tests/unit/application/test_accounts.py::test_the_password_itself_is_not_stored"
    ),
    "passwords stood in the log": "tests/attacks/test_secrets.py::test_a_secret_stands_nowhere",
    "logins could be tried without end": (
        "tests/unit/application/test_entry_guard.py"
        "::test_after_five_wrong_passwords_there_is_no_other_try_for_a_quarter_of_an_hour"
    ),
    "a search for % listed everybody": (
        "tests/attacks/test_texts.py::test_a_search_finds_whose_name_holds_the_very_text_and_nobody_else"
    ),
    "the console needed no login": (
        "tests/unit/interfaces/console/test_attacks.py::test_without_a_session_there_is_only_the_door"
    ),
    "the console's errors showed SQL": (
        "tests/unit/interfaces/console/test_attacks.py::test_a_page_that_fails_tells_nothing"
    ),
    "the console ran scripts that stood in names": (
        "tests/unit/interfaces/console/test_attacks.py"
        "::test_what_names_and_audit_entries_say_is_text_and_never_a_part_of_the_page"
    ),
    "a message was delivered that never was stored, for its length or its emoji": (
        "tests/contract/test_log.py::test_any_text_comes_back_as_it_went"
    ),
    "messages were stored in another order than they came": (
        "tests/contract/test_log.py::test_records_are_numbered_in_the_order_of_their_appending"
    ),
    "nothing crossed from one node to another": (
        "tests/integration/test_nodes.py::test_messages_of_friends_cross_both_ways_in_order"
    ),
    "a node that ended drained nothing": (
        "tests/integration/test_node_process.py::test_sigterm_answers_what_is_under_way_and_says_goodbye"
    ),
}


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_fault_has_its_test_where_the_table_says(place: str) -> None:
    path, _, name = place.partition("::")
    tree = ast.parse((REPOSITORY / path).read_text())
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


@pytest.fixture
def people(node: MemoryNode) -> Iterator[tuple[Client, Client, Client]]:
    """ann and bob, who are friends, and eve, who is nobody's."""
    ann, bob = node.people("ann bob")
    yield ann, bob, node.person("eve")


def texts(client: Client) -> list[str]:
    return [packet.msg_text for packet in client.take() if isinstance(packet, MsgResponse)]


def test_a_reconnect_takes_over_no_account(node: MemoryNode, people: Any) -> None:
    own = node.connect().login("eve").token
    for token in (b"", own, b"ann", bytes(32)):
        request = ReconnectRequest(rid=0, protocol=1, user_id="ann", token=token)
        assert node.connect().request(request).code == "TOKEN_EXPIRED"


def test_senders_groups_and_actors_are_not_what_a_payload_claims(node: MemoryNode, people: Any) -> None:
    ann, bob, eve = people
    claims = {
        "sender_id": "ann",
        "user_id": "ann",
        "from": "ann",
        "actor_id": "ann",
        "by": "ann",
        "nickname": "Ann",
    }
    fields = {"rid": 9, "msg_uuid": uuid(1), "msg_type": 0, "msg_text": "hello"}
    eve.send_frame(Command.MSG_REQUEST, cbor2.dumps({**claims, **fields, "friend_id": "bob"}))
    assert [answer.code for answer in eve.take()] == ["NOT_FRIEND"]
    ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
    eve.send_frame(Command.MSG_GROUP_REQUEST, cbor2.dumps({**claims, **fields, "group_id": "g1"}))
    assert [answer.code for answer in eve.take()] == ["NOT_MEMBER"]
    node.befriend("eve", "bob")
    bob.take()
    eve.send_frame(Command.MSG_REQUEST, cbor2.dumps({**claims, **fields, "friend_id": "bob"}))
    assert [push.sender_id for push in bob.take() if isinstance(push, MsgResponse)] == ["eve"]


def test_a_group_that_nobody_made_is_not_made_by_writing_to_it(node: MemoryNode, people: Any) -> None:
    ann, _, eve = people
    say = MsgGroupRequest(rid=0, group_id="made-up", msg_uuid=uuid(1), msg_type=0, msg_text="anybody here?")
    for client in (ann, eve):
        for request in (say, TalkNoticeRequest(rid=0, talk_type=1, talk_id="made-up"), say):
            assert client.request(request).code == "NOT_MEMBER"
    assert node.store.groups == {}
    assert not any("made-up" in talk_id for talk_id in node.store.log.heads)


def test_opening_a_dialogue_with_a_group_lets_no_stranger_read_it(node: MemoryNode, people: Any) -> None:
    ann, _, eve = people
    ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
    assert eve.request(TalkNoticeRequest(rid=0, talk_type=1, talk_id="g1")).code == "NOT_MEMBER"
    for request in (
        HistoryRequest(rid=0, talk_type=1, talk_id="g1"),
        GroupMembersRequest(rid=0, group_id="g1"),
    ):
        assert eve.request(request).code == "NOT_MEMBER"
    assert eve.request(SyncRequest(rid=0)).talks == ()
    ann.request(MsgGroupRequest(rid=0, group_id="g1", msg_uuid=uuid(1), msg_type=0, msg_text="for us"))
    assert eve.take() == []


def test_no_list_of_talks_has_another_ones(node: MemoryNode, people: Any) -> None:
    ann, bob, eve = people
    node.befriend("eve", "ann")
    ann.request(text_to("bob", 1, "to bob"))
    ann.request(text_to("eve", 2, "to eve"))
    seen = {
        client: [talk.talk_sketch for talk in client.request(SyncRequest(rid=0)).talks] for client in people
    }
    assert seen[bob] == ["to bob"]
    assert seen[eve] == ["to eve"]
    assert sorted(seen[ann]) == ["to bob", "to eve"]
    page = eve.request(HistoryRequest(rid=0, talk_type=0, talk_id="ann", after_seq=0))
    assert [message.msg_text for message in page.messages] == ["to eve"]


@pytest.mark.parametrize("most", [MAX_FRAME_BEFORE_LOGIN, MAX_FRAME])
def test_of_a_frame_that_is_too_long_nothing_is_kept(node: MemoryNode, most: int) -> None:
    client = node.connect() if most == MAX_FRAME_BEFORE_LOGIN else node.person("ann")
    client.send_bytes((2**31 - 1).to_bytes(4, "big"))
    for _ in range(100):
        client.send_bytes(bytes(1 << 16))
    assert [packet.code for packet in client.take() if isinstance(packet, ErrorResponse)] == ["BAD_FRAME"]
    assert client.is_closing
    held = vars(client.protocol).values()
    assert not any(isinstance(kept, bytes | bytearray) and len(kept) > 8 for kept in held)


def test_after_any_refusal_a_person_is_still_there(people: Any) -> None:
    ann, bob, _ = people
    for command in sorted(REQUESTS - {Command.LOGOUT_REQUEST}):
        ann.send_frame(command, cbor2.dumps({**FULL[command], "rid": "no number"}))
        ann.send_frame(command, cbor2.dumps({"rid": 1, "talk_id": "nowhere", "friend_id": "nobody"}))
    ann.take()
    bob.request(text_to("ann", 1, "still there?"))
    assert texts(ann) == ["still there?"]


def test_an_old_connections_end_does_not_make_a_new_one_deaf(node: MemoryNode, people: Any) -> None:
    ann, bob, _ = people
    again = node.person("ann")
    ann.lose()
    bob.request(text_to("ann", 1, "hello again"))
    assert texts(again) == ["hello again"]


def test_every_message_is_acked_after_it_is_stored_and_never_before(node: MemoryNode, people: Any) -> None:
    ann, bob, _ = people
    node.log.closed = True
    ann.send(text_to("bob", 1))
    assert (ann.take(), bob.take()) == ([], [])
    node.log.commit()
    (ack,) = ann.take()
    assert (ack.seq, ack.msg_uuid) == (1, uuid(1))
    assert texts(bob) == ["hello"]


@pytest.mark.parametrize("text", ["x" * 600, "\U0001f600" * 600, "字" * 4_000])
def test_what_is_delivered_is_what_is_stored(people: Any, text: str) -> None:
    ann, bob, _ = people
    ann.request(MsgRequest(rid=0, friend_id="bob", msg_uuid=uuid(1), msg_type=0, msg_text=text))
    page = bob.request(HistoryRequest(rid=0, talk_type=0, talk_id="ann"))
    assert [message.msg_text for message in page.messages] == [text]


def test_who_was_away_reads_all_of_it_and_not_the_last_ten(node: MemoryNode, people: Any) -> None:
    ann, bob, _ = people
    bob.lose()
    for number in range(1, 251):
        ann.request(text_to("bob", number, f"text {number}"))
    back, seen = node.connect(), []
    (talk,) = back.login("bob", password=PASSWORD).talks
    assert (talk.last_seq, talk.unread) == (250, 100)
    while len(seen) < 250:
        page = back.request(HistoryRequest(rid=0, talk_type=0, talk_id="ann", after_seq=len(seen), limit=100))
        seen += [message.msg_text for message in page.messages]
    assert seen == [f"text {number}" for number in range(1, 251)]
