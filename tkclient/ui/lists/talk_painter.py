"""How rows of dialogues look."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.model.chat import ChatModel
from tkclient.model.talk import Sending
from tkclient.ui.lists.badges import badge_text
from tkclient.ui.lists.grounds import paint_ground
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.lists.talk_rows import TalkRow
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line
from tkclient.ui.text.sketches import row_sketch
from tkclient.ui.text.times import row_time

CLOSE: Final = "close"
"""The zone of the × that takes a dialogue off the list."""

_AVATAR, _AVATAR_X, _AVATAR_Y = 42, 14, 12
_TEXT_X, _NAME_Y, _SKETCH_Y = 67, 23, 44
_RIGHT: Final = 12
_GAP: Final = 8
_SIGN: Final = 14
_CLOSE_SIDE, _CLOSE_SIGN = 22, 12


class TalkPainter:
    """Draws rows of dialogues. now_ms: tells the time, in milliseconds since 1970."""

    def __init__(self, look: Look, model: ChatModel, now_ms: Callable[[], int]) -> None:
        self._look = look
        self._model = model
        self._now_ms = now_ms

    def zones(self, _row: TalkRow, width: int, /) -> tuple[Zone, ...]:
        """The × at the right of the name."""
        side, middle = self._look.px(_CLOSE_SIDE), self._look.px(_NAME_Y)
        right = width - self._look.px(_RIGHT - (_CLOSE_SIDE - _CLOSE_SIGN) / 2)
        top = middle - side // 2
        return (Zone(name=CLOSE, left=right - side, top=top, right=right, bottom=top + side),)

    def paint(self, canvas: tk.Canvas, row: TalkRow, area: Area, /) -> None:
        """Ground, portrait with badge, name and time, sketch with signs."""
        paint_ground(canvas, area, palette.PINNED if row.talk.is_pinned else palette.LIST)
        self._paint_portrait(canvas, row, area)
        self._paint_name(canvas, row, area)
        self._paint_sketch(canvas, row, area)

    def _paint_portrait(self, canvas: tk.Canvas, row: TalkRow, area: Area) -> None:
        px, art = self._look.px, self._look.art
        x, y = px(_AVATAR_X), area.y + px(_AVATAR_Y)
        portrait = portrait_of(self._look, row.talk, _AVATAR, row.group)
        canvas.create_image(x, y, image=portrait, anchor="nw", tags=area.tag)
        if row.talk.unread:
            is_quiet = row.talk.is_muted
            unread = art.dot(10, palette.BADGE) if is_quiet else art.badge(badge_text(row.talk.unread))
            # A wide one would cover the name.
            middle = min(x + px(_AVATAR), px(_TEXT_X) - px(3) - unread.width() // 2)
            canvas.create_image(middle, y + px(1), image=unread, tags=area.tag)

    def _paint_name(self, canvas: tk.Canvas, row: TalkRow, area: Area) -> None:
        look = self._look
        x, y = look.px(_TEXT_X), area.y + look.px(_NAME_Y)
        taken = (
            self._paint_close(canvas, row, area) if area.is_hovered else self._paint_time(canvas, row, area)
        )
        width = area.width - x - look.px(_RIGHT + _GAP) - taken
        draw_line(canvas, look, x, y, row.talk.name, 14, palette.TEXT, width, anchor="w", tags=area.tag)

    def _paint_time(self, canvas: tk.Canvas, row: TalkRow, area: Area) -> int:
        look = self._look
        text = row_time(look.words, row.talk.date_ms, self._now_ms())
        x, y = area.width - look.px(_RIGHT), area.y + look.px(_NAME_Y)
        canvas.create_text(
            x, y, text=text, font=look.font(11), fill=palette.LIST_NOTE, anchor="e", tags=area.tag
        )
        return look.measure(text, 11)

    def _paint_close(self, canvas: tk.Canvas, row: TalkRow, area: Area) -> int:
        look = self._look
        (zone,) = self.zones(row, area.width)
        colour = palette.TEXT if area.zone == CLOSE else palette.LIST_NOTE
        x, y = (zone.left + zone.right) // 2, area.y + (zone.top + zone.bottom) // 2
        canvas.create_image(x, y, image=look.art.icon("x-lg", _CLOSE_SIGN, colour), tags=area.tag)
        return zone.right - zone.left

    def _paint_sketch(self, canvas: tk.Canvas, row: TalkRow, area: Area) -> None:
        look = self._look
        sketch = row_sketch(row.talk, self._model, look.words)
        x, y = look.px(_TEXT_X), area.y + look.px(_SKETCH_Y)
        right = area.width - look.px(_RIGHT)
        if row.talk.is_muted:
            bell = look.art.icon("bell-slash", _SIGN, palette.LIST_NOTE)
            canvas.create_image(right, y, image=bell, anchor="e", tags=area.tag)
            right -= look.px(_SIGN + _GAP)
        if sketch.mark:
            x += draw_line(canvas, look, x, y, sketch.mark, 12, palette.DRAFT, anchor="w", tags=area.tag)
            x += look.px(4)
        elif sketch.sending is not Sending.SENT:
            x += self._paint_sending(canvas, sketch.sending, x, y, area.tag)
        note = palette.LIST_NOTE
        draw_line(canvas, look, x, y, sketch.text, 12, note, max(right - x, 0), anchor="w", tags=area.tag)

    def _paint_sending(self, canvas: tk.Canvas, sending: Sending, x: int, y: int, tag: str) -> int:
        """A sign that the last message has not arrived; returns how much room it takes."""
        has_failed = sending is Sending.FAILED
        name, colour = (
            ("exclamation-circle-fill", palette.BADGE) if has_failed else ("clock", palette.LIST_NOTE)
        )
        canvas.create_image(x, y, image=self._look.art.icon(name, 12, colour), anchor="w", tags=tag)
        return self._look.px(12 + 4)
