"""What somebody wrote, in as many lines as it takes."""

import tkinter as tk
from functools import partial
from typing import Final

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.drawing import draw_pieces, emoji_width
from tkclient.ui.text.wrapping import Line, wrap

_LINE_HEIGHT: Final = 1.5
_MORE: Final = "…"


class Paragraph(tk.Canvas):
    """Text with its emoji in lines of `width` at scale 1.

    most_lines: at most so many, the last one then ends in "…", and `is_shortened`; 0 is no limit.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        text: str,
        width: float,
        size: float = 14,
        colour: str = palette.TEXT,
        *,
        most_lines: int = 0,
        is_centred: bool = False,
        ground: str = "",
    ) -> None:
        ground = ground or ground_of(parent)
        super().__init__(parent, highlightthickness=0, bd=0, background=ground, takefocus=0)
        self._look = look
        self._width = look.px(width)
        self._size = size
        self._colour = colour
        self._most_lines = most_lines
        self._is_centred = is_centred
        self._text = ""
        self.is_shortened = False
        self._draw(text)

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._draw(text)

    def _draw(self, text: str) -> None:
        look, size = self._look, self._size
        self._text = text
        self.delete("all")
        lines = self._lines(text)
        height = round(look.px(size) * look.text_size / 100 * _LINE_HEIGHT)
        for number, line in enumerate(lines):
            room = self._width - line.width
            left = room // 2 if self._is_centred else room * line.is_rtl
            middle = number * height + height // 2
            draw_pieces(self, look, line.pieces, left, middle, size=size, fill=self._colour)
        self.configure(width=self._width, height=height * len(lines))

    def _lines(self, text: str) -> tuple[Line, ...]:
        measure = partial(self._look.measure, size=self._size)
        emoji = emoji_width(self._look, self._size)
        lines = wrap(text, self._width, measure, emoji)
        self.is_shortened = 0 < self._most_lines < len(lines)
        if not self.is_shortened:
            return lines
        kept = lines[: self._most_lines - 1]
        start = lines[self._most_lines - 1].start
        last = lines[self._most_lines - 1]
        # As much of the last line as leaves room for the dots.
        narrow = wrap(text[start : last.end].rstrip(), self._width - measure(_MORE), measure, emoji)[0]
        shown = text[start : start + narrow.end].rstrip() + _MORE
        return (*kept, *wrap(shown, self._width, measure, emoji)[:1])
