import tkinter

import pytest

from tkclient.ui.controls.scroller import Scroller


@pytest.fixture
def moves():
    return []


@pytest.fixture
def scroller(root, look, hand, moves):
    canvas = tkinter.Canvas(root, width=200, height=300, highlightthickness=0)
    canvas.pack()
    scroller = Scroller(canvas, look, moves.append)
    hand.work()
    return scroller


def test_nothing_is_seen_while_all_fits(scroller, hand):
    scroller.set(0, 1)
    hand.work()
    assert not scroller.winfo_viewable()


def test_its_thumb_is_where_and_as_long_as_the_part_that_is_seen(scroller, hand):
    scroller.set(0.25, 0.75)
    hand.work()
    assert (scroller.winfo_y(), scroller.winfo_height()) == (75, 150)


def test_a_thumb_never_gets_too_small_to_be_held(scroller, hand):
    scroller.set(0.9999, 1)
    hand.work()
    assert scroller.winfo_height() == 28
    assert scroller.winfo_y() == 300 - 28


def test_dragging_asks_for_another_part(scroller, hand, moves):
    scroller.set(0, 0.5)
    hand.drag(scroller, (3, 10), (3, 85))
    assert moves[-1] == pytest.approx(0.25, abs=0.01)


def test_dragging_stops_at_the_end(scroller, hand, moves):
    scroller.set(0, 0.5)
    hand.drag(scroller, (3, 10), (3, 800))
    assert moves[-1] == pytest.approx(0.5)


def test_the_wheel_turns_what_lies_under_it(root, scroller, hand):
    turned = []
    scroller.master.bind("<Button-5>", lambda _: turned.append("down"))
    scroller.set(0, 0.5)
    hand.turn_wheel(scroller, -1)
    assert turned == ["down"]


def test_a_smaller_window_has_a_smaller_thumb(root, scroller, hand):
    scroller.set(0, 0.5)
    scroller.master.configure(height=100)
    hand.work()
    assert scroller.winfo_height() == 50
