import pytest

from tests.ui.controls.seen import colours
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.look import palette


@pytest.fixture
def presses():
    return []


@pytest.fixture
def button(root, look, presses, hand):
    button = Button(root, look, "Send", lambda: presses.append("sent"))
    button.pack(padx=20, pady=20)
    root.focus_force()
    hand.work()
    return button


def test_a_click_presses_a_button(button, hand, presses):
    hand.click(button)
    assert presses == ["sent"]


def test_letting_go_beside_it_does_not(button, hand, presses):
    hand.drag(button, (10, 10), (10, 200))
    assert presses == []


@pytest.mark.parametrize("key", ["Return", "space", "KP_Enter"])
def test_it_is_reached_by_tab_and_pressed_by_keys(button, hand, presses, key):
    hand.press("Tab")
    hand.press(key)
    assert presses == ["sent"]


def test_a_ring_is_seen_around_it_while_it_has_the_keyboard(root, look, screen, hand):
    button = Button(root, look, "Send", lambda: None, kind="plain")
    button.pack()
    root.focus_force()
    hand.work()
    assert palette.PRIMARY not in colours(screen, button)
    hand.press("Tab")
    assert palette.PRIMARY in colours(screen, button)


def test_a_click_does_not_leave_the_ring(root, button, hand):
    hand.click(button)
    assert not button.has_focus


def test_it_looks_different_under_the_mouse(button, screen, hand):
    hand.move(button)
    assert palette.PRIMARY_HOVER in colours(screen, button)
    hand.move(button, 10, 300)
    assert palette.PRIMARY in colours(screen, button)


def test_a_disabled_one_cannot_be_pressed_and_is_passed_over_by_tab(root, look, button, hand, presses):
    other = Button(root, look, "Other", lambda: presses.append("other"), kind="plain")
    other.pack()
    button.set_enabled(False)
    hand.click(button)
    hand.move(root, 400, 400)
    hand.press("Tab")
    hand.press("Return")
    assert presses == ["other"]


def test_it_grows_with_what_it_says(button, hand):
    before = button.winfo_reqwidth()
    button.set_text("Send all of it at once")
    hand.work()
    assert button.winfo_reqwidth() > before


def test_a_link_is_a_text_to_click(root, look, hand, presses):
    link = Button(root, look, "Create an account", lambda: presses.append("link"), kind="link")
    link.pack()
    hand.click(link)
    assert presses == ["link"]


def test_an_icon_is_pressed_by_mouse_and_keys(root, look, hand, presses):
    icon = IconButton(root, look, "gear", lambda: presses.append("icon"))
    icon.pack()
    root.focus_force()
    hand.click(icon)
    hand.press("Tab")
    hand.press("space")
    assert presses == ["icon", "icon"]


def test_what_an_icon_does_is_told_while_the_mouse_rests_on_it(root, look, hand, monkeypatch):
    monkeypatch.setattr("tkclient.ui.controls.tooltip._DELAY_MS", 1)
    icon = IconButton(root, look, "gear", lambda: None, tooltip="Settings")
    icon.pack()
    hand.move(icon)
    hand.until(lambda: icon.tooltip.is_shown)
    hand.move(root, 400, 400)
    assert not icon.tooltip.is_shown
