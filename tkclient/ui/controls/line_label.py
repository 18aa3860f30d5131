"""One line that somebody wrote."""

import tkinter as tk
from typing import Literal

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line


class LineLabel(tk.Canvas):
    """A name or another single line of people's own text, with its emoji; what is too wide ends in "…".

    size, width: at scale 1; without a width it takes what it is given. anchor: where the line stands in it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        text: str = "",
        size: float = 14,
        colour: str = palette.TEXT,
        *,
        width: float = 0,
        bold: bool = False,
        anchor: Literal["w", "center"] = "w",
        ground: str = "",
    ) -> None:
        ground = ground or ground_of(parent)
        super().__init__(parent, highlightthickness=0, bd=0, background=ground, takefocus=0)
        self.configure(width=look.px(width or 10), height=round(look.px(size) * look.text_size / 100 * 1.5))
        self._look = look
        self._text = text
        self._size = size
        self._colour = colour
        self._bold = bold
        self._side: Literal["w", "center"] = anchor
        self.bind("<Configure>", lambda _: self._draw())

    @property
    def text(self) -> str:
        """What stands there."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._draw()

    def _draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1:
            return
        x = width // 2 if self._side == "center" else 0
        draw_line(
            self,
            self._look,
            x,
            height // 2,
            self._text,
            self._size,
            self._colour,
            width=width,
            anchor=self._side,
            bold=self._bold,
        )
