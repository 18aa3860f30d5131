"""A list of any number of rows, of which only the visible ones are drawn."""

import tkinter as tk
from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic

import attrs

from tkclient.ui.controls.scroller import Scroller
from tkclient.ui.lists.rack import Rack
from tkclient.ui.lists.row import Area, Painter, R
from tkclient.ui.lists.row_hand import bind_hand
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_OUTSIDE: Final = (-1, -1)
_BAR: Final = 3


@attrs.frozen
class _Drawn(Generic[R]):
    """A row that is on the canvas."""

    row: R
    area: Area


class RowList(tk.Canvas, Generic[R]):
    """Rows under each other, with a thin scrollbar over them.

    Told new rows, it draws only what differs, and what is read stays in its place when rows above it come, go or grow; a list
    that stands at its top stays there. Which row is selected is told, never decided here.

    Args:
        on_click: a row was clicked; with the zone of its painter, "" for none.
        on_return: Return or Space was pressed on a row; None is as a click beside all zones.
        on_menu: the menu of a row is wanted, at a place of the screen.
        on_width: the list has another width, in pixels: rows that depend on it can be set anew.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        painter: Painter[R],
        *,
        on_click: Callable[[R, str], None],
        on_return: Callable[[R], None] | None = None,
        on_menu: Callable[[R, int, int], None] | None = None,
        on_width: Callable[[int], None] | None = None,
        background: str = palette.LIST,
    ) -> None:
        super().__init__(parent, background=background, highlightthickness=0, bd=0, width=1, height=1)
        self.configure(yscrollincrement=1, takefocus=True)
        self.on_click = on_click
        self.on_return = on_return or (lambda row: on_click(row, ""))
        self.on_menu = on_menu
        self._on_width = on_width
        self._look = look
        self._painter = painter
        self._rack: Rack[R] = Rack(look.px)
        self._drawn: dict[Hashable, _Drawn[R]] = {}
        self._tags = 0
        self._selected: Hashable | None = None
        self._cursor: Hashable | None = None
        self._pointer = _OUTSIDE
        self._hovered: tuple[Hashable | None, str] = (None, "")
        self._scroller = Scroller(self, look, self._scroll_to_fraction)
        self.bind("<Configure>", self._resized)
        bind_hand(self, look)

    @property
    def rows(self) -> tuple[R, ...]:
        """All rows, top down."""
        return self._rack.rows

    @property
    def visible(self) -> tuple[R, ...]:
        """The rows of which something is seen."""
        return tuple(self._rack.rows[i] for i in self._rack.seen)

    @property
    def cursor(self) -> R | None:
        """The row that the keyboard has gone to."""
        return self._rack.find(self._cursor)

    @property
    def page(self) -> int:
        """How many rows the keys for a page go."""
        return self._rack.page

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows. Those shown already, by key, are drawn again only if they differ."""
        self._rack.put(rows)
        self._redraw()

    def select(self, key: Hashable | None) -> None:
        """Show a row as the selected one, also if it comes later; None for none."""
        self._selected = key
        self._redraw()

    def see(self, key: Hashable) -> None:
        """Scroll as little as brings a row into view."""
        self._rack.see(key)
        self._redraw()

    def scroll_to(self, top: int) -> None:
        """Scroll so that what is `top` pixels below the first row's top is uppermost, as far as there are rows."""
        self._rack.scroll_to(top)
        self._redraw()

    def scroll_by(self, pixels: int) -> None:
        """Scroll down, up if negative."""
        self.scroll_to(self._rack.top + pixels)

    def hover(self, x: int, y: int) -> None:
        """The pointer is at a place, in pixels from the widget's upper left corner; outside it if it has left."""
        was_pointed, self._pointer = self._is_pointed, (x, y)
        if self._hovered_now() != self._hovered or self._is_pointed != was_pointed:
            self._redraw()

    def put_cursor(self, key: Hashable | None) -> None:
        """Put the mark of the keyboard on a row and bring it into view; None takes it away."""
        self._cursor = key
        self._rack.see(key)
        self._redraw()

    def move_cursor(self, step: int) -> None:
        """Move the mark of the keyboard so many rows down (up, if negative), from where it is or else from the selected row."""
        row = self._rack.neighbour(self._selected if self.cursor is None else self._cursor, step)
        if row is not None:
            self.put_cursor(row.key)
            if self._rack.neighbour(row.key, -1) is row:
                self.scroll_to(0)

    def press_cursor(self) -> None:
        """Do what Return does on the row with the mark of the keyboard."""
        row = self.cursor
        if row is not None:
            self.on_return(row)

    def at(self, x: int, y: int) -> tuple[R | None, str]:
        """The row that can be chosen at a place of the widget, and the zone there."""
        row = self._rack.at(y) if 0 <= x < self.winfo_width() else None
        if row is None or not row.can_choose:
            return None, ""
        within = y - self._top_of(row.key)
        zones = self._painter.zones(row, self.winfo_width())
        return row, next((zone.name for zone in zones if zone.holds(x, within)), "")

    def place_of(self, key: Hashable, zone: str = "") -> tuple[float, float]:
        """The middle of a row or of one of its zones, in pixels of the widget.

        Raises:
            KeyError: there is no such row or zone.
        """
        row, top = self._rack.find(key), self._top_of(key)
        if row is None:
            raise KeyError(key)
        if not zone:
            return self.winfo_width() / 2, top + self._look.px(row.height) / 2
        found = {each.name: each for each in self._painter.zones(row, self.winfo_width())}[zone]
        return (found.left + found.right) / 2, top + (found.top + found.bottom) / 2

    @property
    def _is_pointed(self) -> bool:
        x, y = self._pointer
        return 0 <= x < self.winfo_width() and 0 <= y < self.winfo_height()

    def _top_of(self, key: Hashable) -> int:
        span = self._rack.span(key)
        return 0 if span is None else span[0] - self._rack.top

    def _hovered_now(self) -> tuple[Hashable | None, str]:
        row, zone = self.at(*self._pointer)
        return (None if row is None else row.key), zone

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        self._rack.resize(event.height)
        if self._on_width is not None:
            self._on_width(event.width)
        self._redraw()

    def _scroll_to_fraction(self, fraction: float) -> None:
        self.scroll_to(round(fraction * self._rack.total))

    def _redraw(self) -> None:
        self._hovered = self._hovered_now()
        self.configure(cursor="hand2" if self._hovered[1] else "")
        seen = {row.key for row in self.visible}
        for key in [key for key in self._drawn if key not in seen]:
            self.delete(self._drawn.pop(key).area.tag)
        for row in self.visible:
            self._draw(row)
        self.yview_scroll(self._rack.top - round(self.canvasy(0)), "units")
        self._show_scrollbar()

    def _show_scrollbar(self) -> None:
        """While the pointer is over the list."""
        rack = self._rack
        total = max(rack.total, rack.height, 1)
        shares = (rack.top / total, (rack.top + rack.height) / total)
        self._scroller.set(*(shares if self._is_pointed else (0, 1)))

    def _draw(self, row: R) -> None:
        """Move a row that looks as it did, else paint it."""
        drawn = self._drawn.get(row.key)
        area = self._area_of(row, drawn.area.tag if drawn else self._new_tag())
        if drawn is not None and drawn.row == row and attrs.evolve(drawn.area, y=area.y) == area:
            self.move(area.tag, 0, area.y - drawn.area.y)
        else:
            self.delete(area.tag)
            self._painter.paint(self, row, area)
            self._mark(area)
        self._drawn[row.key] = _Drawn(row, area)

    def _area_of(self, row: R, tag: str) -> Area:
        top, bottom = self._rack.span(row.key) or (0, 0)
        is_hovered = row.key == self._hovered[0]
        return Area(
            y=top,
            width=self.winfo_width(),
            height=bottom - top,
            tag=tag,
            is_selected=row.key == self._selected,
            is_hovered=is_hovered,
            has_cursor=row.key == self._cursor,
            zone=self._hovered[1] if is_hovered else "",
        )

    def _new_tag(self) -> str:
        self._tags += 1
        return f"row-{self._tags}"

    def _mark(self, area: Area) -> None:
        """The keyboard's mark: a bar at the left."""
        if area.has_cursor:
            bar = (0, area.y, self._look.px(_BAR), area.y + area.height)
            self.create_rectangle(*bar, width=0, fill=palette.PRIMARY, tags=area.tag)
