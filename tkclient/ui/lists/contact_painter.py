"""How rows of contacts look."""

import tkinter as tk
from typing import Final

from tkclient.model.people import Person
from tkclient.ui.lists.badges import badge_text
from tkclient.ui.lists.contact_rows import (
    AnyContactRow,
    ContactKind,
    ContactRow,
    LetterRow,
    NewFriendsRow,
    SectionRow,
)
from tkclient.ui.lists.grounds import paint_ground
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line

_AVATAR, _X, _TEXT_X, _RIGHT = 36, 14, 62, 14
_DOT, _RING = 9, 13
_TILE: Final = "#d9822b"
"""The ground of the sign for new friends."""


class ContactPainter:
    """Draws rows of contacts."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def zones(self, _row: AnyContactRow, _width: int, /) -> tuple[Zone, ...]:
        """None."""
        return ()

    def paint(self, canvas: tk.Canvas, row: AnyContactRow, area: Area, /) -> None:
        """A contact with portrait and name, or a head."""
        if isinstance(row, LetterRow):
            self._paint_note(canvas, area, self._look.px(_X), row.letter)
        elif isinstance(row, SectionRow):
            self._paint_section(canvas, row, area)
        elif isinstance(row, NewFriendsRow):
            self._paint_new_friends(canvas, row, area)
        else:
            self._paint_contact(canvas, row, area)

    def _paint_section(self, canvas: tk.Canvas, row: SectionRow, area: Area) -> None:
        paint_ground(canvas, area)
        look = self._look
        y = area.y + area.height // 2
        sign = look.art.icon("chevron-down" if row.is_open else "chevron-right", 10, palette.LIST_NOTE)
        canvas.create_image(look.px(_X), y, image=sign, anchor="w", tags=area.tag)
        self._paint_note(canvas, area, look.px(_X + 10 + 6), self._title_of(row.kind))
        right = area.width - look.px(_RIGHT)
        font = look.font(11)
        canvas.create_text(
            right, y, text=str(row.count), font=font, fill=palette.LIST_NOTE, anchor="e", tags=area.tag
        )

    def _paint_note(self, canvas: tk.Canvas, area: Area, x: int, text: str) -> None:
        y, font = area.y + area.height // 2, self._look.font(12)
        canvas.create_text(x, y, text=text, font=font, fill=palette.LIST_NOTE, anchor="w", tags=area.tag)

    def _title_of(self, kind: ContactKind) -> str:
        words = self._look.words
        if kind is ContactKind.OFFICIAL:
            return words("Official accounts")
        return words("Groups") if kind is ContactKind.GROUP else words("Friends")

    def _paint_new_friends(self, canvas: tk.Canvas, row: NewFriendsRow, area: Area) -> None:
        paint_ground(canvas, area)
        look, art = self._look, self._look.art
        side = look.px(_AVATAR)
        x, top = look.px(_X), area.y + (area.height - side) // 2
        canvas.create_image(x, top, image=art.rounded(side, side, 5, _TILE), anchor="nw", tags=area.tag)
        sign = art.icon("person-plus-fill", 20, palette.WHITE)
        canvas.create_image(x + side // 2, top + side // 2, image=sign, tags=area.tag)
        if row.requests:
            badge = art.badge(badge_text(row.requests))
            canvas.create_image(x + side, top + look.px(1), image=badge, tags=area.tag)
        self._paint_name(canvas, area, look.words("New friends"))

    def _paint_contact(self, canvas: tk.Canvas, row: ContactRow, area: Area) -> None:
        ground = paint_ground(canvas, area)
        look, art = self._look, self._look.art
        side = look.px(_AVATAR)
        x, top = look.px(_X), area.y + (area.height - side) // 2
        portrait = portrait_of(look, row.contact, _AVATAR)
        canvas.create_image(x, top, image=portrait, anchor="nw", tags=area.tag)
        if isinstance(row.contact, Person) and row.contact.is_online:
            corner = (x + side - look.px(2), top + side - look.px(2))
            canvas.create_image(*corner, image=art.dot(_RING, ground), tags=area.tag)
            canvas.create_image(*corner, image=art.dot(_DOT, palette.ONLINE), tags=area.tag)
        self._paint_name(canvas, area, row.contact.name)

    def _paint_name(self, canvas: tk.Canvas, area: Area, name: str) -> None:
        look = self._look
        x, y = look.px(_TEXT_X), area.y + area.height // 2
        width = area.width - x - look.px(_RIGHT)
        draw_line(canvas, look, x, y, name, 14, palette.TEXT, width, anchor="w", tags=area.tag)
