"""The open talk, and what happens elsewhere."""

import pytest

from naivechat.client import (
    FRIEND,
    GROUP,
    ConnectionState,
    MessageShown,
    NotConnected,
    Outgoing,
    RequestRefused,
    SendRefused,
    StateChanged,
    StateSynced,
    TalkKey,
)
from naivechat.protocol.friend import (
    AddFriendResponse,
    AskedRecord,
    FriendAskedNotice,
    FriendRemovedNotice,
    PresenceNotice,
)
from naivechat.protocol.group import GroupMembersRequest, GroupNotice
from naivechat.protocol.message import HistoryRequest, MessageRecord, ReadRequest
from naivechat.protocol.profile import UserRecord
from naivechat.terminal.chat import Chat
from tests.fakes import done
from tests.unit.terminal.fakes import FakeClient, Paper, friend, group, history, message, talk

LI = TalkKey(FRIEND, "li")
WEEKEND = TalkKey(GROUP, "g1")


def arrive(client: FakeClient, key: TalkKey, record: MessageRecord) -> None:
    client.state.message_shown(key, record)
    mine = record.sender_id == client.user_id
    client.emit(MessageShown(**key._asdict(), message=record, sender_name=record.sender_id, mine=mine))


def reads(client: FakeClient) -> list[int]:
    return [packet.seq for packet in client.asked if isinstance(packet, ReadRequest)]


def test_opening_shows_the_last_messages_and_reads_them(chat: Chat, client: FakeClient, paper: Paper) -> None:
    client.answers[HistoryRequest] = history(message(4, "li", "hello"), message(5, "me", "hi"))
    done(chat.open(LI))
    assert [text.partition(" ")[2] for text in paper.texts] == ["李雷 ──", "李雷: hello", "Myself: hi"]
    assert paper.lines[2][1] == "mine"
    assert reads(client) == [5]
    assert chat.prompt == "李雷 ❯ "
    assert chat.last_own_seq == 5


def test_opening_an_empty_talk_says_so(chat: Chat, client: FakeClient, paper: Paper) -> None:
    client.answers[HistoryRequest] = history()
    done(chat.open(LI))
    assert "No messages yet" in paper.texts[-1]
    assert reads(client) == []


def test_opening_a_group_learns_its_members_names(chat: Chat, client: FakeClient) -> None:
    client.answers[HistoryRequest] = history()
    client.answers[GroupMembersRequest] = RequestRefused("NOT_MEMBER")
    with pytest.raises(RequestRefused):
        done(chat.open(WEEKEND))
    assert chat.key is None


def test_a_message_of_the_open_talk_is_shown_and_read(chat: Chat, client: FakeClient, paper: Paper) -> None:
    chat.key = LI
    arrive(client, LI, message(1, "li", "hello"))
    assert paper.take()[0].endswith("李雷: hello")
    assert reads(client) == [1]
    arrive(client, LI, message(2, "me", "mine"))
    assert paper.lines[0][1] == "mine"
    assert reads(client) == [1]


def test_reading_that_fails_is_made_up_for_later(chat: Chat, client: FakeClient) -> None:
    chat.key = LI
    client.answers[ReadRequest] = NotConnected("gone")
    arrive(client, LI, message(1, "li", "hello"))
    del client.answers[ReadRequest]
    arrive(client, LI, message(2, "li", "again"))
    assert reads(client) == [1, 2]
    assert client.state.talks[LI].unread == 0


def test_a_message_elsewhere_is_one_line_with_the_unread_count(
    chat: Chat, client: FakeClient, paper: Paper
) -> None:
    arrive(client, LI, message(1, "li", "hello\nworld"))
    assert paper.take()[0].startswith("[李雷 (1)] ")
    assert "李雷 (1)" not in chat.status
    assert "li (1)" in chat.status
    arrive(client, LI, message(2, "me", "from my other device"))
    assert paper.texts == []


def test_a_muted_talk_is_silent(chat: Chat, client: FakeClient, paper: Paper) -> None:
    client.state.talks[LI] = talk(FRIEND, "li", muted=True)
    arrive(client, LI, message(1, "li", "hello"))
    assert paper.texts == []


def test_history_goes_back_page_by_page(chat: Chat, client: FakeClient, paper: Paper) -> None:
    client.answers[HistoryRequest] = history(message(8, "li", "a"), message(9, "li", "b"))
    done(chat.show_history(LI, 2))
    assert paper.take()[1].startswith("#8 ")
    client.answers[HistoryRequest] = history()
    done(chat.show_history(LI, 2))
    assert paper.take() == ["There are no earlier messages."]
    asked = [packet for packet in client.asked if isinstance(packet, HistoryRequest)]
    assert [packet.before_seq for packet in asked] == [None, 8]


def test_the_status_tells_who_and_how(chat: Chat, client: FakeClient) -> None:
    assert chat.prompt == "❯ "
    assert chat.status == " Myself · online · nothing unread "
    client.connection_state = ConnectionState.CONNECTING
    client.state.user = None
    assert chat.status == " nobody · connecting … · nothing unread "


def test_a_broken_connection_and_its_return_are_told(chat: Chat, client: FakeClient, paper: Paper) -> None:
    client.emit(StateChanged(state=ConnectionState.CONNECTING, reason="the node\x1b went"))
    client.emit(StateChanged(state=ConnectionState.ONLINE))
    assert paper.take() == ["Not connected (the node␛ went): trying again …", "Connected again."]
    client.emit(StateChanged(state=ConnectionState.OFFLINE))
    assert paper.texts == []


def test_before_the_first_login_connecting_is_no_news(client: FakeClient, paper: Paper) -> None:
    client.connection_state = ConnectionState.OFFLINE
    Chat(client, paper, lambda: 0, lambda _: None)  # type: ignore[arg-type]
    client.emit(StateChanged(state=ConnectionState.CONNECTING, reason="slow"))
    client.emit(StateChanged(state=ConnectionState.ONLINE))
    assert paper.texts == []


@pytest.mark.parametrize("state", [ConnectionState.KICKED, ConnectionState.LOGGED_OUT])
def test_a_session_that_is_over_ends_the_program(
    chat: Chat, client: FakeClient, ends: list[str], state: ConnectionState
) -> None:
    client.emit(StateChanged(state=state, reason="replaced"))
    client.emit(StateChanged(state=state))
    assert ends == ["replaced", "The session has ended."]


def test_a_refused_message_is_told(chat: Chat, client: FakeClient, paper: Paper) -> None:
    outgoing = Outgoing(talk=LI, msg_uuid=b"0" * 16, msg_type=0, text="x")
    client.emit(SendRefused(outgoing=outgoing, refusal=RequestRefused("NOT_FRIEND", "You are not friends.")))
    assert paper.lines == [("Not sent to 李雷: You are not friends.", "error")]


def test_news_of_friends_are_lines(chat: Chat, client: FakeClient, paper: Paper) -> None:
    asker = UserRecord(user_id="zoe", nickname="Zoë", avatar="")
    client.emit(FriendAskedNotice(asked=AskedRecord(user=asker, greeting="", asked_at=1)))
    client.emit(AddFriendResponse(rid=0, friend=friend("zoe", "Zoë")))
    chat.key = LI
    client.emit(PresenceNotice(user_id="li", online=False))
    client.emit(PresenceNotice(user_id="han", online=False))
    client.emit(FriendRemovedNotice(user_id="li"))
    assert paper.take() == [
        "? Zoë [zoe] asks  (/accept zoe or /refuse zoe)",
        "Zoë is your friend now: /open zoe",
        "李雷 is offline.",
        "李雷 is no longer your friend.",
    ]
    assert chat.key is None


def test_news_of_groups_that_concern_me_are_lines(chat: Chat, client: FakeClient, paper: Paper) -> None:
    def notice(event: str, *user_ids: str) -> GroupNotice:
        return GroupNotice(rid=0, event=event, group=group("g1", "Weekend"), user_ids=user_ids, by="li")

    client.emit(notice("joined", "me", "han"))
    client.emit(notice("joined", "han"))
    client.emit(notice("updated"))
    chat.key = WEEKEND
    client.state.groups.clear()
    client.emit(notice("removed", "me"))
    assert paper.take() == [
        "You belong to the group Weekend now: /open g1",
        "You no longer belong to the group Weekend.",
    ]
    assert chat.key is None


def test_after_a_sync_a_talk_that_is_gone_is_not_open(chat: Chat, client: FakeClient) -> None:
    chat.key = LI
    client.emit(StateSynced())
    assert chat.key == LI
    client.state.friends.clear()
    client.emit(StateSynced())
    assert chat.key is None
