"""The canvas of the list: rows in view are drawn once, moved when the view moves, and gone when they leave it."""

import tkinter
from collections.abc import Iterable
from typing import Final

import attrs

from tkclient.ui.messages.boxes import Mark
from tkclient.ui.messages.painter import Painter, waiting_tag
from tkclient.ui.messages.rows import Row, Rows
from tkclient.ui.messages.view import Placed

_BEAT_MS: Final = 320


@attrs.define
class Drawn:
    """A row on the canvas. y: its upper edge."""

    row: Row
    tag: str
    y: int


@attrs.frozen
class Marked:
    """The part of a message's text that is selected."""

    msg_uuid: bytes
    start: int
    end: int


class Sheet:
    """What is on the canvas.

    Dots beside what is on its way are drawn from the second beat on: most messages have arrived by then.
    """

    def __init__(self, canvas: tkinter.Canvas, painter: Painter) -> None:
        self._canvas = canvas
        self._painter = painter
        self._drawn: dict[bytes, Drawn] = {}
        self._marked: Marked | None = None
        self._number = 0
        self._beat = 0
        self._timer = ""

    @property
    def marked(self) -> Marked | None:
        return self._marked

    def mark(self, marked: Marked | None) -> None:
        """Have this part selected, and no other."""
        self._marked = marked
        self._draw_marked()

    def clear(self) -> None:
        """Take everything away."""
        self._canvas.delete("all")
        self._drawn.clear()
        self._marked = None

    def close(self) -> None:
        """Draw no more."""
        if self._timer:
            self._canvas.after_cancel(self._timer)

    def show(self, rows: Rows, in_view: Iterable[Placed]) -> None:
        """Have these rows on the canvas, and no others."""
        gone = self._drawn
        self._drawn = {}
        for placed in in_view:
            row = rows.row(placed.place)
            self._drawn[row.message.msg_uuid] = self._at(gone.pop(row.message.msg_uuid, None), row, placed.y)
        for drawn in gone.values():
            self._canvas.delete(drawn.tag)
        self._beat_if_needed()

    def find(self, y: int) -> Drawn | None:
        """The row at a height of the canvas."""
        drawn = self._drawn.values()
        return next((each for each in drawn if each.y <= y < each.y + each.row.box.height), None)

    def get(self, msg_uuid: bytes) -> Drawn | None:
        """A row, if it is in view."""
        return self._drawn.get(msg_uuid)

    def _at(self, drawn: Drawn | None, row: Row, y: int) -> Drawn:
        if drawn is not None and drawn.row is row:
            if drawn.y != y:
                self._canvas.move(drawn.tag, 0, y - drawn.y)
                drawn.y = y
            return drawn
        if drawn is not None:
            self._canvas.delete(drawn.tag)
        self._number += 1
        drawn = Drawn(row, f"row{self._number}", y)
        self._painter.draw(row.box, row.message, drawn.tag, y)
        if self._marked is not None and self._marked.msg_uuid == row.message.msg_uuid:
            self._drawn[row.message.msg_uuid] = drawn
            self._draw_marked()
        return drawn

    def _draw_marked(self) -> None:
        marked = self._marked
        drawn = self._drawn.get(marked.msg_uuid) if marked else None
        self._canvas.delete("selection")
        if marked is not None and drawn is not None:
            self._painter.draw_selection(drawn.row.box, drawn.tag, drawn.y, marked.start, marked.end)

    def _waiting(self) -> list[Drawn]:
        return [drawn for drawn in self._drawn.values() if drawn.row.box.mark_kind is Mark.SENDING]

    def _beat_if_needed(self) -> None:
        if self._waiting() and not self._timer:
            self._timer = self._canvas.after(_BEAT_MS, self._next_beat)

    def _next_beat(self) -> None:
        self._timer = ""
        self._beat += 1
        for drawn in self._waiting():
            self._canvas.delete(waiting_tag(drawn.tag))
            if drawn.row.box.mark is not None:
                self._painter.draw_waiting(drawn.row.box.mark, drawn.tag, drawn.y, self._beat)
        self._beat_if_needed()
