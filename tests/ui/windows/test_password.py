import pytest

from tkclient.interfaces import Action, Outcome
from tkclient.ui.windows.password import PasswordDialog


@pytest.fixture
def dialog(root, look, events, hand):
    hand.work()
    dialog = PasswordDialog(root, look, events)
    hand.until(dialog.winfo_viewable)
    return dialog


def fill(hand, *texts):
    for text in texts:
        hand.type(text)
        hand.press("Tab")


def test_old_and_new_are_typed_and_return_changes(dialog, hand, events):
    fill(hand, "oldsecret", "newsecret")
    hand.type("newsecret")
    hand.press("Return")
    assert events.calls == [("change_password", "oldsecret", "newsecret")]


def test_what_is_wrong_is_said_beside_the_fields(dialog, hand, events):
    fill(hand, "old", "short", "shorter")
    hand.click(dialog.change_button)
    assert (dialog.old.note, dialog.new.note, dialog.again.note) == (
        "",
        "At least 8 characters.",
        "The two passwords differ.",
    )
    assert events.calls == []


def test_it_is_asked_once_while_no_answer_has_come(dialog, hand, events):
    fill(hand, "oldsecret", "newsecret", "newsecret")
    hand.click(dialog.change_button)
    hand.click(dialog.change_button)
    assert len(events.calls) == 1


def test_a_wrong_old_password_is_said_and_typed_again(dialog, hand, events):
    fill(hand, "wrong", "newsecret", "newsecret")
    hand.click(dialog.change_button)
    assert dialog.told(Outcome(action=Action.CHANGE_PASSWORD, code="AUTH_FAILED"))
    assert dialog.old.note == "The old password is wrong."
    dialog.old.value = ""
    hand.work()
    hand.type("oldsecret")
    hand.press("Return")
    assert events.calls[-1] == ("change_password", "oldsecret", "newsecret")


def test_it_closes_when_it_is_done_and_leaves_the_good_news_to_others(dialog):
    assert not dialog.told(Outcome(action=Action.CHANGE_PASSWORD))
    assert not dialog.is_open


def test_other_outcomes_are_no_matter_of_it(dialog):
    assert not dialog.told(Outcome(action=Action.INVITE, code="FORBIDDEN"))
