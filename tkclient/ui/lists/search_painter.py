"""How rows of what a search finds look."""

import tkinter as tk
from typing import Final

from tkclient.ui.lists.grounds import paint_ground
from tkclient.ui.lists.matching import By, Found, Match, Span
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.lists.search_rows import HeadRow, MatchRow, SearchRow
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line, line_width

_AVATAR, _X, _TEXT_X, _RIGHT = 36, 14, 62, 14
_NAME_Y, _NOTE_Y = 20, 40
_NOTE_SIZE: Final = 12
_GAP: Final = 4
_FOUND: Final = palette.SEND
"""The colour of the part that was typed."""


class SearchPainter:
    """Draws rows of what a search finds."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def zones(self, _row: SearchRow, _width: int, /) -> tuple[Zone, ...]:
        """None."""
        return ()

    def paint(self, canvas: tk.Canvas, row: SearchRow, area: Area, /) -> None:
        """A head, or a portrait with a name."""
        if isinstance(row, HeadRow):
            x, y = self._look.px(_X), area.y + area.height // 2
            self._text(canvas, x, y, self._title_of(row.section), _NOTE_SIZE, palette.LIST_NOTE, area)
            return
        paint_ground(canvas, area)
        if isinstance(row, MatchRow):
            self._paint_match(canvas, row.match, area)
        else:
            self._paint_people(canvas, row.sought, area)

    def _title_of(self, section: Found) -> str:
        words = self._look.words
        if section is Found.FRIENDS:
            return words("Friends")
        if section is Found.GROUPS:
            return words("Groups")
        return words("Official accounts") if section is Found.OFFICIAL else words("Chats")

    def _paint_match(self, canvas: tk.Canvas, match: Match, area: Area) -> None:
        look = self._look
        x, middle = look.px(_X), area.y + area.height // 2
        portrait = portrait_of(look, match.subject, _AVATAR)
        canvas.create_image(x, middle, image=portrait, anchor="w", tags=area.tag)
        left = look.px(_TEXT_X)
        if match.by is By.NAME:
            self._marked(canvas, left, middle, match.matched, match.span, 14, area)
            return
        self._text(canvas, left, area.y + look.px(_NAME_Y), match.name, 14, palette.TEXT, area)
        label = look.words("Nickname:") if match.by is By.NICKNAME else look.words("ID:")
        y = area.y + look.px(_NOTE_Y)
        left = self._text(canvas, left, y, label, _NOTE_SIZE, palette.LIST_NOTE, area)
        self._marked(canvas, left, y, match.matched, match.span, _NOTE_SIZE, area)

    def _paint_people(self, canvas: tk.Canvas, sought: str, area: Area) -> None:
        look, art = self._look, self._look.art
        side = look.px(_AVATAR)
        x, middle = look.px(_X), area.y + area.height // 2
        tile = art.rounded(side, side, 5, palette.PRIMARY)
        canvas.create_image(x, middle, image=tile, anchor="w", tags=area.tag)
        sign = art.icon("search", 18, palette.WHITE)
        canvas.create_image(x + side // 2, middle, image=sign, tags=area.tag)
        left = look.px(_TEXT_X)
        left = self._text(canvas, left, middle, look.words("Find people:"), 14, palette.TEXT, area)
        self._text(canvas, left, middle, sought, 14, _FOUND, area)

    def _marked(
        self, canvas: tk.Canvas, x: int, y: int, text: str, span: Span, size: float, area: Area
    ) -> None:
        """A text with the part that was typed in another colour."""
        plain = palette.TEXT if size > _NOTE_SIZE else palette.LIST_NOTE
        for start, end, colour in ((0, span[0], plain), (*span, _FOUND), (span[1], len(text), plain)):
            if start < end:
                # From the right, because white space at the end of a line has no width.
                left = (
                    x
                    + line_width(self._look, text[:end], size)
                    - line_width(self._look, text[start:end], size)
                )
                self._text(canvas, left, y, text[start:end], size, colour, area)

    def _text(
        self, canvas: tk.Canvas, x: int, y: int, text: str, size: float, colour: str, area: Area
    ) -> int:
        """As much of a text as the row has room for; returns where the next may begin."""
        look = self._look
        room = area.width - x - look.px(_RIGHT)
        if room <= 0:
            return x
        width = draw_line(canvas, look, x, y, text, size, colour, room, anchor="w", tags=area.tag)
        return x + width + look.px(_GAP)
