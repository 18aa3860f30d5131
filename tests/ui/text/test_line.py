"""One line of what people write, on a canvas."""

import tkinter

import pytest

from tests.ui.hand import Hand
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import Anchor, draw_line, line_width


@pytest.fixture
def canvas(root: tkinter.Tk, hand: Hand) -> tkinter.Canvas:
    canvas = tkinter.Canvas(root, width=800, height=600, highlightthickness=0, bd=0)
    canvas.pack()
    hand.work()
    return canvas


@pytest.fixture
def look(root: tkinter.Tk) -> Look:
    return Look.make(root, "en", factor=1.0)


def texts(canvas: tkinter.Canvas) -> list[str]:
    return [canvas.itemcget(item, "text") for item in canvas.find_all() if canvas.type(item) == "text"]


def images(canvas: tkinter.Canvas) -> int:
    return sum(canvas.type(item) == "image" for item in canvas.find_all())


def test_emoji_are_pictures_and_line_breaks_spaces(canvas: tkinter.Canvas, look: Look) -> None:
    draw_line(canvas, look, 10, 10, "one\ntwo 🎉👍🏽 three", 14, "#000000")
    assert texts(canvas) == ["one two ", " three"]
    assert images(canvas) == 2


def test_its_width_is_told_and_drawn(canvas: tkinter.Canvas, look: Look) -> None:
    width = draw_line(canvas, look, 10, 10, "some words 🎉 and more", 14, "#000000", tags="line")
    assert line_width(look, "some words 🎉 and more", 14) == width
    left, _, right, _ = canvas.bbox("line")
    assert abs(left - 10) <= 2 and abs(right - (10 + width)) <= 3


def test_what_does_not_fit_ends_in_an_ellipsis(canvas: tkinter.Canvas, look: Look) -> None:
    width = draw_line(canvas, look, 10, 10, "a line that is much too long", 14, "#000000", width=100)
    assert width <= 100
    assert texts(canvas)[0].endswith("…")


@pytest.mark.parametrize(
    ("anchor", "side"), [("nw", "left"), ("w", "left"), ("ne", "right"), ("e", "right"), ("center", "middle"), ("n", "middle")]
)  # fmt: skip
def test_a_line_stands_where_its_anchor_is(
    canvas: tkinter.Canvas, look: Look, anchor: Anchor, side: str
) -> None:
    draw_line(canvas, look, 400, 300, "words", 14, "#000000", anchor=anchor, tags=("line",))
    left, top, right, bottom = canvas.bbox("line")
    at = {"left": left, "right": right, "middle": (left + right) / 2}[side]
    assert abs(at - 400) <= 2
    assert abs((top if anchor.startswith("n") else (top + bottom) / 2) - 300) <= 2


def test_hebrew_is_seen_from_right_to_left(canvas: tkinter.Canvas, look: Look) -> None:
    draw_line(canvas, look, 10, 10, "abc שלום", 14, "#000000")
    assert texts(canvas) == ["abc ", "םולש"]


def test_tk_is_given_nothing_beyond_the_bmp(canvas: tkinter.Canvas, look: Look) -> None:
    draw_line(canvas, look, 10, 10, "\U00020bb7野家 \U0001d49c\u202e\x07", 14, "#000000")
    assert all(character <= "\uffff" for text in texts(canvas) for character in text)


def test_a_link_in_a_line_is_drawn_as_its_words(canvas: tkinter.Canvas, look: Look) -> None:
    draw_line(canvas, look, 10, 10, "https://example.org", 14, "#123456")
    (item,) = canvas.find_all()
    assert canvas.itemcget(item, "fill") == "#123456"
