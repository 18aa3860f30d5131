"""Text made fit for Tk: nothing that acts on what stands beside it, nothing beyond the BMP."""

import unicodedata
from typing import Final

UNKNOWN: Final = "\ufffd"
"""Stands for a character that Tk is not given."""
_LAST_OF_BMP: Final = 0xFFFF
_KEYCAP: Final = 0x20E3
_EMOJI_PLANES: Final = range(0x1F000, 0x20000)
_TAGS: Final = range(0xE0000, 0xE0200)


class _Shown(dict[int, str]):
    """For str.translate: what is drawn for a character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _shown_for(code)
        return shown


class _Titles(_Shown):
    def __missing__(self, code: int) -> str:
        self[code] = shown = (
            "" if code in _EMOJI_PLANES or code in _TAGS or code == _KEYCAP else _shown_for(code)
        )
        return shown


def shown(text: str) -> str:
    """What is drawn for a part of a line: spaces for line breaks and tabs, nothing for marks without a glyph."""
    return unicodedata.normalize("NFC", text.translate(_SHOWN))


def bmp(text: str) -> str:
    """One line for what can have no pictures, as a window's title: without emoji."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_TITLES)).split())


def _shown_for(code: int) -> str:
    character = chr(code)
    if code > _LAST_OF_BMP:
        return "" if code in _TAGS else _likeness(character)
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f":
        return " "
    # Cf are joiners and the marks that turn the direction of writing.
    if category == "Cf" or 0xFE00 <= code <= 0xFE0F:
        return ""
    return UNKNOWN if category in ("Cc", "Cs") else character


def _likeness(character: str) -> str:
    """The plain letter for one in a fancy style, as people like in their names, if Unicode knows it."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isprintable() and max(plain) <= chr(_LAST_OF_BMP) else UNKNOWN


_SHOWN: Final = _Shown()
_TITLES: Final = _Titles()
