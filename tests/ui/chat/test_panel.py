import tkinter

import attrs
import pytest
from Xlib import X
from Xlib.display import Display

from tests.ui.chat.talks import ANN, BOB, TEAM
from tkclient.model.connection import Connection
from tkclient.model.people import Person
from tkclient.model.talk import Kind, Message, Sending, Talk
from tkclient.ui.chat.clipboard import get_text
from tkclient.ui.chat.panel import ChatPanel


def message(number, text="", **values):
    values = {
        "sender_id": "ann",
        "sender_name": "Ann",
        "sent_at_ms": 1_700_000_000_000 + number * 1000,
    } | values
    return Message(msg_uuid=number.to_bytes(16, "big"), seq=number, text=text or f"text {number}", **values)


class Callbacks:
    def __init__(self):
        self.details = 0
        self.people = []

    def on_details(self):
        self.details += 1


@pytest.fixture
def callbacks():
    return Callbacks()


@pytest.fixture
def panel(root, look, model, events, hand, callbacks):
    for key in (ANN, BOB, TEAM):
        model.set_messages(key, (message(1),), False)
    panel = ChatPanel(root, look, model, events, callbacks.on_details, callbacks.people.append)
    panel.pack(fill="both", expand=True)
    hand.until(panel.winfo_viewable)
    root.focus_force()
    hand.work()
    return panel


def select(panel, model, hand, talk):
    panel.leave()
    model.selected = talk
    panel.refresh()
    panel.focus_input()
    hand.work()


def told_read(events):
    return [talk for (talk,) in events.of("mark_read")]


def change(panel, model, hand, talk, **values):
    model.upsert_talk(attrs.evolve(model.talks[talk], **values))
    panel.refresh()
    hand.work()


def test_nothing_is_shown_and_written_before_a_dialogue_is_selected(panel, events, hand):
    hand.press("Alt+s")
    assert not events.of("send")


def test_a_group_has_its_name_and_how_many_are_in_it(panel, model, hand):
    select(panel, model, hand, TEAM)
    assert panel.header.title == "Team (3)"


def test_a_friend_has_a_name_a_dot_when_there_and_is_seen_typing(panel, model, hand):
    select(panel, model, hand, ANN)
    assert (panel.header.title, panel.header.is_friend_online, panel.header.note) == ("Ann", False, "")
    model.set_presence("ann", True)
    model.set_typing(ANN, "Ann")
    panel.refresh()
    assert panel.header.is_friend_online and panel.header.note == "typing …"
    model.set_typing(ANN, "")
    panel.refresh()
    assert panel.header.note == ""


def test_in_a_group_it_is_said_who_is_typing(panel, model, hand):
    select(panel, model, hand, TEAM)
    model.set_typing(TEAM, "Carl")
    model.set_typing(BOB, "Bob")
    panel.refresh()
    assert panel.header.note == "Carl is typing …"


def test_the_title_is_a_remark_if_there_is_one(panel, model, hand):
    model.upsert_friend(Person(user_id="ann", nickname="Ann", remark="Annie"))
    select(panel, model, hand, ANN)
    assert panel.header.title == "Annie"


def test_a_stranger_who_has_written_has_the_name_of_the_row(panel, model, hand):
    model.remove_friend("ann")
    select(panel, model, hand, ANN)
    assert panel.header.title == "Ann"


def test_the_button_at_the_right_asks_for_details(panel, model, hand, callbacks):
    select(panel, model, hand, ANN)
    hand.click(panel.header.details_button)
    assert callbacks.details == 1


@pytest.mark.parametrize("connection", [Connection.CONNECTING, Connection.OFFLINE])
def test_a_lost_connection_is_seen_and_goes_when_it_is_back(panel, model, hand, connection):
    select(panel, model, hand, ANN)
    hand.work()
    assert not panel.strip.winfo_viewable()
    model.connection = connection
    panel.refresh()
    hand.until(panel.strip.winfo_viewable)
    assert panel.strip.text
    model.connection = Connection.ONLINE
    panel.refresh()
    hand.until(lambda: not panel.strip.winfo_viewable())


def test_what_is_written_goes_to_the_dialogue_on_the_screen(panel, model, events, hand):
    select(panel, model, hand, ANN)
    hand.type("for Ann")
    hand.press("Return")
    select(panel, model, hand, TEAM)
    hand.type("for all")
    hand.press("Alt+s")
    assert events.of("send") == [(ANN, "for Ann", Kind.TEXT), (TEAM, "for all", Kind.TEXT)]


def test_news_of_another_dialogue_leave_the_panel_alone(panel, model, events, hand):
    select(panel, model, hand, ANN)
    hand.type("half")
    model.append_message(BOB, message(2, "from Bob", sender_id="bob"))
    model.upsert_talk(Talk(key=BOB, name="Bob", unread=1, last_seq=2))
    panel.refresh()
    hand.type(" a sentence")
    hand.press("Return")
    assert panel.talk == ANN and panel.header.title == "Ann"
    assert events.of("send") == [(ANN, "half a sentence", Kind.TEXT)]


def test_alt_s_sends_wherever_the_keyboard_is(panel, model, events, hand):
    select(panel, model, hand, ANN)
    hand.type("text")
    panel.messages.canvas.focus_set()
    hand.press("Alt+s")
    assert events.of("send") == [(ANN, "text", Kind.TEXT)]


def test_who_types_after_a_click_on_the_messages_writes(panel, model, hand):
    select(panel, model, hand, ANN)
    hand.click(panel.messages.canvas)
    hand.press("Down")
    hand.press("Control+c")
    hand.type("Hi there")
    assert panel.writing.input.text.value == "Hi there"


def test_sending_scrolls_to_the_end(panel, model, hand):
    model.set_messages(ANN, tuple(message(number) for number in range(1, 60)), False)
    select(panel, model, hand, ANN)
    hand.turn_wheel(panel.messages.canvas, 5)
    assert not panel.messages.at_end
    hand.type("x")
    panel.focus_input()
    hand.type("y")
    hand.press("Return")
    assert panel.messages.at_end


def test_an_unread_dialogue_is_read_when_it_comes_on_the_screen_once(panel, model, events, hand):
    model.upsert_talk(attrs.evolve(model.talks[ANN], unread=2, last_seq=1))
    select(panel, model, hand, ANN)
    panel.refresh()
    panel.refresh()
    assert told_read(events) == [ANN]


def test_each_new_message_is_read_while_its_dialogue_is_looked_at(panel, model, events, hand):
    select(panel, model, hand, ANN)
    change(panel, model, hand, ANN, unread=1, last_seq=2)
    change(panel, model, hand, ANN, unread=0)
    change(panel, model, hand, ANN, unread=1, last_seq=3)
    assert told_read(events) == [ANN, ANN]


def test_other_dialogues_stay_unread(panel, model, events, hand):
    select(panel, model, hand, ANN)
    change(panel, model, hand, BOB, unread=1, last_seq=2)
    assert not told_read(events)


def test_what_comes_while_one_has_scrolled_up_is_read_at_the_end(panel, model, events, hand):
    model.set_messages(ANN, tuple(message(number) for number in range(1, 60)), False)
    select(panel, model, hand, ANN)
    hand.turn_wheel(panel.messages.canvas, 5)
    model.append_message(ANN, message(60))
    change(panel, model, hand, ANN, unread=1, last_seq=60)
    assert not told_read(events)
    hand.turn_wheel(panel.messages.canvas, -10)
    hand.until(lambda: told_read(events) == [ANN])


def test_nothing_is_read_while_another_program_has_the_keyboard(root, panel, model, events, hand, screen):
    select(panel, model, hand, ANN)
    other = Display(screen.name)
    try:
        window = other.screen().root.create_window(900, 0, 100, 100, 0, 0)
        window.map()
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        other.sync()
        hand.until(lambda: not root.tk.call("focus"))
        change(panel, model, hand, ANN, unread=1, last_seq=2)
        assert not told_read(events)
        root.focus_force()
        hand.until(lambda: told_read(events) == [ANN])
    finally:
        other.close()


def test_nothing_is_read_or_sent_under_a_page_of_the_contacts(root, panel, model, events, hand):
    select(panel, model, hand, ANN)
    hand.type("draft")
    page = tkinter.Frame(root)
    page.place(x=0, y=0, relwidth=1, relheight=1)
    hand.until(page.winfo_viewable)
    hand.wait(0.05)
    change(panel, model, hand, ANN, unread=1, last_seq=2)
    hand.press("Alt+s")
    assert not told_read(events) and not events.of("send")
    page.destroy()
    hand.until(lambda: told_read(events) == [ANN])


def test_an_official_account_is_only_read(panel, model, events, hand):
    change(panel, model, hand, TEAM, is_official=True, can_write=False)
    select(panel, model, hand, TEAM)
    assert "run this account" in panel.writing.closed_words
    assert not panel.writing.input.winfo_viewable()
    hand.type("x")
    hand.press("Return")
    hand.press("Alt+s")
    assert not events.of("send")


def test_who_is_no_more_a_member_or_friend_is_told_so_and_writes_again_after(panel, model, hand):
    model.remove_group("team")
    change(panel, model, hand, TEAM, can_write=False)
    select(panel, model, hand, TEAM)
    assert "no longer in this group" in panel.writing.closed_words
    model.remove_friend("ann")
    change(panel, model, hand, ANN, can_write=False)
    select(panel, model, hand, ANN)
    assert "not friends" in panel.writing.closed_words
    change(panel, model, hand, ANN, can_write=True)
    assert not panel.writing.closed_words
    hand.until(panel.writing.input.winfo_viewable)


def drag_line(panel, hand, pixels):
    y = panel.sash.winfo_y() + 2
    hand.drag(panel, (300, y), (300, y + pixels))


def test_the_line_above_the_tools_can_be_dragged_but_not_too_far(panel, model, hand):
    select(panel, model, hand, ANN)
    before = panel.writing.winfo_height()
    drag_line(panel, hand, -100)
    assert abs(panel.writing.winfo_height() - before - 100) <= 2
    drag_line(panel, hand, -592)
    assert panel.messages.winfo_height() >= 60
    drag_line(panel, hand, 588)
    assert 100 <= panel.writing.winfo_height() <= before


def test_what_a_reader_asks_for_is_about_the_dialogue_on_the_screen(panel, model, events, hand, callbacks):
    select(panel, model, hand, TEAM)
    actions = panel.actions
    actions.recall(7)
    actions.retry(b"a" * 16)
    actions.discard(b"b" * 16)
    actions.load_older()
    actions.avatar_clicked("carl", 0, 0)
    assert [call for call in events.calls if call[0] != "select_talk"] == [
        ("recall", TEAM, 7),
        ("retry", TEAM, b"a" * 16),
        ("discard", TEAM, b"b" * 16),
        ("load_older", TEAM),
    ]
    assert callbacks.people == ["carl"]


def test_who_is_mentioned_comes_into_the_text(panel, model, hand):
    select(panel, model, hand, TEAM)
    hand.type("hi ")
    panel.actions.mention("carl")
    hand.type("!")
    assert panel.writing.input.text.value == "hi @Carl !"


def test_a_message_is_copied_with_its_emoji(panel, model, hand):
    panel.actions.copy("a 👩‍💻 𠮷")
    assert get_text(panel) == "a 👩‍💻 𠮷"


def test_failed_messages_are_shown_without_trouble(panel, model, hand):
    failed = message(0, "x", sender_id="me", is_mine=True, sending=Sending.FAILED, failure="NOT_FRIENDS")
    model.append_message(ANN, failed)
    select(panel, model, hand, ANN)
