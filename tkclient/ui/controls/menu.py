"""Menus."""

import tkinter as tk
from collections.abc import Callable, Sequence

import attrs

from tkclient.ui.controls.popup import Popup
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_ROW = 32
_PADDING = 18


@attrs.frozen
class MenuItem:
    """One line of a menu. danger: it destroys something, and is shown in red."""

    text: str
    command: Callable[[], object]
    danger: bool = False


class Menu:
    """Shows menus, one at a time. The arrow keys and Return choose; Esc and a click beside it close."""

    def __init__(self, look: Look, parent: tk.Misc) -> None:
        self._look = look
        self._parent = parent
        self._popup: Popup | None = None

    @property
    def is_open(self) -> bool:
        """Whether one is on the screen."""
        return self._popup is not None and self._popup.is_open

    @property
    def popup(self) -> Popup | None:
        """What is on the screen."""
        return self._popup if self.is_open else None

    def show(self, x_root: int, y_root: int, items: Sequence[MenuItem | None]) -> None:
        """Open one at a place of the screen; None is a line between items."""
        self.close()
        popup = Popup(self._parent, self._look)
        rows = _Rows(popup.body, self._look, items, popup.close)
        rows.pack(fill="both", expand=True)
        self._popup = popup
        popup.place_at(x_root, y_root)
        rows.focus_set()

    def close(self) -> None:
        """Take it away."""
        if self._popup is not None:
            self._popup.close()
            self._popup = None


class _Rows(tk.Canvas):
    """The lines of one menu."""

    def __init__(
        self, parent: tk.Misc, look: Look, items: Sequence[MenuItem | None], close: Callable[[], object]
    ) -> None:
        self._look = look
        self._items = tuple(items)
        self._close = close
        self._pointed = -1
        self._tops: list[int] = [look.px(4)]
        for item in self._items:
            self._tops.append(self._tops[-1] + look.px(room_for_text(look, _ROW) if item else 9))
        texts = [look.measure(item.text, 13) for item in self._items if item]
        super().__init__(parent, highlightthickness=0, bd=0, background=palette.WHITE, takefocus=1)
        wide = max([look.px(112), *(text + 2 * look.px(_PADDING) for text in texts)])
        self.configure(width=wide, height=self._tops[-1] + look.px(4))
        self._draw(wide)
        self._bind_events()

    def _bind_events(self) -> None:
        self.bind("<Motion>", lambda event: self._point(self._row_at(event.y)))
        self.bind("<Leave>", lambda _: self._point(-1))
        self.bind("<ButtonRelease>", lambda event: self._choose(self._row_at(event.y)))
        self.bind("<Down>", lambda _: self._step(1))
        self.bind("<Up>", lambda _: self._step(-1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _: self._choose(self._pointed))

    def _draw(self, width: int) -> None:
        for index, item in enumerate(self._items):
            top, bottom = self._tops[index], self._tops[index + 1]
            if item is None:
                middle = (top + bottom) // 2
                self.create_line(
                    self._look.px(10), middle, width - self._look.px(10), middle, fill=palette.LINE
                )
                continue
            self.create_rectangle(0, top, width, bottom, width=0, fill=palette.WHITE, tags=f"ground{index}")
            colour = palette.DANGER if item.danger else palette.TEXT
            x, y = self._look.px(_PADDING), (top + bottom) // 2
            self.create_text(x, y, text=item.text, anchor="w", font=self._look.font(13), fill=colour)

    def _row_at(self, y: int) -> int:
        rows = enumerate(self._items)
        return next((i for i, item in rows if item and self._tops[i] <= y < self._tops[i + 1]), -1)

    def _point(self, index: int) -> None:
        self.itemconfigure(f"ground{self._pointed}", fill=palette.WHITE)
        self._pointed = index
        self.itemconfigure(f"ground{index}", fill=palette.FIELD)

    def _step(self, step: int) -> str:
        choosable = [index for index, item in enumerate(self._items) if item]
        place = choosable.index(self._pointed) + step if self._pointed >= 0 else (0 if step > 0 else -1)
        self._point(choosable[place % len(choosable)])
        return "break"

    def _choose(self, index: int) -> str:
        item = self._items[index] if index >= 0 else None
        if item is not None:
            # The menu goes first: what is chosen may open a window of its own.
            self._close()
            item.command()
        return "break"
