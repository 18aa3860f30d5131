"""Words that go by themselves."""

import tkinter as tk
from typing import Final

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_SHOWN_MS: Final = 2_600
_STEP_MS: Final = 40
_FILL: Final = "#3c3c3c"
_STEPS: Final = 5


class Toast:
    """Says something over the middle of `parent`, near its top, and takes it away."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        self._parent = parent
        self._look = look
        self._timer = ""
        self._canvas: tk.Canvas | None = None

    @property
    def text(self) -> str:
        """What it says now; "" nothing."""
        return self._text if self._canvas is not None else ""

    def say(self, text: str) -> None:
        """Say it now, instead of what it says."""
        self.clear()
        self._text = text
        width = self._look.measure(text, 13) + 2 * self._look.px(18)
        canvas = tk.Canvas(self._parent, width=width, height=self._look.px(38), highlightthickness=0, bd=0)
        canvas.configure(background=ground_of(self._parent))
        canvas.place(relx=0.5, rely=0.12, anchor="n")
        canvas.bind("<Button-1>", lambda _: self.clear())
        self._canvas = canvas
        self._draw(0)
        self._timer = canvas.after(_SHOWN_MS, self._fade, 1)

    def clear(self) -> None:
        """Say nothing."""
        if self._canvas is not None and self._canvas.winfo_exists():
            self._canvas.after_cancel(self._timer)
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
        font = self._look.font(13)
        canvas.create_text(width // 2, height // 2, text=self._text, fill=colour, font=font)


def _blend(widget: tk.Misc, colour: str, other: str, share: float) -> str:
    pairs = zip(widget.winfo_rgb(colour), widget.winfo_rgb(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share) >> 8:02x}" for one, two in pairs)
