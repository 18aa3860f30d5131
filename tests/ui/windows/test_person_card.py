import pytest

from tests.ui.windows.people import STRANGER
from tkclient.model.people import Found, FoundStatus, FriendRequest
from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.windows.person_card import PersonCard


@pytest.fixture
def card_of(root, look, model, events, hand):
    hand.work()

    def open_card(user_id, **known):
        card = PersonCard(root, look, model, events, user_id, **known)
        card.place_at(100, 100)
        hand.until(card.winfo_viewable)
        return card

    return open_card


def test_a_friend_can_be_written_to(card_of, hand, events):
    card = card_of("alice")
    hand.click(card.button)
    assert events.calls == [("open_talk", TalkKey(FRIEND, "alice"))]
    assert not card.is_open


def test_somebody_else_is_asked_to_become_a_friend_with_a_greeting(card_of, hand, events):
    card = card_of("lei.wang")
    hand.click(card.greeting)
    hand.paste("你好👋")
    hand.click(card.button)
    assert events.calls == [("add_friend", "lei.wang", "你好👋")]


def test_return_in_the_greeting_asks(card_of, hand, events):
    card = card_of("lei.wang")
    hand.click(card.greeting)
    hand.press("Return")
    assert events.calls == [("add_friend", "lei.wang", "")]


def test_who_has_asked_is_accepted(card_of, hand, model, events):
    model.requests = (FriendRequest(person=STRANGER),)
    hand.click(card_of("lei.wang").button)
    assert events.calls == [("answer_friend", "lei.wang", True)]


def test_who_was_asked_is_not_asked_again(card_of, model):
    model.set_found("lei", (Found(person=STRANGER, status=FoundStatus.ASKED),), False)
    assert card_of("lei.wang").button is None


def test_nothing_can_be_done_about_oneself(card_of):
    assert card_of("fox").button is None


def test_somebody_unknown_is_shown_as_where_he_was_clicked(card_of):
    card = card_of("ghost", nickname="Ghost 👻", avatar="robot")
    assert (card.person.name, card.person.avatar) == ("Ghost 👻", "robot")


def test_escape_and_a_click_beside_it_close_it(card_of, root, hand):
    first = card_of("alice")
    hand.press("Escape")
    assert not first.is_open
    second = card_of("alice")
    hand.click(root, 700, 500)
    assert not second.is_open
