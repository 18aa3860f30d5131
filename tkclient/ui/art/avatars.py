"""What a portrait shows: a built-in picture, or the first letter of a name on a colour of one's own."""

import zlib
from collections.abc import Mapping
from typing import Final

import attrs

from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.look import palette


@attrs.frozen
class AvatarSpec:
    """Whose portrait.

    picture: one of `PICTURES`; "" or a name that is not among them draws it from the name.
    seed: what chooses the ground then: the id, which never changes.
    """

    picture: str
    seed: str
    name: str


@attrs.frozen
class Portrait:
    """sign: a character, or an emoji if `is_emoji`; "" is nothing. ground: a colour, which gets lighter to the top."""

    sign: str
    ground: str
    is_emoji: bool = False


_RED, _ORANGE, _GREEN, _BLUE, _VIOLET, _PINK, _TEAL, _GOLD = palette.AVATARS

PICTURES: Final[Mapping[str, Portrait]] = {
    name: Portrait(sign, ground, is_emoji=True)
    for name, sign, ground in (
        ("fox", "🦊", _TEAL),
        ("panda", "🐼", _RED),
        ("cat", "🐱", _VIOLET),
        ("dog", "🐶", _BLUE),
        ("rabbit", "🐰", _GREEN),
        ("bear", "🐻", _TEAL),
        ("koala", "🐨", _PINK),
        ("tiger", "🐯", _BLUE),
        ("lion", "🦁", _GREEN),
        ("unicorn", "🦄", _ORANGE),
        ("penguin", "🐧", _BLUE),
        ("owl", "🦉", _GOLD),
        ("frog", "🐸", _PINK),
        ("octopus", "🐙", _TEAL),
        ("whale", "🐳", _GOLD),
        ("butterfly", "🦋", _RED),
        ("sunflower", "🌻", _BLUE),
        ("blossom", "🌸", _VIOLET),
        ("cactus", "🌵", _ORANGE),
        ("clover", "🍀", _GOLD),
        ("strawberry", "🍓", _GREEN),
        ("avocado", "🥑", _PINK),
        ("rocket", "🚀", _VIOLET),
        ("robot", "🤖", _RED),
    )
}
"""The built-in portraits, in the order in which they are offered."""


def portrait_of(person: AvatarSpec) -> Portrait:
    """What somebody's portrait shows."""
    if person.picture in PICTURES:
        return PICTURES[person.picture]
    ground = palette.AVATARS[zlib.crc32(person.seed.encode("utf-8", "replace")) % len(palette.AVATARS)]
    sign, is_emoji = _sign_of(person.name)
    if not sign:
        sign, is_emoji = _sign_of(person.seed)
    return Portrait(sign, ground, is_emoji)


def _sign_of(name: str) -> tuple[str, bool]:
    """The first letter, digit or emoji of a name; of one without any, its first visible character."""
    catalogue = Catalogue.load()
    for start, character in enumerate(name):
        if length := catalogue.find(name, start):
            return name[start : start + length], True
        if character.isalnum():
            upper = character.upper()
            return (upper if len(upper) == 1 else character), False
    visible = (character for character in name if character.isprintable() and not character.isspace())
    return next(visible, ""), False
