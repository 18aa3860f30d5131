"""People in a list: to be ticked, taken out, or looked at."""

import enum
import tkinter as tk
from collections.abc import Hashable, Iterable
from typing import Final

import attrs

from tkclient.model.people import Person
from tkclient.ui.lists.matching import span_of
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line

REMOVE: Final = "remove"
"""The zone that takes somebody out."""
_HEIGHT: Final = 48
_AVATAR: Final = 34
_SIDE: Final = 16
_GAP: Final = 12
_TICK: Final = 18
_CROSS: Final = 24


class Mark(enum.Enum):
    """What stands before somebody."""

    NONE = "none"
    UNTICKED = "unticked"
    TICKED = "ticked"


@attrs.frozen(kw_only=True)
class PersonRow:
    """Somebody. note: at the right, in grey. can_remove: has a zone `REMOVE`, which is seen while the row is pointed at.

    shows_cross: the zone is always seen.
    """

    person: Person
    mark: Mark = Mark.NONE
    note: str = ""
    can_remove: bool = False
    shows_cross: bool = False
    height: int = _HEIGHT
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        """The user_id."""
        return self.person.user_id


def matching(people: Iterable[Person], key: str) -> tuple[Person, ...]:
    """Those whose remark, nickname or id has `key` in it, whatever the case; all for a blank one."""
    key = key.strip()
    return tuple(
        person
        for person in people
        if not key or any(span_of(key, text) for text in (person.remark, person.nickname, person.user_id))
    )


class PeoplePainter:
    """Draws `PersonRow`s on `ground`."""

    def __init__(self, look: Look, ground: str) -> None:
        self._look = look
        self._ground = ground

    def zones(self, row: PersonRow, width: int, /) -> tuple[Zone, ...]:
        """`REMOVE` at the right end, where somebody can be taken out."""
        if not row.can_remove:
            return ()
        px = self._look.px
        right, top = width - px(_SIDE - 4), px((row.height - _CROSS) / 2)
        return (Zone(name=REMOVE, left=right - px(_CROSS), top=top, right=right, bottom=top + px(_CROSS)),)

    def paint(self, canvas: tk.Canvas, row: PersonRow, area: Area, /) -> None:
        """Mark, portrait, name, note."""
        px = self._look.px
        ground = palette.PILL if area.is_hovered else self._ground
        canvas.create_rectangle(
            0, area.y, area.width, area.y + area.height, width=0, fill=ground, tags=area.tag
        )
        x, middle = px(_SIDE), area.y + area.height // 2
        if row.mark is not Mark.NONE:
            self._paint_mark(canvas, row, area, middle)
            x += px(_TICK + _GAP)
        canvas.create_image(
            x, middle, image=portrait_of(self._look, row.person, _AVATAR), anchor="w", tags=area.tag
        )
        x += px(_AVATAR + _GAP)
        right = self._paint_right(canvas, row, area, middle)
        draw_line(
            canvas,
            self._look,
            x,
            middle,
            row.person.name,
            14,
            palette.TEXT,
            max(right - x, 1),
            anchor="w",
            tags=(area.tag,),
        )

    def _paint_mark(self, canvas: tk.Canvas, row: PersonRow, area: Area, middle: int) -> None:
        px, art = self._look.px, self._look.art
        side, ticked = px(_TICK), row.mark is Mark.TICKED
        fill, border = (palette.PRIMARY, palette.PRIMARY) if ticked else (palette.WHITE, "#8a8a8a")
        circle = art.rounded(side, side, _TICK / 2, fill, border=border)
        canvas.create_image(px(_SIDE), middle, image=circle, anchor="w", tags=area.tag)
        if ticked:
            sign = art.icon("check-lg", 12, palette.WHITE)
            canvas.create_image(px(_SIDE) + side // 2, middle, image=sign, tags=area.tag)

    def _paint_right(self, canvas: tk.Canvas, row: PersonRow, area: Area, middle: int) -> int:
        """The cross or the note; where the name has to end."""
        px = self._look.px
        right = area.width - px(_SIDE)
        if row.can_remove and (area.is_hovered or area.has_cursor or row.shows_cross):
            colour = palette.DANGER if area.zone == REMOVE else palette.ICON
            sign = self._look.art.icon("x-lg", 12, colour)
            canvas.create_image(right + px(4) - px(_CROSS) // 2, middle, image=sign, tags=area.tag)
            return right - px(_CROSS)
        if not row.note:
            return right
        font = self._look.font(12)
        canvas.create_text(
            right, middle, text=row.note, anchor="e", font=font, fill=palette.CHAT_NOTE, tags=area.tag
        )
        return right - self._look.measure(row.note, 12) - px(8)
