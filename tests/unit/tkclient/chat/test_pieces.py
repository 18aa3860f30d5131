import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.chat.pieces import Piece, fitting, fold, may_join, picture_name, pieces, text_of, tidy

FAMILY, FLAG, KEYCAP, HEART, TONE = "👩‍👩‍👧‍👦", "🇨🇳", "1️⃣", "❤️", "👍🏽"
find = Catalogue.load().find
texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab 中\n" + FAMILY + FLAG + KEYCAP + HEART + TONE + "😀𠮷")), max_size=40
)  # fmt: skip


@given(texts)
def test_the_pieces_together_are_the_text(text):
    assert "".join(piece.text for piece in pieces(text, find)) == text


@given(texts)
def test_nothing_beyond_the_bmp_and_no_control_character_is_left_to_tk(text):
    for piece in pieces(tidy(text), find):
        assert piece.is_picture or all(c <= "\uffff" and (c >= " " or c in "\n\t") for c in piece.text)


@pytest.mark.parametrize("emoji", ["😀", FAMILY, FLAG, KEYCAP, HEART, TONE])
def test_a_sequence_is_one_picture(emoji):
    assert tuple(pieces(f"a{emoji}b", find)) == (Piece("a"), Piece(emoji, True), Piece("b"))


def test_digits_and_signs_stay_text():
    assert tuple(pieces("1 + 1 = 2 © 中文。", find)) == (Piece("1 + 1 = 2 © 中文。"),)


def test_a_rare_character_is_a_picture_of_its_own():
    assert tuple(pieces("𠮷野家", find)) == (Piece("𠮷", True), Piece("野家"))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from(["", "#1", "#27"]))
def test_the_name_of_a_picture_tells_what_it_stands_for(text, suffix):
    assert text_of(picture_name(text) + suffix) == text


def test_other_names_stand_for_nothing():
    assert text_of("pyimage1") == text_of("") == ""


@pytest.mark.parametrize(
    ("before", "after"), [("👍", "🏽"), ("👩‍", "💻"), ("👩", "\u200d💻"), ("🇨", "🇳"), ("❤", "\ufe0f")]
)
def test_parts_of_a_sequence_may_join(before, after):
    assert may_join(before, after)


@pytest.mark.parametrize(("before", "after"), [("", "🏽"), ("a", "b"), ("😀", "😀"), ("😀", "")])
def test_what_is_whole_does_not_join(before, after):
    assert not may_join(before, after)


def test_line_ends_are_all_the_same_and_half_characters_are_replaced():
    assert tidy("a\r\nb\rc\n\ud83d") == "a\nb\nc\n\ufffd"


@given(texts, st.integers(0, 50))
def test_what_fits_is_a_beginning_and_cuts_no_picture(text, most):
    fits = fitting(text, most, find)
    assert text.startswith(fits) and len(fits) <= most
    whole = [piece for piece in pieces(text, find) if piece.is_picture]
    assert [piece for piece in pieces(fits, find) if piece.is_picture] == whole[
        : sum(p.is_picture for p in pieces(fits, find))
    ]


@given(texts, st.integers(0, 50), st.integers(0, 5))
def test_a_long_text_is_shown_in_part_and_none_of_it_is_lost(text, most, most_pictures):
    shown, rest = fold(text, most, most_pictures, find)
    assert "".join(piece.text for piece in shown) + rest == text
    assert sum(len(piece.text) for piece in shown) <= most
    assert sum(piece.is_picture for piece in shown) <= most_pictures
