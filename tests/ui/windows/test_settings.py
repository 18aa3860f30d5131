import attrs
import pytest

from tkclient.interfaces import Action, Outcome
from tkclient.model.preferences import OnClose, Preferences, SendKey
from tkclient.ui.windows.settings import SettingsWindow


@pytest.fixture
def open_at(root, look, model, events, hand):
    hand.work()

    def open_page(page):
        window = SettingsWindow(root, look, model, events, page)
        hand.until(window.winfo_viewable)
        return window

    return open_page


def at_end(choice):
    return choice.winfo_width() - 8, None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "en"),
        ("text_size", 130),
        ("send_key", SendKey.CTRL_ENTER),
    ],
)
def test_each_choice_counts_at_once(open_at, hand, events, name, value):
    page = open_at("general").pages["general"]
    hand.click(getattr(page, name), *at_end(getattr(page, name)))
    assert events.calls == [("set_preferences", attrs.evolve(Preferences(), **{name: value}))]


def test_what_closing_does_is_chosen(open_at, hand, events):
    page = open_at("general").pages["general"]
    hand.click(page.on_close, 10)
    assert events.of("set_preferences") == [(Preferences(on_close=OnClose.BACKGROUND),)]


@pytest.mark.parametrize("name", ["notifications", "sound"])
def test_notices_are_switched_off(open_at, hand, events, name):
    page = open_at("notices").pages["notices"]
    hand.click(getattr(page, name), 10)
    assert events.calls == [("set_preferences", attrs.evolve(Preferences(), **{name: False}))]


def test_a_change_keeps_what_was_changed_before(open_at, hand, events, model):
    window = open_at("notices")
    model.preferences = Preferences(text_size=115)
    window.refresh()
    hand.click(window.pages["notices"].sound, 10)
    assert events.calls == [("set_preferences", Preferences(text_size=115, sound=False))]


def test_it_shows_what_was_chosen_elsewhere(open_at, model):
    window = open_at("general")
    model.preferences = Preferences(language="zh_CN", sound=False)
    window.refresh()
    assert window.pages["general"].language.value == "zh_CN"
    assert window.pages["notices"].sound.value is False


def test_its_pages_are_opened_by_tabs(open_at, hand):
    window = open_at("account")
    hand.click(window.tabs.tabs["about"])
    assert window.pages["about"].winfo_viewable()
    assert not window.pages["account"].winfo_viewable()


def test_logging_out_is_asked_about(open_at, hand, events):
    window = open_at("account")
    hand.click(window.account.logout_button)
    hand.work()
    assert events.calls == []
    hand.press("Return")
    assert events.calls == [("logout",)]


def test_escape_closes_it(open_at, hand):
    window = open_at("account")
    hand.press("Escape")
    assert not window.is_open


def test_a_new_nickname_is_seen(open_at, model):
    window = open_at("account")
    model.user = attrs.evolve(model.user, nickname="狐狸🦊")
    window.refresh()
    assert window.account.name.text == "狐狸🦊"


def test_the_outcome_of_a_new_password_is_said_in_its_dialog(open_at, hand):
    window = open_at("account")
    hand.click(window.account.password_button)
    hand.until(window.account.password_dialog.winfo_viewable)
    outcome = Outcome(action=Action.CHANGE_PASSWORD, code="AUTH_FAILED")
    assert window.told(outcome)
    assert window.account.password_dialog.old.note == "The old password is wrong."


def test_outcomes_are_no_matter_of_it_while_no_dialog_is_open(open_at):
    assert not open_at("account").told(Outcome(action=Action.CHANGE_PASSWORD, code="AUTH_FAILED"))
