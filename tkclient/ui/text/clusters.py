"""What of a text is never torn apart: a letter and the marks on it."""

import unicodedata
from collections.abc import Iterator
from typing import Final

_FIRST_MARK: Final = "\u0300"
_JOINER: Final = "\u200d"
_VOWELS_AND_FINALS: Final = range(0x1160, 0x1200)
"""The parts of a Hangul syllable written in letters that follow its first."""


def is_mark(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    if character < _FIRST_MARK:
        return False
    return unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf") or ord(character) in _VOWELS_AND_FINALS


def end_of_marks(text: str, end: int) -> int:
    """`end`, moved behind the marks that stand there and belong to what is before."""
    start = end
    while 0 < end < len(text) and (is_mark(text[end]) or _is_joined(text, start, end)):
        end += 1
    return end


def _is_joined(text: str, start: int, end: int) -> bool:
    """Whether a joiner ties what begins at `end` to a letter that ends at `start`; white space is tied to nothing."""
    return text[end - 1] == _JOINER and not text[start - 1].isspace() and not text[end].isspace()


def cluster_ends(text: str) -> Iterator[int]:
    """Where each letter with its marks ends; the last one is the length of the text."""
    end = 0
    while end < len(text):
        end = end_of_marks(text, end + 1)
        yield end
