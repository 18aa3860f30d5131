"""What each command asks of the node, and what it shows."""

import pytest

from naivechat.client import FRIEND, GROUP, ConnectionState, NotConnected, RequestRefused, TalkKey
from naivechat.protocol.friend import (
    AddFriendRequest,
    AddFriendResponse,
    AnswerFriendRequest,
    AskedRecord,
    DelFriendRequest,
    FoundRecord,
    SearchFriendRequest,
    SearchFriendResponse,
)
from naivechat.protocol.group import (
    CreateGroupRequest,
    GroupMembersRequest,
    GroupMembersResponse,
    GroupNotice,
    InviteGroupRequest,
    LeaveGroupRequest,
    MemberRecord,
)
from naivechat.protocol.message import HistoryRequest, MsgAckResponse, RecallRequest
from naivechat.protocol.profile import UserRecord
from naivechat.terminal.actions import Actions
from naivechat.terminal.chat import Chat
from naivechat.terminal.commands import COMMANDS
from tests.fakes import done
from tests.unit.terminal.fakes import FakeClient, Paper, friend, group, history, message

LI = TalkKey(FRIEND, "li")
WEEKEND = TalkKey(GROUP, "g1")


@pytest.fixture
def say(actions: Actions, paper: Paper):  # type: ignore[no-untyped-def]
    """Type a line; the lines that it shows."""

    def carry_out(line: str) -> list[str]:
        done(actions.carry_out(line))
        return paper.take()

    return carry_out


@pytest.fixture(autouse=True)
def answers(client: FakeClient) -> None:
    changed = GroupNotice(rid=1, event="created", group=group("g2", "Hike"), user_ids=("li",), by="me")
    members = (MemberRecord(user_id="me", nickname="Myself", avatar="", role=2),)
    client.answers = {
        HistoryRequest: history(message(7, "me", "hi")),
        GroupMembersRequest: GroupMembersResponse(rid=1, group_id="g1", members=members),
        AddFriendRequest: AddFriendResponse(rid=1, friend=friend("zoe", "Zoë")),
        AnswerFriendRequest: AddFriendResponse(rid=1, friend=friend("zoe", "Zoë")),
        CreateGroupRequest: changed,
        InviteGroupRequest: changed,
        LeaveGroupRequest: changed,
        RecallRequest: MsgAckResponse(
            rid=1, talk_type=0, talk_id="li", msg_uuid=b"0" * 16, seq=8, sent_at=1, duplicate=False
        ),
    }


def test_every_command_is_carried_out_without_surprise(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    client.answers[SearchFriendRequest] = SearchFriendResponse(rid=1, users=(), has_more=False)
    for command in COMMANDS.values():
        say(f"/{command.name} " + "g1 " * command.least)


def test_a_line_goes_to_the_open_talk(say, chat: Chat, sent: list[tuple[TalkKey, str]]) -> None:  # type: ignore[no-untyped-def]
    assert say("hello")[0].startswith("No dialogue is open")
    chat.key = LI
    assert say("hello") == []
    assert say("   ") == []
    assert sent == [(LI, "hello")]


def test_a_line_typed_while_offline_says_that_it_waits(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    chat.key = LI
    client.connection_state = ConnectionState.CONNECTING
    assert say("hello") == ["Not connected: this is sent once the node can be reached again."]


def test_lists_say_when_they_are_empty(say, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    client.state.talks.clear()
    client.state.friends.clear()
    client.state.groups.clear()
    assert say("/list")[0].startswith("No dialogues yet")
    assert say("/friends")[0].startswith("No friends yet")
    assert say("/groups")[0].startswith("No groups yet")


def test_lists_show_what_there_is(say, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    asker = UserRecord(user_id="zoe", nickname="Zoë", avatar="")
    client.state.asked["zoe"] = AskedRecord(user=asker, greeting="", asked_at=1)
    assert len(say("/list")) == 2
    assert [line[0] for line in say("/friends")] == ["?", "●", "○"]
    assert say("/groups") == ["Weekend  [g1, 2 people]"]


def test_open_and_close_choose_the_talk(say, chat: Chat) -> None:  # type: ignore[no-untyped-def]
    say("/open 李雷")
    assert chat.key == LI
    say("/close")
    assert chat.key is None
    assert say("/open nobody")[0].startswith("No friend or group is called nobody")


def test_history_takes_a_number(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    chat.key = LI
    say("/history 500")
    say("/history")
    asked = [packet.limit for packet in client.asked if isinstance(packet, HistoryRequest)]
    assert asked == [100, 20]
    assert say("/history many") == ["many is not a number from 1 on."]


def test_find_shows_people_and_that_there_are_more(say, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    found = FoundRecord(user_id="zoe", nickname="Zoë", avatar="", status=0)
    client.answers[SearchFriendRequest] = SearchFriendResponse(rid=1, users=(found,), has_more=True)
    assert say("/find zo e") == ["Zoë  [zoe]  /add zoe", "… and more: a longer key finds fewer."]
    assert client.asked[-1].search_key == "zo e"  # type: ignore[attr-defined]


def test_adding_tells_whether_it_took_effect(say, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    assert say("/add zoe hello you") == ["Zoë is your friend: /open zoe"]
    assert client.asked[-1].greeting == "hello you"  # type: ignore[attr-defined]
    del client.answers[AddFriendRequest]
    assert say("/add zoe") == ["zoe was asked, and has to accept."]


def test_requests_are_accepted_or_refused(say, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    assert say("/accept zoe") == ["Zoë is your friend: /open zoe"]
    del client.answers[AnswerFriendRequest]
    assert say("/refuse zoe") == ["Refused; nobody is told."]
    assert [packet.accept for packet in client.asked] == [True, False]  # type: ignore[attr-defined]


def test_unfriending_closes_the_talk(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    chat.key = LI
    assert say("/unfriend li") == ["li is no longer your friend."]
    assert chat.key is None
    assert isinstance(client.asked[-1], DelFriendRequest)


def test_a_new_group_is_opened(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    say('/create "Sunday hike" li han')
    request = next(packet for packet in client.asked if isinstance(packet, CreateGroupRequest))
    assert (request.name, request.member_ids) == ("Sunday hike", ("li", "han"))
    assert chat.key == TalkKey(GROUP, "g2")


def test_group_commands_want_an_open_group(say, chat: Chat) -> None:  # type: ignore[no-untyped-def]
    chat.key = LI
    for line in ("/members", "/invite han", "/leave"):
        assert say(line) == ["No group is open: /groups shows yours, /open NAME opens one."]
    chat.key = WEEKEND
    assert say("/members") == ["Myself  [me]  owner"]
    assert say("/invite han") == []
    assert say("/leave") == ["You have left the group."]
    assert chat.key is None


def test_recall_takes_the_last_own_message_or_a_number(say, chat: Chat, client: FakeClient) -> None:  # type: ignore[no-untyped-def]
    chat.key = LI
    assert say("/recall")[0].startswith("You have said nothing here lately")
    say("/open li")
    say("/recall")
    say("/recall 3")
    asked = [packet.seq for packet in client.asked if isinstance(packet, RecallRequest)]
    assert asked == [7, 3]


def test_me_help_and_quit(say, ends: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert say("/me") == ["Myself  [me]"]
    assert len(say("/help")) > len(COMMANDS)
    assert say("/quit") == []
    assert ends == ["quit"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RequestRefused("NOT_FOUND", "There is no\x1b such thing."), "There is no␛ such thing."),
        (RequestRefused("OF_LATER"), "OF_LATER"),
        (NotConnected("the connection ended"), "Not done: the connection ended"),
    ],
)
def test_what_is_refused_is_one_line(say, client: FakeClient, error: Exception, line: str) -> None:  # type: ignore[no-untyped-def]
    client.answers[AddFriendRequest] = error
    assert say("/add zoe") == [line]
