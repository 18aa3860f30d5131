"""What a window without a frame has instead of it: buttons, moving and resizing with the mouse."""

import tkinter
from collections.abc import Callable
from typing import Final, TypeAlias

from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_EDGE: Final = 3
Side: TypeAlias = tuple[int, int]
"""Across and down: −1 left or top, 1 right or bottom, 0 neither; two of them make a corner."""

_CURSORS: Final[dict[Side, str]] = {
    (-1, -1): "top_left_corner",
    (0, -1): "top_side",
    (1, -1): "top_right_corner",
    (-1, 0): "left_side",
    (1, 0): "right_side",
    (-1, 1): "bottom_left_corner",
    (0, 1): "bottom_side",
    (1, 1): "bottom_right_corner",
}


class WindowButtons(tkinter.Frame):
    """Minimise, fill the screen, close."""

    def __init__(self, window: tkinter.Toplevel, look: Look, on_close: Callable[[], object]) -> None:
        super().__init__(window, background=palette.CHAT, bd=0, highlightthickness=0)
        words = look.words
        for icon, command, what in (
            ("dash-lg", window.iconify, words("Minimise")),
            ("square", lambda: toggle_zoom(window), words("Maximise")),
            ("x-lg", on_close, words("Close")),
        ):
            button = IconButton(self, look, icon, command, 12, tooltip=what)
            button.configure(takefocus=0)
            button.pack(side="left", padx=look.px(2))


class MoveByDragging:
    """Dragging one of `handles` moves the window; a double click fills the screen, or undoes that."""

    def __init__(self, window: tkinter.Toplevel, *handles: tkinter.Misc) -> None:
        self._window = window
        self._offset = (0, 0)
        for handle in handles:
            handle.bind("<ButtonPress-1>", self._pressed, add="+")
            handle.bind("<B1-Motion>", self._dragged, add="+")
            handle.bind("<Double-Button-1>", lambda _: toggle_zoom(window), add="+")

    def _pressed(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._offset = (event.x_root - self._window.winfo_rootx(), event.y_root - self._window.winfo_rooty())

    def _dragged(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if not self._window.attributes("-zoomed"):
            x, y = event.x_root - self._offset[0], event.y_root - self._offset[1]
            self._window.geometry(f"+{x}+{y}")


class ResizeEdges:
    """Thin strips along the window's sides; dragging one resizes the window, never below its minimum.

    columns: what stands side by side from the left to the right edge, each with its colours at the top and at the bottom.
    """

    def __init__(self, window: tkinter.Toplevel, look: Look, *columns: tuple[tkinter.Misc, str, str]) -> None:
        self._window = window
        self._width = look.px(_EDGE)
        self._start = (0, 0, 0, 0, 0, 0)
        for column, top, bottom in columns:
            self._lay(column, (0, -1), top)
            self._lay(column, (0, 1), bottom)
        for across, (column, top, bottom) in ((-1, columns[0]), (1, columns[-1])):
            for down, colour in ((0, bottom), (-1, top), (1, bottom)):
                self._lay(column, (across, down), colour)

    def cover(self, panel: tkinter.Misc, colour: str) -> None:
        """Go on over a panel of another colour in the lower right corner, for as long as there is that panel."""
        strips = [self._lay(panel, side, colour) for side in ((1, 0), (0, 1), (1, 1))]

        def end(_event: object) -> None:
            for strip in strips:
                strip.destroy()

        panel.bind("<Destroy>", end, add="+")

    def _lay(self, column: tkinter.Misc, side: Side, colour: str) -> tkinter.Frame:
        strip = tkinter.Frame(self._window, cursor=_CURSORS[side], bg=colour, highlightthickness=0, bd=0)
        strip.place(in_=column, **_place(side, self._width))  # type: ignore[arg-type]
        strip.bind("<ButtonPress-1>", self._pressed)
        strip.bind("<B1-Motion>", lambda event: self._dragged(event, side))
        return strip

    def _pressed(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        window = self._window
        size = (window.winfo_width(), window.winfo_height())
        self._start = (event.x_root, event.y_root, window.winfo_rootx(), window.winfo_rooty(), *size)

    def _dragged(self, event: "tkinter.Event[tkinter.Misc]", side: Side) -> None:
        x_root, y_root, x, y, width, height = self._start
        least_width, least_height = self._window.minsize()
        new_width = max(width + side[0] * (event.x_root - x_root), least_width)
        new_height = max(height + side[1] * (event.y_root - y_root), least_height)
        new_x = x + width - new_width if side[0] < 0 else x
        new_y = y + height - new_height if side[1] < 0 else y
        self._window.geometry(f"{new_width}x{new_height}+{new_x}+{new_y}")


def toggle_zoom(window: tkinter.Toplevel) -> None:
    """Fill the screen, or go back to the size before."""
    window.attributes("-zoomed", not window.attributes("-zoomed"))


def _place(side: Side, width: int) -> dict[str, float]:
    """Where the strip of a side is, for the placer."""
    place: dict[str, float] = {}
    for name, extent, where in (("x", "width", side[0]), ("y", "height", side[1])):
        if where:
            place |= {f"rel{name}": max(where, 0), name: -width if where > 0 else 0, extent: width}
        else:
            place |= {f"rel{extent}": 1}
    return place
