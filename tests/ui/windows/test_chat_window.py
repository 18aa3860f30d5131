"""The chat window as a whole: what it is told, and what of it is on the screen."""

import attrs
import pytest

from tests.ui.windows.people import model_of
from tkclient.interfaces import Action, Outcome
from tkclient.model.connection import Connection
from tkclient.model.preferences import OnClose, Preferences
from tkclient.model.talk import FRIEND, GROUP, Message, Talk, TalkKey
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.look.look import Look
from tkclient.ui.pages.new_friends_page import NewFriendsPage
from tkclient.ui.windows.chat_window import ChatWindow
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.settings import SettingsWindow

TEAM = TalkKey(GROUP, "team")
ALICE = TalkKey(FRIEND, "alice")
PANDA = TalkKey(FRIEND, "panda")


class Board:
    def __init__(self):
        self.notices = []
        self.sounds = 0

    def notify(self, key, title, text):
        self.notices.append((key, title, text))

    def sound(self):
        self.sounds += 1


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def make(root, hand, events, board):
    """Makes a chat window of a size, with two friends, a group and their dialogues."""

    def window_of(geometry="1000x700+0+0"):
        root.withdraw()
        hand.let_go()
        known = model_of()
        window = ChatWindow(
            root,
            events,
            board,
            make_look=lambda chosen: Look.make(root, chosen.language or "en", chosen.text_size, 1.0),
            geometry=geometry,
        )
        window.set_user(known.user)
        window.set_friends(known.friend_list)
        window.set_groups(known.own_groups)
        window.set_talks(
            (
                Talk(key=TEAM, name="Team", date_ms=3, unread=2),
                Talk(key=ALICE, name="Alice Johnson", date_ms=2),
                Talk(key=PANDA, name="李大熊", date_ms=1),
            )
        )
        window.set_connection(Connection.ONLINE)
        window.show()
        hand.until(window.screen.window.winfo_viewable)
        hand.work()
        return window

    return window_of


@pytest.fixture
def chat(make):
    window = make()
    yield window
    window.close()


def message(text, key=ALICE):
    return Message(msg_uuid=b"1" * 16, seq=1, sender_id=key.talk_id, sender_name="Alice", text=text)


def open_row(chat, hand, key):
    rows = chat.screen.column.talks.rows
    hand.click(rows, *rows.place_of(key))


def test_a_click_on_a_row_brings_its_dialogue_on_the_screen(chat, hand, events):
    open_row(chat, hand, ALICE)
    assert chat.model.selected == ALICE
    assert events.of("select_talk") == [(ALICE,)]
    assert chat.screen.content.panel.talk == ALICE


def test_a_message_for_another_dialogue_changes_nothing_on_the_screen(chat, hand):
    open_row(chat, hand, ALICE)
    chat.append_message(PANDA, message("hello", PANDA))
    chat.upsert_talk(Talk(key=PANDA, name="李大熊", date_ms=9, unread=1))
    hand.work()
    assert chat.model.selected == ALICE
    assert chat.screen.content.panel.talk == ALICE
    assert chat.screen.column.talks.rows.rows[0].key == PANDA


def test_unread_messages_stand_in_the_title(chat, hand):
    assert chat.screen.window.title() == "(2) 小狐狸"
    chat.upsert_talk(Talk(key=TEAM, name="Team", date_ms=3, unread=100))
    hand.work()
    assert chat.screen.window.title() == "(99+) 小狐狸"
    chat.upsert_talk(Talk(key=TEAM, name="Team", date_ms=3))
    hand.work()
    assert chat.screen.window.title() == "小狐狸"


def test_a_dialogue_that_is_taken_off_is_on_the_screen_no_more(chat, hand, events):
    open_row(chat, hand, ALICE)
    chat.remove_talk(ALICE)
    hand.work()
    assert chat.screen.content.panel.talk is None
    assert events.of("select_talk")[-1] == (None,)


def test_a_friend_without_a_row_is_found_and_opened(chat, hand, events):
    chat.remove_talk(ALICE)
    hand.work()
    hand.press("Control+f")
    hand.type("alice")
    hand.press("Return")
    assert events.of("open_talk") == [(ALICE,)]


def test_the_search_leads_to_a_search_among_all_people(chat, hand, events):
    hand.press("Control+f")
    hand.type("zzz")
    hand.press("Return")
    assert events.of("search_people") == [("zzz",)]
    assert isinstance(chat.screen.content.page, NewFriendsPage)
    assert chat.screen.nav.shown is Place.CONTACTS


def test_contacts_and_dialogues_change_places(chat, hand):
    open_row(chat, hand, ALICE)
    hand.click(chat.screen.nav.buttons[Place.CONTACTS])
    assert chat.screen.column.contacts.winfo_viewable()
    assert not chat.screen.column.talks.winfo_viewable()
    hand.click(chat.screen.nav.buttons[Place.CHATS])
    assert chat.screen.column.talks.winfo_viewable()
    assert chat.screen.content.panel.talk == ALICE


def test_the_plus_offers_a_new_group(chat, hand):
    hand.click(chat.screen.column.search.plus)
    hand.until(lambda: chat.screen.plus_menu.is_open)
    hand.press("Down")
    hand.press("Return")
    hand.until(lambda: [w for w in chat.screen.window.winfo_children() if isinstance(w, CreateGroupDialog)])


def test_another_language_builds_the_window_anew_with_the_same_on_the_screen(chat, hand):
    open_row(chat, hand, ALICE)
    hand.click(chat.screen.nav.buttons[Place.SETTINGS])
    hand.until(lambda: chat.screen.settings is not None)
    chat.set_preferences(Preferences(language="zh_CN"))
    hand.work()
    assert chat.model.selected == ALICE
    assert chat.screen.content.panel.talk == ALICE
    assert isinstance(chat.screen.settings, SettingsWindow)
    assert chat.screen.settings.is_open
    assert chat.screen.settings.title() == "设置"


def test_the_side_panel_stands_beside_the_messages_where_there_is_room(chat, hand):
    open_row(chat, hand, TEAM)
    panel = chat.screen.content.panel
    hand.click(panel.header.details_button)
    hand.until(lambda: chat.screen.drawer.details is not None)
    hand.work()
    details = chat.screen.drawer.details
    assert panel.messages.winfo_rootx() + panel.messages.winfo_width() <= details.winfo_rootx()
    assert details.winfo_rooty() > panel.header.winfo_rooty()
    hand.click(panel.header.details_button)
    assert chat.screen.drawer.details is None


def test_the_side_panel_lies_over_the_messages_of_a_small_window(make, hand):
    chat = make("800x600+0+0")
    open_row(chat, hand, TEAM)
    panel = chat.screen.content.panel
    hand.click(panel.header.details_button)
    hand.work()
    details = chat.screen.drawer.details
    assert panel.messages.winfo_width() == panel.winfo_width()
    assert details.winfo_rootx() + details.winfo_width() == panel.winfo_rootx() + panel.winfo_width()
    chat.close()


def test_the_side_panel_closes_with_its_dialogue(chat, hand):
    open_row(chat, hand, TEAM)
    hand.click(chat.screen.content.panel.header.details_button)
    open_row(chat, hand, ALICE)
    hand.work()
    assert chat.screen.drawer.details is None


def test_a_message_for_the_dialogue_one_looks_at_makes_no_noise(chat, hand, board):
    open_row(chat, hand, ALICE)
    chat.notify(ALICE, message("hello"))
    assert (board.sounds, board.notices) == (0, [])


def test_a_message_for_another_dialogue_sounds(chat, hand, board):
    open_row(chat, hand, ALICE)
    chat.notify(PANDA, message("hello", PANDA))
    assert (board.sounds, board.notices) == (1, [])


def test_a_message_is_notified_while_the_window_is_not_in_front(chat, hand, board):
    hand.let_go()
    hand.until(lambda: not chat.screen.has_focus)
    chat.notify(ALICE, message("hello"))
    assert board.notices == [(ALICE, "Alice Johnson", "hello")]


def test_what_is_switched_off_makes_no_noise(chat, hand, board):
    chat.set_preferences(Preferences(notifications=False, sound=False))
    hand.let_go()
    hand.until(lambda: not chat.screen.has_focus)
    chat.notify(ALICE, message("hello"))
    assert (board.sounds, board.notices) == (0, [])


@pytest.mark.parametrize(("choice", "quits"), [(OnClose.QUIT, [()]), (OnClose.BACKGROUND, [])])
def test_closing_does_what_was_chosen(chat, hand, events, choice, quits):
    chat.set_preferences(Preferences(on_close=choice))
    window = chat.screen.window
    window.tk.call(window.protocol("WM_DELETE_WINDOW"))
    assert events.of("quit") == quits
    assert chat.screen is not None


def test_a_refusal_is_said_in_words(chat, hand):
    chat.tell(Outcome(action=Action.DELETE_TALK, code="UNAVAILABLE"))
    assert "cannot do that at the moment" in chat.screen.toast.text


def test_much_told_at_once_is_drawn_once(chat, hand, monkeypatch):
    drawn = []
    monkeypatch.setattr(chat.screen, "refresh", drawn.append)
    for number in range(50):
        chat.upsert_talk(Talk(key=ALICE, name="Alice Johnson", date_ms=number))
        chat.set_presence("alice", bool(number % 2))
    hand.work()
    assert len(drawn) == 1


def test_a_window_that_is_closed_forgets_all(chat, hand, events):
    chat.close()
    hand.work()
    assert chat.model.talks == {}
    assert chat.screen is None


def test_a_new_nickname_is_shown(chat, hand):
    chat.set_user(attrs.evolve(chat.model.user, nickname="Fuchs"))
    hand.work()
    assert chat.screen.window.title().endswith("Fuchs")
