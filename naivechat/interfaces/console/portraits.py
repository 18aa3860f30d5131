"""The small square beside a name: a letter on a ground, as the desktop client draws people without a picture."""

import zlib
from typing import Final

GROUNDS: Final = 8
"""Of the classes `ground-0` … in console.css."""


def ground_of(seed: str) -> int:
    """Which ground an id has."""
    return zlib.crc32(seed.encode("utf-8", "replace")) % GROUNDS


def sign_of(name: str) -> str:
    """The first letter or digit of a name; of one without any, its first visible character."""
    letters = [character for character in name if character.isalnum()]
    visible = [character for character in name if character.isprintable() and not character.isspace()]
    first = (letters or visible or [""])[0]
    return first.upper() if len(first.upper()) == 1 else first
