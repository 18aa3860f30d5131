from itertools import pairwise

import attrs
import pytest

from tests.ui.lists.seen import texts
from tkclient.interfaces import Action, Outcome
from tkclient.model.people import Found, FoundStatus, FriendRequest, Person
from tkclient.ui.look.look import Look
from tkclient.ui.pages.new_friends_page import NewFriendsPage
from tkclient.ui.pages.people_painter import ACCEPT, ADD, DECLINE, PeoplePainter
from tkclient.ui.pages.people_rows import AskRow, FoundRow, Standing, Title

BOB = Person(user_id="bob", nickname="Bob")
EVE = Person(user_id="eve", nickname="Eve")


@pytest.fixture
def page(root, look, model, events, place):
    return place(NewFriendsPage(root, look, model, events))


def search(page, hand, key):
    hand.click(page.field)
    hand.type(key)
    hand.press("Return")


def find(page, model, key, *found):
    model.set_found(key, tuple(Found(person=person, status=status) for person, status in found), False)
    page.refresh()


def click(page, hand, title, person, zone):
    hand.click(page.rows, *page.rows.place_of((title, person.user_id), zone))


def test_people_are_sought_at_return_and_not_at_every_letter(page, hand, events):
    hand.click(page.field)
    hand.type("bob ")
    assert events.calls == []
    hand.press("Return")
    assert events.calls == [("search_people", "bob")]
    assert texts(page.rows)[:2] == ["Search results", "Searching…"]


def test_people_are_sought_by_the_button(page, hand, events):
    hand.click(page.field)
    hand.type("bob")
    hand.click(page.button)
    assert events.calls == [("search_people", "bob")]


def test_nothing_is_sought_for_blanks(page, hand, events):
    search(page, hand, "  ")
    assert events.calls == []


def test_a_search_that_was_asked_for_elsewhere_begins_at_once(page, events):
    page.seek("bob")
    assert page.field.value == "bob"
    assert events.calls == [("search_people", "bob")]


def test_each_result_says_how_one_stands_to_them(page, hand, model):
    search(page, hand, "o")
    li = model.friends["li"]
    find(page, model, "o", (BOB, FoundStatus.ADDABLE), (EVE, FoundStatus.ASKED), (li, FoundStatus.FRIEND))
    seen = texts(page.rows)
    assert [text for text in seen if text in ("Add", "Waiting for an answer", "Added")] == [
        "Add",
        "Waiting for an answer",
        "Added",
    ]


def test_nobody_found_is_said(page, hand, model):
    search(page, hand, "o")
    find(page, model, "o")
    assert "Nobody was found." in texts(page.rows)


def test_why_a_search_failed_is_said_until_the_next_one(page, hand, look):
    search(page, hand, "o")
    page.told(Outcome(action=Action.SEARCH_PEOPLE, code="RATE_LIMITED", retry_after_ms=20_000))
    hand.until(page.trouble.winfo_ismapped)
    assert "20 seconds" in page.trouble["text"]
    assert "Searching…" not in texts(page.rows)
    hand.press("Return")
    hand.until(lambda: not page.trouble.winfo_ismapped())


def test_a_friend_is_asked_with_a_greeting(page, hand, model, events):
    search(page, hand, "o")
    find(page, model, "o", (BOB, FoundStatus.ADDABLE))
    click(page, hand, Title.FOUND, BOB, ADD)
    hand.until(lambda: page.dialog is not None and page.dialog.winfo_ismapped())
    assert page.dialog.field.value == "I am Foxy"
    hand.click(page.dialog.field)
    hand.press("Control+a")
    hand.type("hello")
    hand.press("Return")
    assert events.of("add_friend") == [("bob", "hello")]
    assert not page.dialog.is_open


def test_one_can_think_better_of_asking(page, hand, model, events):
    search(page, hand, "o")
    find(page, model, "o", (BOB, FoundStatus.ADDABLE))
    click(page, hand, Title.FOUND, BOB, ADD)
    hand.until(lambda: page.dialog is not None and page.dialog.winfo_ismapped())
    hand.move(page.dialog.field)
    hand.press("Escape")
    assert not page.dialog.is_open
    assert events.of("add_friend") == []


def test_a_result_is_added_by_keys_too(page, hand, model):
    search(page, hand, "o")
    find(page, model, "o", (BOB, FoundStatus.ADDABLE))
    page.rows.focus_set()
    hand.press("Down")
    hand.press("Return")
    hand.until(lambda: page.dialog is not None and page.dialog.is_open)


def test_requests_are_accepted_and_declined_by_their_buttons_alone(page, hand, model, events):
    model.requests = (FriendRequest(person=BOB, greeting="hello"), FriendRequest(person=EVE))
    page.refresh()
    hand.click(page.rows, *page.rows.place_of((Title.ASKING, "bob")))
    assert events.calls == []
    click(page, hand, Title.ASKING, BOB, ACCEPT)
    click(page, hand, Title.ASKING, EVE, DECLINE)
    assert events.calls == [("answer_friend", "bob", True), ("answer_friend", "eve", False)]


def test_requests_show_who_asks_and_their_whole_greeting(page, model):
    greeting = "Hello! We met in Berlin, and I would like to continue our talk about Twisted some day soon."
    model.requests = (FriendRequest(person=BOB, greeting=greeting),)
    page.refresh()
    seen = texts(page.rows)
    assert {"Bob", "bob"} <= set(seen)
    assert set(greeting.split()) <= set(" ".join(seen).split())


def test_without_requests_that_is_said(page):
    assert texts(page.rows) == ["Friend requests", "There are no requests."]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("factor", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("text_size", [90, 130])
def test_buttons_leave_names_and_greetings_their_room(root, language, factor, text_size):
    look = Look.make(root, language, text_size, factor)
    painter, width = PeoplePainter(look), look.px(440)
    ask = AskRow(request=FriendRequest(person=BOB), height=66)
    found = FoundRow(person=BOB, standing=Standing.ADDABLE)
    greeting_end = look.px(68) + painter.greeting_width(width)
    for row in (ask, found):
        zones = painter.zones(row, width)
        assert zones[0].left >= greeting_end
        assert zones[-1].right <= width
        assert all(one.right < two.left for one, two in pairwise(zones))


def test_a_request_that_is_answered_goes(page, model):
    model.requests = (FriendRequest(person=BOB, greeting="hello"),)
    page.refresh()
    model.requests = ()
    model.upsert_friend(attrs.evolve(BOB))
    page.refresh()
    assert "Bob" not in texts(page.rows)


def test_the_question_for_a_greeting_goes_with_the_page(page, hand, model, events):
    search(page, hand, "o")
    find(page, model, "o", (BOB, FoundStatus.ADDABLE))
    click(page, hand, Title.FOUND, BOB, ADD)
    dialog = page.dialog
    hand.until(dialog.winfo_ismapped)
    page.destroy()
    hand.wait(0.05)
    assert not dialog.is_open
    assert events.of("add_friend") == []
