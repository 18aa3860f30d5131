"""The line between messages and input, which can be dragged."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_GRIP: Final = 5


class Sash(tk.Frame):
    """A thin line in a strip wide enough to be caught.

    height: gives the height, in pixels, of what is below. on_drag: hears which height it is to have.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        height: Callable[[], int],
        on_drag: Callable[[int], object],
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0, height=look.px(_GRIP))
        self.configure(cursor="sb_v_double_arrow")
        line = tk.Frame(self, background=palette.LINE, height=1, bd=0, highlightthickness=0)
        line.place(x=0, y=0, relwidth=1)
        self._height = height
        self._on_drag = on_drag
        self._bottom = 0
        for widget in (self, line):
            widget.bind("<Button-1>", self._held)
            widget.bind("<B1-Motion>", lambda event: self._on_drag(self._bottom - event.y_root))

    def _held(self, event: "tk.Event[tk.Misc]") -> None:
        # From here on the sash's own place does not count: it follows later than the mouse.
        self._bottom = event.y_root + self._height()
