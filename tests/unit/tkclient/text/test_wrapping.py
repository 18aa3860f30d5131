"""Text in lines: nothing is lost, nothing is too wide, lines break where a reader expects it."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tkclient.ui.text.breaks import glyphs
from tkclient.ui.text.clusters import cluster_ends, is_mark
from tkclient.ui.text.segments import SegmentKind, segments
from tkclient.ui.text.wrapping import UNBOUNDED, Line, wrap

EMOJI_WIDTH = 22


def measure(text: str) -> int:
    """As the fonts do it: each character for itself, CJK twice as wide as Latin, marks without width."""
    return sum(0 if is_mark(c) else 14 if unicodedata.east_asian_width(c) in "WF" else 7 for c in text)


def lines_of(text: str, width: int) -> list[str]:
    return [text[line.start : line.end] for line in wrap(text, width, measure, EMOJI_WIDTH)]


def lone_clusters(text: str) -> list[str]:
    """What cannot be divided."""
    clusters = []
    for part in segments(text):
        ends = [len(part.text)] if part.kind is SegmentKind.EMOJI else list(cluster_ends(part.text))
        clusters += [part.text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return clusters


def is_indivisible(line: Line, text: str) -> bool:
    return len(lone_clusters(text[line.start : line.end].strip())) <= 1


TEXTS = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from("ab c中，。（）“”!?\n\t \u200d\u0301\u202e\u00a0שלםعربلا12-(😀👍❤\ufe0f"),
        st.sampled_from(
            [
                "https://example.org/a-(b)?c=d ",
                "👩‍👩‍👧‍👦",
                "🇨🇳",
                "1️⃣",
                "一二三四五",
                "e\u0301",
                "\r\n",
                "word ",
            ]
        ),
    ),
    max_size=60,
).map("".join)
WIDTHS = st.integers(1, 500)


@given(TEXTS, WIDTHS)
@example("\r\n\u0301", 1)
@example("a\u200d\n", 7)
def test_lines_together_are_the_text(text: str, width: int) -> None:
    assert "".join(lines_of(text, width)) == text


@given(TEXTS, WIDTHS)
def test_no_line_is_too_wide_unless_it_is_one_indivisible_thing(text: str, width: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        assert line.width <= width or is_indivisible(line, text)


@given(TEXTS, WIDTHS)
@example("a \u200d0", 1)
@example("a \u200d\u200d0", 1)
def test_pieces_stand_side_by_side_and_hold_all_that_can_be_seen(text: str, width: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        x = 0
        for piece in line.pieces:
            assert piece.x == x
            x += piece.width
        assert x == line.width
        places = sorted(place for piece in line.pieces for place in range(piece.start, piece.end))
        assert places == list(range(line.start, line.start + len(places)))
        unseen = text[line.start + len(places) : line.end]
        assert all(character.isspace() or is_mark(character) for character in unseen)


@given(TEXTS, WIDTHS)
def test_pieces_are_as_wide_as_what_is_drawn(text: str, width: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        for piece in line.pieces:
            if piece.kind is SegmentKind.EMOJI:
                assert piece.width == EMOJI_WIDTH
            else:
                assert piece.text == glyphs(text[piece.start : piece.end])
                assert piece.width == measure(piece.text)


@given(TEXTS, WIDTHS)
def test_tk_is_given_no_character_beyond_the_bmp_and_none_that_acts(text: str, width: int) -> None:
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        for piece in line.pieces:
            if piece.kind is not SegmentKind.EMOJI:
                assert all(character <= "\uffff" for character in piece.text)
                assert not {unicodedata.category(c) for c in piece.text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(TEXTS, WIDTHS)
def test_letters_keep_their_marks_and_emoji_their_parts(text: str, width: int) -> None:
    ends, place = {0}, 0
    for cluster in lone_clusters(text):
        place += len(cluster)
        ends.add(place)
    for line in wrap(text, width, measure, EMOJI_WIDTH):
        assert line.start in ends or text[line.start - 1].splitlines() == [""]


@given(st.text("ab中国 ，。！？）”", max_size=40), st.integers(120, 500))
def test_closing_punctuation_begins_no_line(text: str, width: int) -> None:
    for line in lines_of(text.strip("，。！？）” "), width)[1:]:
        assert line[0] not in "，。！？）”" or len(line.strip()) * 14 > width - 60


@given(TEXTS)
@example("\u200d\r")
@example("a\u200d\u2028")
def test_without_bound_only_line_breaks_break(text: str) -> None:
    assert len(lines_of(text, UNBOUNDED)) == 1 + len(re.findall(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 100, [""]),
        ("one two three", 60, ["one two ", "three"]),
        ("一二三四五", 42, ["一二三", "四五"]),
        ("一二三，四五", 42, ["一二", "三，四", "五"]),
        ("一二（三）", 42, ["一二", "（三）"]),
        ("他说：“好”。", 56, ["他说：", "“好”。"]),
        ("abcdefghij", 35, ["abcde", "fghij"]),
        ("x abcdefghij", 35, ["x ", "abcde", "fghij"]),
        ("a https://a.b/cdefghij", 105, ["a https://a.b/c", "defghij"]),
        ("a\n\nb\n", 100, ["a\n", "\n", "b\n", ""]),
        ("a\r\nb", 100, ["a\r\n", "b"]),
        ("a    b", 14, ["a    ", "b"]),
        ("10\u00a0km", 21, ["10\u00a0", "km"]),
        ("to 10\u00a0km", 42, ["to ", "10\u00a0km"]),
        ("好😀好😀", 36, ["好😀", "好😀"]),
        ("don’t", 35, ["don’t"]),
        ("한국어 말", 42, ["한국어 ", "말"]),
        ("ไก่ก็", 7, ["ไ", "ก่", "ก็"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert lines_of(text, width) == lines


def test_a_link_is_a_piece_that_leads_somewhere() -> None:
    (line,) = wrap("see www.example.org.", 500, measure, EMOJI_WIDTH)
    assert [(piece.text, piece.target) for piece in line.pieces] == [
        ("see ", ""),
        ("www.example.org", "https://www.example.org"),
        (".", ""),
    ]


def test_a_hebrew_line_begins_at_the_right_and_numbers_in_it_do_not_turn() -> None:
    (line,) = wrap("שלום 12 abc", 500, measure, EMOJI_WIDTH)
    assert line.is_rtl
    assert [(piece.text, piece.is_rtl) for piece in line.pieces] == [
        ("abc", False),
        (" ", True),
        ("12", False),
        ("שלום ", True),
    ]


def test_hebrew_in_a_latin_line_turns_by_itself() -> None:
    (line,) = wrap("say שלום עולם to all", 500, measure, EMOJI_WIDTH)
    assert not line.is_rtl
    assert [piece.text for piece in line.pieces] == ["say ", "שלום עולם", " to all"]


def test_a_very_long_word_takes_time_in_proportion_to_its_length() -> None:
    asked = 0

    def count(text: str) -> int:
        nonlocal asked
        asked += len(text)
        return measure(text)

    wrap("x" * 20_000, 420, count, EMOJI_WIDTH)
    assert asked < 40 * 20_000
