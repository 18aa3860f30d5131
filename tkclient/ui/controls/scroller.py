"""The thin scrollbar that lies over a canvas."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look.look import Look

_WIDTH: Final = 6
_LEAST: Final = 28
_QUIET: Final = "#c2c2c2"
_ACTIVE: Final = "#9e9e9e"


class Scroller(tk.Canvas):
    """Only a thumb at the right edge of `canvas`, which may be a Text: nothing of what lies under it is covered by a track.

    on_move: hears the share, 0 … 1, of the content that is to be above the upper edge. Nothing is seen while all fits.
    """

    def __init__(self, canvas: tk.Canvas | tk.Text, look: Look, on_move: Callable[[float], object]) -> None:
        super().__init__(canvas, highlightthickness=0, bd=0, background=ground_of(canvas), takefocus=0)
        self._under = canvas
        self._look = look
        self._on_move = on_move
        self._range = (0.0, 1.0)
        self._shown: tuple[int, int] | None = None
        self._held_at: int | None = None
        self._colour = _QUIET
        self.configure(width=look.px(_WIDTH))
        self._bind_events()

    def set(self, first: float, last: float) -> None:
        """Which part of the content is seen: the shares above its upper and its lower edge."""
        self._range = (float(first), float(last))
        self._update()

    def _bind_events(self) -> None:
        self.bind("<Enter>", lambda _: self._colour_in(_ACTIVE))
        self.bind("<Leave>", lambda _: self._colour_in(_ACTIVE if self._held_at is not None else _QUIET))
        self.bind("<Button-1>", self._hold)
        self.bind("<B1-Motion>", self._drag)
        self.bind("<ButtonRelease-1>", self._let_go)
        for event in ("<Button-4>", "<Button-5>", "<MouseWheel>"):
            self.bind(event, self._pass_on)
        self._under.bind("<Configure>", lambda _: self._update(), add="+")

    def _update(self) -> None:
        first, last = self._range
        height = self._under.winfo_height()
        share = last - first
        if share >= 1 or height <= 1:
            self._shown = None
            self.place_forget()
            return
        length = min(height, max(self._look.px(_LEAST), round(height * share)))
        top = round((height - length) * min(1.0, max(0.0, first / (1 - share))))
        if (top, length) != self._shown:
            self._shown = (top, length)
            self.place(relx=1, x=-self._look.px(2), y=top, height=length, anchor="ne")
            self._draw(length)

    def _draw(self, length: int) -> None:
        width = self._look.px(_WIDTH)
        cap = self._look.art.rounded(width, width, _WIDTH / 2, self._colour)
        self.delete("all")
        self.create_image(0, 0, image=cap, anchor="nw")
        self.create_image(0, length - width, image=cap, anchor="nw")
        self.create_rectangle(0, width / 2, width, length - width / 2, width=0, fill=self._colour)

    def _colour_in(self, colour: str) -> None:
        self._colour = colour
        if self._shown is not None:
            self._draw(self._shown[1])

    def _hold(self, event: "tk.Event[tk.Misc]") -> None:
        self._held_at = event.y

    def _drag(self, event: "tk.Event[tk.Misc]") -> None:
        if self._held_at is None or self._shown is None:
            return
        top, length = self._shown
        space = self._under.winfo_height() - length
        first, last = self._range
        if space > 0:
            share = min(1.0, max(0.0, (top + event.y - self._held_at) / space))
            self._on_move(share * (1 - (last - first)))

    def _let_go(self, event: "tk.Event[tk.Misc]") -> None:
        self._held_at = None
        inside = 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height()
        self._colour_in(_ACTIVE if inside else _QUIET)

    def _pass_on(self, event: "tk.Event[tk.Misc]") -> None:
        x, y = event.x + self.winfo_x(), event.y + self.winfo_y()
        if event.num in (4, 5):
            self._under.event_generate(f"<Button-{event.num}>", x=x, y=y)
        else:
            self._under.event_generate("<MouseWheel>", x=x, y=y, delta=event.delta)
