import pytest

from tests.ui.lists.seen import shows
from tkclient.model.chat import ChatModel
from tkclient.model.people import FriendRequest, Person
from tkclient.model.talk import FRIEND, Talk, TalkKey
from tkclient.ui.lists.nav_bar import NavBar, Place
from tkclient.ui.look import palette


@pytest.fixture
def model():
    return ChatModel(user=Person(user_id="fox", nickname="Fox", avatar="fox"))


@pytest.fixture
def heard():
    return []


@pytest.fixture
def bar(root, look, model, heard, hand):
    bar = NavBar(root, look, model, heard.append, lambda: heard.append("avatar"))
    bar.pack(side="left", fill="y")
    hand.until(lambda: bar.winfo_height() == 600)
    root.focus_force()
    return bar


def test_each_sign_tells_where_it_leads_and_the_portrait_is_one_too(bar, hand, heard):
    for place in Place:
        hand.click(bar.buttons[place])
    hand.click(bar.avatar)
    assert heard == [Place.CHATS, Place.CONTACTS, Place.SETTINGS, "avatar"]


def test_signs_are_pressed_by_keys_too(bar, hand, heard):
    bar.buttons[Place.CONTACTS].focus_set()
    hand.press("Return")
    assert heard == [Place.CONTACTS]


def test_where_one_is_is_marked(bar, look):
    chats, contacts = bar.buttons[Place.CHATS], bar.buttons[Place.CONTACTS]
    assert shows(chats, look.art.icon("chat-fill", 22, palette.ACCENT))
    bar.show(Place.CONTACTS)
    assert shows(chats, look.art.icon("chat", 22, palette.BAR_ICON))
    assert shows(contacts, look.art.icon("person-fill", 22, palette.ACCENT))


def test_unread_messages_and_requests_are_counted(bar, model, look):
    model.set_talks((Talk(key=TalkKey(FRIEND, "li"), name="Li", unread=17),))
    model.requests = (FriendRequest(person=Person(user_id="li", nickname="Li")),)
    bar.refresh()
    assert shows(bar.buttons[Place.CHATS], look.art.badge("17"))
    assert shows(bar.buttons[Place.CONTACTS], look.art.badge("1"))


def test_what_is_muted_is_not_counted(bar, model, look):
    model.set_talks((Talk(key=TalkKey(FRIEND, "li"), name="Li", unread=17, is_muted=True),))
    bar.refresh()
    assert not bar.buttons[Place.CHATS].badge
