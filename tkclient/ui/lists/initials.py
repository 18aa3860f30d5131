"""Under which letter a name stands, and its place there.

GB 2312 lists the 3,755 commonest Chinese characters in the order of their pinyin, so that its codes are a sort key, and where
each letter begins is all that is needed to know the first letter of a character.
"""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final

OTHERS: Final = "#"
"""The head over names that begin with neither a Latin letter nor a common Chinese character; it comes last."""

_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTWXYZ"
_BEGINNINGS: Final = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END: Final = 0xD7FA
_LAST: Final = "~"
"""Is after all letters."""
_AFTER_ALL: Final = 0xF0000
"""Codes from here on are in private use: no name has them."""
_MOST_CACHED: Final = 8192


@lru_cache(_MOST_CACHED)
def initial_of(name: str) -> str:
    """A to Z, or OTHERS."""
    first = name.strip()[:1]
    code = _gb_code(first)
    if code:
        return _LETTERS[bisect_right(_BEGINNINGS, code) - 1]
    letter = unicodedata.normalize("NFKD", first).upper()[:1]
    return letter if letter.isascii() and letter.isalpha() else OTHERS


@lru_cache(_MOST_CACHED)
def sort_key(name: str) -> str:
    """Orders names by `initial_of`, and under a letter Latin ones before Chinese ones, as dictionaries order them."""
    initial = initial_of(name)
    return (_LAST if initial == OTHERS else initial) + "".join(map(_weight, _plain(name)))


def _plain(name: str) -> str:
    """Without case and accents."""
    parts = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _weight(character: str) -> str:
    code = _gb_code(character)
    return chr(_AFTER_ALL + code) if code else character


def _gb_code(character: str) -> int:
    """Its code among the common Chinese characters, 0 if it is none of them."""
    if not "一" <= character <= "\u9fff":
        return 0
    code = int.from_bytes(character.encode("gb2312", "ignore"), "big")
    return code if _BEGINNINGS[0] <= code < _END else 0
