"""What mouse and keyboard do to a list of rows."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tkclient.ui.look.look import Look

if TYPE_CHECKING:
    from tkclient.ui.lists.row_list import RowList

_NOTCH: Final = 60
"""How far a notch of the wheel scrolls."""
_NOTCH_DELTA: Final = 120
"""What Windows tells for a notch; macOS tells 1."""
_ALL: Final = 2**31
"""More rows than there are."""


class RowHand:
    """Follows the pointer over a list: a row is clicked when button 1 is pressed and let go on the same place of it."""

    def __init__(self, rows: "RowList[Any]") -> None:
        self._rows = rows
        self._pressed: tuple[object, str] | None = None

    def press(self, event: "tk.Event[tk.Misc]") -> None:
        """Button 1 goes down."""
        self._rows.focus_set()
        self._rows.put_cursor(None)
        self._pressed = self._place(event)

    def release(self, event: "tk.Event[tk.Misc]") -> None:
        """Button 1 comes up."""
        row, zone = self._rows.at(event.x, event.y)
        pressed, self._pressed = self._pressed, None
        if row is not None and pressed == self._place(event):
            self._rows.on_click(row, zone)

    def ask_menu(self, event: "tk.Event[tk.Misc]") -> None:
        """Button 3 comes up: a menu that opens at the press would take that for a click beside it."""
        row, _ = self._rows.at(event.x, event.y)
        if row is not None and self._rows.on_menu is not None:
            self._rows.on_menu(row, event.x_root, event.y_root)

    def ask_menu_by_key(self, event: "tk.Event[tk.Misc]") -> None:
        """The menu key: the menu of the row with the keyboard's mark."""
        row = self._rows.cursor
        if row is not None and self._rows.on_menu is not None:
            x, y = self._rows.place_of(row.key)
            self._rows.on_menu(row, self._rows.winfo_rootx() + round(x), self._rows.winfo_rooty() + round(y))

    def _place(self, event: "tk.Event[tk.Misc]") -> tuple[object, str]:
        row, zone = self._rows.at(event.x, event.y)
        return (None if row is None else row.key), zone


def bind_hand(rows: "RowList[Any]", look: Look) -> None:
    """Join a list with the mouse and the keyboard."""
    hand = RowHand(rows)
    rows.bind("<Button-1>", hand.press)
    rows.bind("<ButtonRelease-1>", hand.release)
    rows.bind("<ButtonRelease-3>", hand.ask_menu)
    for keys in ("<Menu>", "<Shift-F10>"):
        rows.bind(keys, hand.ask_menu_by_key)
    # A pointer that leaves for the scrollbar is still over the list: its place tells.
    for moves in ("<Motion>", "<Enter>", "<Leave>"):
        rows.bind(moves, lambda event: rows.hover(event.x, event.y))
    rows.bind("<FocusOut>", lambda _: rows.put_cursor(None))
    _bind_keys(rows)
    _bind_wheel(rows, look.px(_NOTCH))


def _bind_keys(rows: "RowList[Any]") -> None:
    steps: dict[str, Callable[[], int]] = {
        "<Up>": lambda: -1,
        "<Down>": lambda: 1,
        "<Prior>": lambda: -rows.page,
        "<Next>": lambda: rows.page,
        "<Home>": lambda: -_ALL,
        "<End>": lambda: _ALL,
    }
    for keys, step in steps.items():
        rows.bind(keys, lambda _, step=step: rows.move_cursor(step()))  # type: ignore[misc]
    for keys in ("<Return>", "<KP_Enter>", "<space>"):
        rows.bind(keys, lambda _: rows.press_cursor())


def _bind_wheel(rows: "RowList[Any]", notch: int) -> None:
    def turn(event: "tk.Event[tk.Misc]") -> None:
        unit = _NOTCH_DELTA if abs(event.delta) >= _NOTCH_DELTA else 1
        rows.scroll_by(-round(event.delta / unit * notch))

    rows.bind("<Button-4>", lambda _: rows.scroll_by(-notch))
    rows.bind("<Button-5>", lambda _: rows.scroll_by(notch))
    rows.bind("<MouseWheel>", turn)
