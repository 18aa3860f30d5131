"""What Tk is given of a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.text.plain import UNKNOWN, bmp, shown

ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters()))
def test_nothing_beyond_the_bmp_and_nothing_that_acts_is_drawn(text: str) -> None:
    for drawn in (shown(text), bmp(text)):
        assert all(character <= "\uffff" for character in drawn)
        assert not {unicodedata.category(character) for character in drawn} & ACTING


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\tb\r\nc", "a b  c"),
        ("x\u202ey", "xy"),
        ("\x00\x1b[31m", f"{UNKNOWN}{UNKNOWN}[31m"),
        ("e\u0301", "é"),
        ("\U00020bb7野家", f"{UNKNOWN}野家"),
        ("\U0001d4d7\U0001d4f2", "Hi"),
        ("\U0002f800", "丽"),
        ("a\u00a0b", "a b"),
        ("\ud800", UNKNOWN),
    ],
)
def test_what_is_drawn(text: str, drawn: str) -> None:
    assert shown(text) == drawn


def test_a_title_has_no_emoji_and_is_one_line() -> None:
    assert bmp("Fox 🦊\nand 👍🏽 1️⃣ friends") == "Fox and 1 friends"
