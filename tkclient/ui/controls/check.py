"""Yes or no."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.pressable import Pressable, room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_BOX = 16
_GAP = 8


class Check(Pressable):
    """A box to tick, with what it means beside it. on_change: hears the new value."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        text: str,
        value: bool = False,
        on_change: Callable[[bool], object] | None = None,
        *,
        size: float = 14,
        ground: str = "",
    ) -> None:
        self._look = look
        self._text = text
        self._size = size
        self._value = value
        self._on_change = on_change
        width = look.px(_BOX + _GAP + 4) + look.measure(text, size)
        super().__init__(
            parent, self._toggle, width=width, height=look.px(room_for_text(look, 26)), ground=ground
        )

    @property
    def value(self) -> bool:
        """Whether it is ticked."""
        return self._value

    @value.setter
    def value(self, value: bool) -> None:
        self._value = value
        self.draw()

    def draw(self) -> None:
        self.delete("all")
        px, art = self._look.px, self._look.art
        middle = self.winfo_height() // 2
        left, top, side = px(2), middle - px(_BOX) // 2, px(_BOX)
        if self.has_focus:
            grown = side + 2 * px(2)
            self.create_image(0, top - px(2), image=art.rounded(grown, grown, 5, "#9ed3b7"), anchor="nw")
        fill = palette.PRIMARY if self._value else palette.WHITE
        border = palette.PRIMARY if self._value else "#8a8a8a"
        self.create_image(left, top, image=art.rounded(side, side, 3, fill, border=border), anchor="nw")
        if self._value:
            mark = art.icon("check-lg", 11, palette.WHITE)
            self.create_image(left + side // 2, middle, image=mark)
        colour = palette.TEXT if self.is_enabled else palette.CHAT_NOTE
        x = left + side + px(_GAP)
        self.create_text(
            x, middle, text=self._text, anchor="w", font=self._look.font(self._size), fill=colour
        )

    def _toggle(self) -> None:
        self.value = not self._value
        if self._on_change is not None:
            self._on_change(self._value)
