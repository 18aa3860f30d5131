"""Between places in a text and places on its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tkclient.text.test_wrapping import EMOJI_WIDTH, TEXTS, WIDTHS, measure
from tkclient.ui.text.carets import piece_at, place_at, spans, word_at
from tkclient.ui.text.wrapping import UNBOUNDED, Line, wrap


def line_of(text: str) -> Line:
    return wrap(text, UNBOUNDED, measure, EMOJI_WIDTH)[0]


@given(TEXTS, WIDTHS, st.integers(-50, 600))
def test_every_point_is_near_a_place_of_its_line(text: str, width: int, x: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        assert line.start <= place_at(text, line, x, measure) <= line.end


@given(TEXTS, WIDTHS)
def test_all_of_a_line_is_seen_from_edge_to_edge(text: str, width: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        found = sorted(spans(text, line, 0, len(text), measure))
        assert sum(right - left for left, right in found) == line.width
        assert all(0 <= left <= right <= line.width for left, right in found)


@given(TEXTS, WIDTHS, st.data())
def test_a_part_and_the_rest_are_seen_side_by_side(text: str, width: int, data: st.DataObject) -> None:
    line = wrap(text, width, measure, EMOJI_WIDTH)[0]
    x = data.draw(st.integers(0, max(1, line.width)))
    place = place_at(text, line, x, measure)
    parts = (*spans(text, line, 0, place, measure), *spans(text, line, place, len(text), measure))
    assert sum(right - left for left, right in parts) == line.width


def test_an_emoji_is_before_or_behind_but_never_parted() -> None:
    text = "a👍🏽b"
    line = line_of(text)
    assert [place_at(text, line, x, measure) for x in (0, 7, 17, 19, 29, 99)] == [0, 1, 1, 3, 3, 4]


def test_in_hebrew_places_run_to_the_left() -> None:
    text = "שלום"
    line = line_of(text)
    assert [place_at(text, line, x, measure) for x in (-5, 0, 7, 14, 21, 28, 40)] == [4, 4, 3, 2, 1, 0, 0]
    assert list(spans(text, line, 0, 1, measure)) == [(21, 28)]


def test_a_line_without_letters_has_one_place() -> None:
    assert place_at("", line_of(""), 50, measure) == 0
    assert piece_at(line_of(""), 0) is None


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("one two", 0, "one"),
        ("one two", 5, "two"),
        ("don’t go", 3, "don’t"),
        ("你好，世界 x", 1, "你好"),
        ("你好，世界 x", 2, "，"),
        ("看 https://a.b/c?d 吧", 5, "https://a.b/c?d"),
        ("a👍🏽b", 2, "👍🏽"),
        ("中文abc", 3, "abc"),
        ("a  b", 1, "  "),
        ("abc", 3, ""),
        ("", 0, ""),
    ],
)
def test_the_word_at_a_place(text: str, place: int, word: str) -> None:
    start, end = word_at(text, place)
    assert text[start:end] == word
