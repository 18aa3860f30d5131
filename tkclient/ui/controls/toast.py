"""Words that go by themselves."""

import tkinter as tk
from functools import partial
from typing import Final

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.drawing import draw_pieces, emoji_width
from tkclient.ui.text.wrapping import Line, wrap

_SHOWN_MS: Final = 2_600
_STEP_MS: Final = 40
_FILL: Final = "#3c3c3c"
_STEPS: Final = 5
_SIZE: Final = 13
_LINE: Final = 22
_MARGIN: Final = 18
_MOST: Final = 420
_LEAST: Final = 120


class Toast:
    """Says something over the middle of `parent`, near its top, and takes it away."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        self._parent = parent
        self._look = look
        self._timer = ""
        self._canvas: tk.Canvas | None = None
        self._text = ""
        self._lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """What it says now; "" nothing."""
        return self._text if self._canvas is not None else ""

    def say(self, text: str) -> None:
        """Say it now, instead of what it says."""
        self.clear()
        self._text = text
        look, margin = self._look, self._look.px(_MARGIN)
        measure = partial(look.measure, size=_SIZE)
        most = min(look.px(_MOST), max(self._parent.winfo_width() - 4 * margin, look.px(_LEAST)))
        self._lines = wrap(text, most, measure, emoji_width(look, _SIZE))
        width = max(line.width for line in self._lines) + 2 * margin
        height = look.px(_LINE) * len(self._lines) + look.px(16)
        canvas = tk.Canvas(self._parent, width=width, height=height, highlightthickness=0, bd=0)
        canvas.configure(background=ground_of(self._parent))
        canvas.place(relx=0.5, rely=0.12, anchor="n")
        canvas.bind("<Button-1>", lambda _: self.clear())
        canvas.bind("<Destroy>", lambda _: canvas.after_cancel(self._timer))
        self._canvas = canvas
        self._draw(0)
        self._timer = canvas.after(_SHOWN_MS, self._fade, 1)

    def clear(self) -> None:
        """Say nothing."""
        if self._canvas is not None and self._canvas.winfo_exists():
            self._canvas.destroy()
        self._canvas = None

    def _fade(self, step: int) -> None:
        if self._canvas is None or not self._canvas.winfo_exists():
            return
        if step == _STEPS:
            self.clear()
            return
        self._draw(step)
        self._timer = self._canvas.after(_STEP_MS, self._fade, step + 1)

    def _draw(self, step: int) -> None:
        canvas = self._canvas
        if canvas is None:
            return
        ground = str(canvas.cget("background"))
        canvas.delete("all")
        width, height = canvas.winfo_reqwidth(), canvas.winfo_reqheight()
        fill = _blend(canvas, _FILL, ground, step / _STEPS)
        canvas.create_image(0, 0, image=self._look.art.rounded(width, height, 5, fill), anchor="nw")
        colour = _blend(canvas, palette.WHITE, ground, step / _STEPS)
        for number, line in enumerate(self._lines):
            left, middle = (width - line.width) // 2, round(self._look.px(8 + _LINE * (number + 0.5)))
            draw_pieces(canvas, self._look, line.pieces, left, middle, size=_SIZE, fill=colour)


def _blend(widget: tk.Misc, colour: str, other: str, share: float) -> str:
    pairs = zip(widget.winfo_rgb(colour), widget.winfo_rgb(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share) >> 8:02x}" for one, two in pairs)
