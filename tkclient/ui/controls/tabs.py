"""Names of pages under each other, of which one is open."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tkclient.ui.controls.pressable import Pressable, room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 38


class Tabs(tk.Frame):
    """A column of tabs, `width` at scale 1, more if a name needs it. on_change: hears the key of the one that was chosen."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        tabs: Sequence[tuple[str, str]],
        value: str,
        on_change: Callable[[str], object],
        *,
        width: float = 132,
        ground: str = palette.CHAT,
    ) -> None:
        super().__init__(parent, background=ground, highlightthickness=0, bd=0)
        self._on_change = on_change
        self._value = value
        tk.Frame(self, height=look.px(8), background=ground).pack()
        wide = max(look.px(width), *(look.measure(text, 14) + look.px(34) for _, text in tabs))
        self.tabs: dict[str, _Tab] = {}
        for key, text in tabs:
            tab = _Tab(self, look, text, lambda key=key: self._choose(key), wide)  # type: ignore[misc]
            tab.pack(fill="x")
            self.tabs[key] = tab
        self._update()

    @property
    def value(self) -> str:
        """The key of the one that is open."""
        return self._value

    def _choose(self, key: str) -> None:
        if key != self._value:
            self._value = key
            self._update()
            self._on_change(key)

    def _update(self) -> None:
        for key, tab in self.tabs.items():
            tab.set_open(key == self._value)


class _Tab(Pressable):
    def __init__(
        self, parent: tk.Misc, look: Look, text: str, command: Callable[[], object], width: int
    ) -> None:
        self._look = look
        self._text = text
        self._is_open = False
        super().__init__(parent, command, width=width, height=look.px(room_for_text(look, _HEIGHT)))

    def set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.draw()

    def draw(self) -> None:
        self.delete("all")
        px, width, height = self._look.px, self.winfo_width(), self.winfo_height()
        if self._is_open or self.is_hovered or self.has_focus:
            colour = palette.TILES if self._is_open else palette.PILL
            inset = px(6)
            tall = height - 2 * px(2)
            border = palette.PRIMARY if self.has_focus else None
            image = self._look.art.rounded(max(width - 2 * inset, 8), max(tall, 8), 5, colour, border=border)
            self.create_image(inset, px(2), image=image, anchor="nw")
        font = self._look.font(14)
        self.create_text(px(20), height // 2, text=self._text, anchor="w", font=font, fill=palette.TEXT)
