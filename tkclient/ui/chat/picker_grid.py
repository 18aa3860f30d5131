"""The cells of the picker, of which only those seen are drawn."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.picker_pages import WIDTH
from tkclient.ui.chat.picker_sheet import Cell, Sheet
from tkclient.ui.chat.picker_tones import ToneBar
from tkclient.ui.controls.scroller import Scroller
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

HEIGHT: Final = 250
_NOTE_SIZE: Final = 12
_HEADING_X, _HEADING_MIDDLE = 15, 19
_RADIUS: Final = 4
_WHEEL_STEP: Final = 63
_ARROWS: Final = {
    "Left": (-1, 0),
    "Right": (1, 0),
    "Up": (0, -1),
    "Down": (0, 1),
    "Prior": (0, -5),
    "Next": (0, 5),
}

DrawItem = Callable[[str], tk.PhotoImage]
TonesOf = Callable[[str], tuple[str, ...]]


class PickerGrid(tk.Canvas):
    """Shows a sheet; the wheel and the arrow keys move through it, a click or Return picks.

    The right button offers the skin tones of an emoji that has some.
    on_pick: hears the item. on_page: hears the number of the page that is on top when it becomes another.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        on_pick: Callable[[str], object],
        on_page: Callable[[int], object],
        tones_of: TonesOf,
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0, takefocus=1)
        self.configure(width=look.px(WIDTH), height=look.px(HEIGHT))
        self._look = look
        self._on_pick = on_pick
        self._on_page = on_page
        self._tones_of = tones_of
        self._sheet: Sheet | None = None
        self._draw_item: DrawItem | None = None
        self._top = 0
        self._pointed: Cell | None = None
        self.tones = ToneBar(self, look, on_pick)
        self._scroller = Scroller(self, look, self._scroll_to_share)
        self._bind_events()

    @property
    def pointed(self) -> str:
        """The item that Return would pick; "" if there is none."""
        return self._sheet.item(self._pointed) if self._sheet and self._pointed else ""

    def show(self, sheet: Sheet, draw_item: DrawItem) -> None:
        """Show a sheet from its beginning; `draw_item` gives the picture of an item."""
        self._sheet, self._draw_item = sheet, draw_item
        self._pointed = None
        self._top = -1
        self._scroll_to(0)

    def show_page(self, page: int) -> None:
        """Bring a page to the top."""
        if self._sheet is not None:
            self._pointed = None
            self._scroll_to(self._sheet.page_top(page))

    def place_of(self, item: str) -> tuple[int, int]:
        """The middle of an item that is seen, from the grid's upper left corner.

        Raises:
            LookupError: it is not seen.
        """
        for cell, x, y in self._seen():
            if self._sheet and self._sheet.item(cell) == item:
                return x + self._sheet.cell_width // 2, y + self._sheet.cell_height // 2
        raise LookupError(item)

    def _bind_events(self) -> None:
        self.bind("<Configure>", lambda _: self._draw())
        self.bind("<Motion>", lambda event: self._point(self._cell_at(event)))
        self.bind("<Leave>", lambda _: self._point(None))
        self.bind("<Button-1>", lambda event: self._clicked(self._cell_at(event)))
        self.bind("<Button-3>", lambda event: self._offer_tones(self._cell_at(event)))
        self.bind("<Button-4>", lambda _: self._scroll_by(-_WHEEL_STEP))
        self.bind("<Button-5>", lambda _: self._scroll_by(_WHEEL_STEP))
        self.bind(
            "<MouseWheel>", lambda event: self._scroll_by(-_WHEEL_STEP if event.delta > 0 else _WHEEL_STEP)
        )
        for key, (columns, rows) in _ARROWS.items():
            self.bind(f"<{key}>", lambda _, columns=columns, rows=rows: self._step(columns, rows))  # type: ignore[misc]
        for key in ("Return", "KP_Enter", "space"):
            self.bind(f"<{key}>", lambda _: self._pick_pointed())

    def _cell_at(self, event: "tk.Event[tk.Misc]") -> Cell | None:
        return self._sheet.cell_at(event.x, event.y + self._top) if self._sheet else None

    def _seen(self) -> list[tuple[Cell, int, int]]:
        """The cells that are seen, with their upper left corners in the grid."""
        if self._sheet is None:
            return []
        cells = self._sheet.cells_between(self._top, self._top + self._height)
        corners = ((cell, *self._sheet.corner(cell)) for cell in cells)
        return [(cell, x, y - self._top) for cell, x, y in corners]

    @property
    def _height(self) -> int:
        return max(self.winfo_height(), self.winfo_reqheight())

    def _draw(self) -> None:
        if self._sheet is None or self._draw_item is None:
            return
        self.delete("all")
        sheet = self._sheet
        half_width, half_height = sheet.cell_width // 2, sheet.cell_height // 2
        for cell, x, y in self._seen():
            self.create_image(
                x + half_width, y + half_height, image=self._draw_item(sheet.item(cell)), tags="item"
            )
        px, font = self._look.px, self._look.font(_NOTE_SIZE)
        for number in range(sheet.page_at(self._top), sheet.page_at(self._top + self._height) + 1):
            y = sheet.page_top(number) - self._top + px(_HEADING_MIDDLE)
            name = sheet.pages[number].name
            self.create_text(px(_HEADING_X), y, text=name, anchor="w", font=font, fill=palette.CHAT_NOTE)
        self._draw_pointer()

    def _draw_pointer(self) -> None:
        self.delete("pointer")
        if self._sheet is None or self._pointed is None:
            return
        x, y = self._sheet.corner(self._pointed)
        width, height = self._sheet.cell_width, self._sheet.cell_height
        image = self._look.art.rounded(width, height, _RADIUS, palette.FIELD)
        self.create_image(x, y - self._top, image=image, anchor="nw", tags="pointer")
        self.tag_lower("pointer")

    def _point(self, cell: Cell | None) -> None:
        if cell != self._pointed and not self.tones.is_open:
            self._pointed = cell
            self._draw_pointer()

    def _step(self, columns: int, rows: int) -> str:
        self.tones.close()
        if self._sheet is None:
            return "break"
        cell = self._pointed or self._first_seen()
        for _ in range(max(1, abs(rows)) if self._pointed else 0):
            cell = self._sheet.beside(cell, columns, (rows > 0) - (rows < 0))
        self._pointed = cell
        self._bring_in(cell)
        self._draw_pointer()
        return "break"

    def _first_seen(self) -> Cell:
        return next((cell for cell, _, y in self._seen() if y >= 0), Cell(0, 0))

    def _bring_in(self, cell: Cell) -> None:
        """Scroll as little as shows the whole cell, with the heading if it is in the first row."""
        if self._sheet is None:
            return
        _, y = self._sheet.corner(cell)
        above = self._sheet.heading if cell.number < self._sheet.columns else 0
        if y - above < self._top:
            self._scroll_to(y - above)
        elif y + self._sheet.cell_height > self._top + self._height:
            self._scroll_to(y + self._sheet.cell_height - self._height)

    def _clicked(self, cell: Cell | None) -> None:
        self.focus_set()
        if self.tones.is_open:
            self.tones.close()
        elif cell is not None and self._sheet is not None:
            self._on_pick(self._sheet.item(cell))

    def _pick_pointed(self) -> str:
        if self.pointed:
            self._on_pick(self.pointed)
        return "break"

    def _offer_tones(self, cell: Cell | None) -> None:
        self.tones.close()
        if cell is None or self._sheet is None:
            return
        item = self._sheet.item(cell)
        if tones := self._tones_of(item):
            x, y = self._sheet.corner(cell)
            self.tones.open((item, *tones), x + self._sheet.cell_width // 2, y - self._top)

    def _scroll_to_share(self, share: float) -> None:
        if self._sheet is not None:
            self._scroll_to(round(share * self._sheet.height))

    def _scroll_by(self, step: float) -> str:
        self._scroll_to(self._top + self._look.px(step))
        return "break"

    def _scroll_to(self, top: int) -> None:
        if self._sheet is None:
            return
        before = self._top
        self._top = max(0, min(top, self._sheet.height - self._height))
        if self._top == before:
            return
        self.tones.close()
        self._scroller.set(self._top / self._sheet.height, (self._top + self._height) / self._sheet.height)
        self._on_page(self._sheet.page_at(self._top + self._sheet.heading))
        self._draw()
