import attrs
import pytest

from tests.ui.lists.seen import ground_at, shows, texts
from tkclient.model.chat import ChatModel
from tkclient.model.people import FriendRequest, Group, Person
from tkclient.ui.lists.contact_list import ContactList
from tkclient.ui.lists.contact_rows import NEW_FRIENDS, ContactKind, ContactRef
from tkclient.ui.look import palette

ALICE = Person(user_id="alice", nickname="Alice", remark="Aunt Alice", is_online=True)
PEOPLE = (
    Person(user_id="zhang", nickname="张伟"),
    ALICE,
    Person(user_id="chen", nickname="陈静"),
    Person(user_id="carl", nickname="carl"),
    Person(user_id="n7", nickname="007"),
)


@pytest.fixture
def model():
    model = ChatModel()
    model.set_friends(PEOPLE)
    model.set_groups(
        (
            Group(group_id="news", name="News", owner_id="x", is_official=True),
            Group(group_id="hikers", name="Hikers", owner_id="alice"),
        )
    )
    return model


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def contacts(root, look, model, chosen, place):
    return place(ContactList(root, look, model, chosen.append))


def names(contacts):
    return [text for text in texts(contacts.rows) if not text.isdecimal() or text == "007"]


def test_sections_stand_in_their_order_and_friends_under_their_letters(contacts):
    assert names(contacts) == [
        "New friends",
        "Official accounts",
        "News",
        "Groups",
        "Hikers",
        "Friends",
        "A",
        "Aunt Alice",
        "C",
        "carl",
        "陈静",
        "Z",
        "张伟",
        "#",
    ]


def test_a_click_chooses_a_contact(contacts, hand, chosen):
    for contact in (
        NEW_FRIENDS,
        ContactRef(ContactKind.OFFICIAL, "news"),
        ContactRef(ContactKind.GROUP, "hikers"),
        ContactRef(ContactKind.FRIEND, "alice"),
    ):
        hand.click(contacts.rows, *contacts.rows.place_of(contact))
        assert chosen.pop() == contact


def test_the_head_of_a_section_closes_and_opens_it(contacts, hand, chosen):
    head = ("section", ContactKind.GROUP)
    hand.click(contacts.rows, *contacts.rows.place_of(head))
    assert "Hikers" not in names(contacts)
    assert "Groups" in names(contacts)
    hand.click(contacts.rows, *contacts.rows.place_of(head))
    assert "Hikers" in names(contacts)
    assert chosen == []


def test_requests_are_counted_at_new_friends(contacts, model, look):
    model.requests = (FriendRequest(person=PEOPLE[0]), FriendRequest(person=PEOPLE[2]))
    contacts.refresh()
    assert shows(contacts.rows, look.art.badge("2"))
    model.requests = ()
    contacts.refresh()
    assert not shows(contacts.rows, look.art.badge("2"))


def test_who_is_online_has_a_dot(contacts, model, look):
    dot = look.art.dot(9, palette.ONLINE)
    assert shows(contacts.rows, dot)
    model.set_presence("alice", False)
    contacts.refresh()
    assert not shows(contacts.rows, dot)


def test_the_contact_whose_page_is_shown_is_marked_and_keeps_the_mark(contacts, model):
    contacts.select(ContactRef(ContactKind.FRIEND, "alice"))
    model.upsert_friend(attrs.evolve(ALICE, remark="Aalice"))
    contacts.refresh()
    _, y = contacts.rows.place_of(ContactRef(ContactKind.FRIEND, "alice"))
    assert ground_at(contacts.rows, y) == palette.SELECTED


def test_without_friends_their_section_still_stands_there(contacts, model):
    model.set_friends(())
    model.set_groups(())
    contacts.refresh()
    assert texts(contacts.rows) == ["New friends", "Friends", "0"]
