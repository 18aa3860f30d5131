"""The tabs of the picker."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tkclient.ui.chat.picker_pages import WIDTH
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

HEIGHT: Final = 52
_TAB: Final = 38
_PILL: Final = 36
_SPRITE, _ICON = 22, 19


@attrs.frozen(kw_only=True)
class Tab:
    """One tab: an emoji, or else an icon of ours."""

    emoji: str = ""
    icon: str = ""


class PickerStrip(tk.Canvas):
    """Tabs side by side, the chosen one on a grey ground. on_choose: hears the number of the tab that is clicked."""

    def __init__(self, parent: tk.Misc, look: Look, on_choose: Callable[[int], object]) -> None:
        super().__init__(parent, background=palette.CHAT, highlightthickness=0, bd=0, takefocus=0)
        self.configure(width=look.px(WIDTH), height=look.px(HEIGHT))
        self._look = look
        self._on_choose = on_choose
        self._tabs: tuple[Tab, ...] = ()
        self._chosen = 0
        self.bind("<Button-1>", self._clicked)

    @property
    def chosen(self) -> int:
        """The number of the tab that is marked."""
        return self._chosen

    def show(self, tabs: Sequence[Tab]) -> None:
        """Show these tabs."""
        self._tabs = tuple(tabs)
        self._draw()

    def choose(self, number: int) -> None:
        """Mark a tab."""
        if number != self._chosen:
            self._chosen = number
            self._draw()

    def middle_of(self, number: int) -> int:
        """Where the middle of a tab is, from the left, in pixels."""
        return self._look.px((WIDTH - _TAB * len(self._tabs)) / 2 + (number + 0.5) * _TAB)

    def _draw(self) -> None:
        self.delete("all")
        art, px, middle = self._look.art, self._look.px, self._look.px(HEIGHT / 2)
        for number, tab in enumerate(self._tabs):
            x = self.middle_of(number)
            if number == self._chosen:
                pill = art.rounded(px(_PILL), px(_PILL), 4, palette.TILES)
                self.create_image(x, middle, image=pill)
            image = art.emoji(tab.emoji, _SPRITE) if tab.emoji else art.icon(tab.icon, _ICON, palette.ICON)
            self.create_image(x, middle, image=image)

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        number = int((event.x - self.middle_of(0)) / self._look.px(_TAB) + 0.5)
        if 0 <= number < len(self._tabs):
            self._on_choose(number)
