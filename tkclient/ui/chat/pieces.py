"""Typed text as Tk can hold it: runs of characters, and pictures for what Tk must not draw.

Tk draws no character beyond the Basic Multilingual Plane reliably, and no emoji sequence as one; both become pictures.
A picture carries what it stands for in its name, so that the text can be told from the widget alone.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

import attrs

Find = Callable[[str, int], int]
"""How many characters of a text from a place on are one emoji; 0 if none begins there."""

MOST_JOINED: Final = 16
"""No emoji has more characters."""

_VARIATION, _KEYCAP, _JOINER = "\ufe0f", "\u20e3", "\u200d"
_REGIONAL = "\U0001f1e6-\U0001f1ff"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f"
_SPECIAL: Final = re.compile(
    f"[#*0-9]{_VARIATION}?{_KEYCAP}|[©®\u203c-\u2bff\u3030\u303d\u3297\u3299\U00010000-\U0010ffff{_CONTROL}]"
)
_JOINS: Final = re.compile(
    f"[{_VARIATION}{_KEYCAP}{_JOINER}{_REGIONAL}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NAME: Final = re.compile("u[0-9a-f]+(-[0-9a-f]+)*")


@attrs.frozen
class Piece:
    """A run of plain characters, or (`is_picture`) what one picture stands for."""

    text: str
    is_picture: bool = False


def tidy(text: str) -> str:
    """Text from anywhere with line ends as "\\n"; halves of characters, which no text may hold, are replaced."""
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def pieces(text: str, find: Find) -> Iterator[Piece]:
    """What `text` is made of, in order; together the pieces are the text."""
    plain = position = 0
    while special := _SPECIAL.search(text, position):
        start = special.start()
        length = find(text, start) or _is_unsafe(text[start])
        position = start + (length or 1)
        if length:
            if plain < start:
                yield Piece(text[plain:start])
            yield Piece(text[start:position], True)
            plain = position
    if plain < len(text):
        yield Piece(text[plain:])


def may_join(before: str, after: str) -> bool:
    """Whether the end of one text and the beginning of the next may be one emoji."""
    return bool(before and after) and (before[-1] == _JOINER or _JOINS.match(after) is not None)


def picture_name(text: str) -> str:
    """The name of the picture that stands for `text`."""
    return "u" + "-".join(f"{ord(character):x}" for character in text)


def text_of(name: str) -> str:
    """What a picture stands for. Tk adds "#" and a number to names that it has already; other names stand for nothing."""
    match = _NAME.match(name)
    return "".join(chr(int(code, 16)) for code in match.group()[1:].split("-")) if match else ""


def _is_unsafe(character: str) -> bool:
    return character > "\uffff" or character < " " or character == "\x7f"


def fitting(text: str, most: int, find: Find) -> str:
    """As many whole pieces of `text` as have `most` characters at the most; plain runs are cut anywhere."""
    if len(text) <= most:
        return text
    taken = 0
    for piece in pieces(text[: most + MOST_JOINED], find):
        if taken + len(piece.text) > most:
            return text[: taken if piece.is_picture else most]
        taken += len(piece.text)
    return text[:taken]


def fold(text: str, most: int, most_pictures: int, find: Find) -> tuple[tuple[Piece, ...], str]:
    """What of `text` is shown as pieces, up to `most` characters and `most_pictures` pictures, and what is left."""
    shown: list[Piece] = []
    taken = 0
    for piece in pieces(fitting(text, most, find), find):
        most_pictures -= piece.is_picture
        if most_pictures < 0:
            break
        shown.append(piece)
        taken += len(piece.text)
    return tuple(shown), text[taken:]
