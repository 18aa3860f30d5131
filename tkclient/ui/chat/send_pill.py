"""The button that sends."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.controls.pressable import Pressable
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_WIDTH: Final = 98
_HEIGHT: Final = 32
_RADIUS: Final = 4
_PADDING: Final = 12
_SIZE: Final = 14
_PRESSED: Final = "#d2d2d2"


class SendPill(Pressable):
    """Green words on a grey pill, 98 × 32; wider if the words need it."""

    def __init__(self, parent: tk.Misc, look: Look, command: Callable[[], object]) -> None:
        self._look = look
        self._text = look.words("Send (S)")
        width = max(look.px(_WIDTH), look.measure(self._text, _SIZE) + 2 * look.px(_PADDING))
        super().__init__(parent, command, width=width, height=look.px(_HEIGHT))

    def draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1 or height <= 1:
            return
        border = palette.SEND if self.has_focus else None
        image = self._look.art.rounded(width, height, _RADIUS, self._fill, border=border)
        self.create_image(0, 0, image=image, anchor="nw")
        font = self._look.font(_SIZE)
        self.create_text(width // 2, height // 2, text=self._text, font=font, fill=palette.SEND)

    @property
    def _fill(self) -> str:
        if self.is_pressed:
            return _PRESSED
        return palette.PILL_HOVER if self.is_hovered else palette.PILL
