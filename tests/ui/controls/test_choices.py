import pytest

from tkclient.ui.controls.check import Check
from tkclient.ui.controls.choice import Choice
from tkclient.ui.controls.tabs import Tabs


@pytest.fixture
def told():
    return []


@pytest.fixture
def choice(root, look, told, hand):
    choice = Choice(
        root, look, [("", "As the system"), ("zh", "简体中文"), ("en", "English")], "", told.append
    )
    choice.pack()
    root.focus_force()
    hand.work()
    return choice


def test_a_check_is_ticked_by_mouse_and_by_keys(root, look, hand, told):
    check = Check(root, look, "Remember me", on_change=told.append)
    check.pack()
    root.focus_force()
    hand.click(check)
    hand.press("Tab")
    hand.press("space")
    assert told == [True, False]
    assert check.value is False


def test_setting_a_check_tells_nobody(root, look, told):
    check = Check(root, look, "Remember me", on_change=told.append)
    check.value = True
    assert told == []


def test_a_click_chooses_what_is_under_it(choice, hand, told):
    hand.click(choice, choice.winfo_width() - 10)
    assert choice.value == "en"
    assert told == ["en"]


def test_choosing_the_same_again_tells_nobody(choice, hand, told):
    hand.click(choice, 10)
    assert told == []


def test_arrow_keys_choose_and_stop_at_the_ends(choice, hand, told):
    hand.press("Tab")
    for key in ("Left", "Right", "Right", "Right"):
        hand.press(key)
    assert told == ["zh", "en"]


def test_return_on_a_choice_changes_nothing(choice, hand, told):
    hand.move(choice, choice.winfo_width() - 10)
    hand.press("Tab")
    hand.press("Return")
    assert told == []


def test_one_tab_is_open_at_a_time(root, look, hand, told):
    tabs = Tabs(root, look, [("a", "Account"), ("b", "About")], "a", told.append)
    tabs.pack()
    hand.click(tabs.tabs["b"])
    hand.click(tabs.tabs["b"])
    assert told == ["b"]
    assert tabs.value == "b"
