"""A line cut to a width."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tkclient.text.test_wrapping import EMOJI_WIDTH, TEXTS, measure
from tkclient.ui.text.shortening import ELLIPSIS, shortened
from tkclient.ui.text.wrapping import UNBOUNDED, wrap


def cut(text: str, width: int | None) -> str:
    return shortened(text, width, measure, EMOJI_WIDTH)


@given(TEXTS, st.integers(14, 500))
def test_what_is_left_fits_on_one_line(text: str, width: int) -> None:
    (line,) = wrap(cut(text, width), UNBOUNDED, measure, EMOJI_WIDTH)
    assert line.width <= width


@given(TEXTS)
def test_a_line_of_any_width_keeps_everything_but_its_breaks(text: str) -> None:
    assert cut(text, None).split() == text.split()


def test_what_fits_is_left_alone_and_what_does_not_ends_in_an_ellipsis() -> None:
    assert cut("abc", 21) == "abc"
    assert cut("abcdef", 35) == "abcd" + ELLIPSIS
    assert cut("a😀b", 30) == "a" + ELLIPSIS
    assert cut("a \nb", 100) == "a  b"
