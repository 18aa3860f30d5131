"""What the picker offers: emoji used lately, the pages of the catalogue, and the faces."""

from typing import Final

from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.art.faces import FACES
from tkclient.ui.chat.picker_sheet import Page, Sheet
from tkclient.ui.look.look import Look

WIDTH: Final = 430
"""Of the sheets, at scale 1: the picker is 432 wide with its edge."""
EMOJI_SIZE: Final = 26
FACE_SIZE: Final = 44
_HEADING: Final = 34
_EMOJI_COLUMNS, _EMOJI_CELL = 10, 42
_FACE_COLUMNS, _FACE_WIDTH, _FACE_HEIGHT = 5, 80, 68

_TABS: Final = {
    "Smileys & Emotion": "😀",
    "People & Body": "👋",
    "Animals & Nature": "🐻",
    "Food & Drink": "🍔",
    "Activities": "⚽",
    "Travel & Places": "🚗",
    "Objects": "💡",
    "Symbols": "❤️",
    "Flags": "🚩",
}
"""The emoji that stand for pages of the catalogue; any other is stood for by its first."""


def emoji_sheet(look: Look, recent: tuple[str, ...]) -> Sheet:
    """All emoji; those in `recent` first, on a page of their own if there are any."""
    catalogue = Catalogue.load()
    known = tuple(sequence for sequence in recent if catalogue.is_emoji(sequence))
    pages = tuple(
        Page(
            name=look.words(group.name), icon=_TABS.get(group.name, group.sequences[0]), items=group.sequences
        )
        for group in catalogue.groups
    )
    used = (Page(name=look.words("Recently used"), icon="", items=known),) if known else ()
    return _sheet(look, used + pages, _EMOJI_COLUMNS, _EMOJI_CELL, _EMOJI_CELL)


def face_sheet(look: Look) -> Sheet:
    """The fifteen faces, by their ids."""
    page = Page(name=look.words("Faces"), icon="", items=tuple(FACES))
    return _sheet(look, (page,), _FACE_COLUMNS, _FACE_WIDTH, _FACE_HEIGHT)


def _sheet(look: Look, pages: tuple[Page, ...], columns: int, width: float, height: float) -> Sheet:
    return Sheet(
        pages=pages,
        columns=columns,
        cell_width=look.px(width),
        cell_height=look.px(height),
        margin=(look.px(WIDTH) - columns * look.px(width)) // 2,
        heading=look.px(_HEADING),
    )
