"""The skin tones of one emoji, offered over the cells of the picker."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.picker_pages import EMOJI_SIZE
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_CELL: Final = 38
_PADDING: Final = 4


class ToneBar(tk.Canvas):
    """A row of emoji in a frame, above the one that it is about. on_pick: hears the one that is clicked."""

    def __init__(self, parent: tk.Canvas, look: Look, on_pick: Callable[[str], object]) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=1, bd=0, cursor="hand2")
        self.configure(highlightbackground=palette.TILES, height=look.px(_CELL + 2 * _PADDING))
        self._look = look
        self._on_pick = on_pick
        self._shown: tuple[str, ...] = ()
        self.bind("<Button-1>", self._clicked)

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return bool(self._shown)

    def open(self, sequences: tuple[str, ...], middle: int, bottom: int) -> None:
        """Show emoji with the middle and the lower edge there, as far as the parent has room, in pixels."""
        self._shown = sequences
        px, width = self._look.px, self._look.px(_CELL * len(sequences) + 2 * _PADDING)
        self.configure(width=width)
        self.delete("all")
        for number, sequence in enumerate(sequences):
            image = self._look.art.emoji(sequence, EMOJI_SIZE)
            x, y = px(_PADDING + (number + 0.5) * _CELL), px(_PADDING + _CELL / 2)
            self.create_image(x, y, image=image)
        left = max(0, min(middle - width // 2, self.master.winfo_width() - width - px(_PADDING)))
        self.place(x=left, y=max(0, bottom - self.winfo_reqheight()))
        self.tk.call("raise", self)

    def close(self) -> None:
        """Take it away."""
        self._shown = ()
        self.place_forget()

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        number = int((event.x - self._look.px(_PADDING)) // self._look.px(_CELL))
        if 0 <= number < len(self._shown):
            sequence = self._shown[number]
            self.close()
            self._on_pick(sequence)
