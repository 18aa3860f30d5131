import tkinter

import pytest

from tkclient.ui.controls.button import Button
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.popup import Popup


@pytest.fixture
def closed():
    return []


@pytest.fixture
def popup(root, look, hand, closed):
    popup = Popup(root, look, on_close=lambda: closed.append(1))
    tkinter.Frame(popup.body, width=200, height=100).pack()
    popup.place_at(100, 100)
    hand.work()
    return popup


def test_it_closes_on_escape_once(popup, hand, closed):
    hand.press("Escape")
    popup.close()
    assert closed == [1]


def test_a_click_in_it_leaves_it_open(popup, hand):
    hand.click(popup)
    assert popup.is_open


def test_a_click_beside_it_closes_it_and_is_no_click_lost(root, look, popup, hand):
    pressed = []
    button = Button(root, look, "Send", lambda: pressed.append(1))
    button.place(x=500, y=400)
    hand.click(button)
    assert not popup.is_open
    assert pressed == [1]


def test_a_click_on_what_opened_it_is_left_to_that(root, look, hand):
    popups = []

    def toggle():
        if popups and popups[-1].is_open:
            popups[-1].close()
            return
        popup = Popup(root, look, anchor=button)
        tkinter.Frame(popup.body, width=50, height=50).pack()
        popup.place_at(300, 300)
        popups.append(popup)

    button = Button(root, look, "Emoji", toggle)
    button.pack()
    hand.click(button)
    assert popups[-1].is_open
    hand.click(button)
    assert len(popups) == 1
    assert not popups[-1].is_open


def test_it_closes_when_the_keyboard_goes_elsewhere(root, popup, hand):
    root.focus_force()
    hand.until(lambda: not popup.is_open)


def test_the_keyboard_goes_back_to_where_it_was(root, look, hand):
    field = Field(root, look)
    field.pack()
    hand.click(field)
    popup = Popup(root, look)
    popup.place_at(300, 300)
    hand.work()
    hand.press("Escape")
    hand.type("on")
    assert field.value == "on"


def test_one_without_the_keyboard_leaves_it_to_the_field(root, look, hand):
    field = Field(root, look)
    field.pack()
    hand.click(field)
    popup = Popup(root, look, takes_focus=False)
    tkinter.Frame(popup.body, width=50, height=50).pack()
    popup.place_at(300, 300)
    hand.work()
    hand.type("on")
    assert field.value == "on"
    assert popup.is_open


def test_it_goes_above_where_there_is_no_room_below(root, look, hand):
    popup = Popup(root, look)
    tkinter.Frame(popup.body, width=50, height=400).pack()
    popup.place_at(0, root.winfo_screenheight() - 100, above=root.winfo_screenheight() - 130)
    hand.work()
    assert popup.winfo_rooty() + popup.winfo_height() == root.winfo_screenheight() - 130
