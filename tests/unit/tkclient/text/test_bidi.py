"""The order in which a line is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.text import bidi
from tkclient.ui.text.arabic import join_letters

# By the custom of the annex: capitals stand for Hebrew.
HEBREW = {chr(ord("A") + n): chr(0x5D0 + n) for n in range(26)}
LATIN = {hebrew: capital for capital, hebrew in HEBREW.items()}


def seen(text: str) -> str:
    """A line as it is seen, with capitals for Hebrew letters."""
    logical = "".join(HEBREW.get(character, character) for character in text)
    levels = bidi.levels(logical)
    return "".join(
        bidi.reversed_text(logical[place]) if levels[place] % 2 else logical[place]
        for place in bidi.visual_order(levels)
    ).translate(str.maketrans(LATIN))


@pytest.mark.parametrize(
    ("text", "as_seen"),
    [
        ("abc def", "abc def"),
        ("ABC DEF", "FED CBA"),
        ("car is THE CAR in arabic", "car is RAC EHT in arabic"),
        ("CAR abc IS", "SI abc RAC"),
        ("ABC 123 DEF", "FED 123 CBA"),
        ("ABC 1,234.5% DEF", "FED 1,234.5% CBA"),
        ("abc (DEF) ghi", "abc (FED) ghi"),
        ("ABC (DEF) GHI", "IHG (FED) CBA"),
        ("ABC (abc) 12", "12 (abc) CBA"),
        ("ABC [abc (DEF)]", "[(FED) abc] CBA"),
        ("abc (DEF", "abc (FED"),
        ("a ABC!", "a CBA!"),
        ("ABC!", "!CBA"),
        ("1 2 3", "1 2 3"),
        ("", ""),
    ],
)
def test_words_from_right_to_left_turn_and_numbers_do_not(text: str, as_seen: str) -> None:
    assert seen(text) == as_seen


@given(st.text(st.sampled_from("abAB12 .,()+-%\u0301\u0627\u0661😀"), max_size=30))
def test_every_character_is_seen_once(text: str) -> None:
    order = bidi.visual_order(bidi.levels(text))
    assert sorted(order) == list(range(len(text)))


def test_digits_after_arabic_letters_are_arabic_numbers() -> None:
    assert bidi.levels("\u0627 1+2") == [1, 1, 2, 1, 2]


def test_marks_stay_on_their_letters_when_a_run_turns() -> None:
    assert bidi.reversed_text("\u05d0\u05b0\u05d1") == "\u05d1\u05d0\u05b0"


def test_a_text_without_such_letters_needs_no_order() -> None:
    assert bidi.levels_of_lines("abc\n中") is None
    assert bidi.levels_of_lines("abc\n\u05d0") == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("word", "joined"),
    [
        ("\u0628", "\ufe8f"),
        ("\u0628\u0628\u0628", "\ufe91\ufe92\ufe90"),
        ("\u0627\u0628", "\ufe8d\ufe8f"),
        ("\u0633\u0644\u0627\u0645", "\ufeb3\ufefc\ufee1"),
        ("\u0628\u064e\u0628", "\ufe91\u064e\ufe90"),
        ("\u0628 \u0628", "\ufe8f \ufe8f"),
        ("\u0640\u0628", "\u0640\ufe90"),
        ("abc", "abc"),
    ],
)
def test_arabic_letters_take_the_form_of_their_place(word: str, joined: str) -> None:
    assert join_letters(word) == joined
