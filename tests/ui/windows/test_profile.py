import pytest

from tkclient.ui.windows.profile import ProfileDialog


@pytest.fixture
def dialog(root, look, model, events, hand):
    hand.work()
    dialog = ProfileDialog(root, look, model, events)
    hand.until(dialog.winfo_viewable)
    return dialog


def test_a_nickname_with_emoji_is_saved(dialog, hand, events):
    hand.paste("🦊")
    hand.press("Return")
    assert events.calls == [("update_profile", "小狐狸🦊", "fox")]
    assert not dialog.is_open


def test_a_picture_is_chosen_by_a_click(dialog, hand, events):
    hand.click(dialog.pictures, *dialog.pictures.place_of("panda"))
    hand.click(dialog.save_button)
    assert events.calls == [("update_profile", "小狐狸", "panda")]


def test_a_picture_is_chosen_by_keys(dialog, hand, events):
    hand.press("Tab")
    hand.press("Right")
    hand.press("Return")
    assert events.calls == [("update_profile", "小狐狸", "panda")]


def test_the_picture_can_be_the_first_letter(dialog, hand, events):
    hand.click(dialog.pictures, *dialog.pictures.place_of(""))
    hand.click(dialog.save_button)
    assert events.calls == [("update_profile", "小狐狸", "")]


def test_a_click_beside_the_pictures_chooses_none(dialog, hand):
    hand.click(dialog.pictures, dialog.pictures.winfo_width() - 3, dialog.pictures.winfo_height() - 3)
    assert dialog.pictures.value == "fox"


def test_nobody_is_without_a_nickname(dialog, hand, events):
    dialog.nickname.value = "  "
    hand.click(dialog.save_button)
    assert dialog.nickname.note
    assert events.calls == []
    assert dialog.is_open


def test_a_nickname_takes_32_characters(dialog, hand):
    dialog.nickname.value = "狐" * 31
    hand.press("End")
    hand.type("abc")
    assert dialog.nickname.value == "狐" * 31 + "a"


def test_nothing_is_asked_for_when_nothing_is_changed(dialog, hand, events):
    hand.click(dialog.save_button)
    assert events.calls == []
    assert not dialog.is_open


def test_cancel_changes_nothing(dialog, hand, events):
    hand.type("x")
    hand.click(dialog.cancel_button)
    assert events.calls == []
    assert not dialog.is_open
