"""The pill that says how many messages have come below what is read."""

import tkinter
from collections.abc import Callable
from typing import Final

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 34
_PADDING: Final = 14
_ICON: Final = 13
_SIZE: Final = 13


class NewPill(tkinter.Canvas):
    """Lies over the lower edge of `parent`. on_click: somebody wants to see them."""

    def __init__(self, parent: tkinter.Misc, look: Look, on_click: Callable[[], object]) -> None:
        super().__init__(
            parent, highlightthickness=0, bd=0, background=palette.CHAT, cursor="hand2", takefocus=0
        )
        self._look = look
        self._count = 0
        self.bind("<Button-1>", lambda _: on_click())

    def set(self, count: int) -> None:
        """Say that there are so many; 0 takes it away."""
        if count == self._count:
            return
        self._count = count
        if not count:
            self.place_forget()
            return
        width = self._draw(self._look.words.count("{count} new message", "{count} new messages", count))
        self.place(
            relx=1, rely=1, x=-self._look.px(24), y=-self._look.px(16), anchor="se",
            width=width, height=self._look.px(_HEIGHT),
        )  # fmt: skip

    def _draw(self, text: str) -> int:
        look, px = self._look, self._look.px
        height, padding, icon = px(_HEIGHT), px(_PADDING), px(_ICON)
        width = 2 * padding + look.measure(text, _SIZE) + px(6) + icon
        ground = look.art.rounded(width, height, _HEIGHT / 2, palette.WHITE, palette.CHAT, palette.LINE)
        self.delete("all")
        self.create_image(0, 0, anchor="nw", image=ground)
        self.create_text(
            padding, height // 2, anchor="w", text=text, font=look.font(_SIZE), fill=palette.SEND
        )
        self.create_image(
            width - padding, height // 2, anchor="e", image=look.art.icon("chevron-down", _ICON, palette.SEND)
        )
        return width
