"""The field over the list, in which one writes what to look for."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.emoji_text import VALUE_CHANGED, EmojiText
from tkclient.ui.controls.pressable import Pressable
from tkclient.ui.controls.tooltip import Tooltip
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 62
_PILL_HEIGHT, _TOP = 28, 24
_LEFT, _RIGHT, _GAP = 14, 14, 8
_ICON: Final = 14
_MOST: Final = 64


class SearchField(tk.Frame):
    """A field for the search, and "+" at its right; 62 high at scale 1, and as wide as the list.

    Esc empties and leaves it.

    Args:
        on_change: what is written is another now; "" when the search is over.
        on_plus: "+" was clicked, with the place of the screen where a menu belongs.
        on_move: Up (−1) or Down (1) was pressed in the field. on_enter: Return was.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        on_change: Callable[[str], object],
        on_plus: Callable[[int, int], object],
        *,
        on_move: Callable[[int], object] = lambda _: None,
        on_enter: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent, background=palette.HEAD, bd=0, highlightthickness=0, height=look.px(_HEIGHT))
        self._look = look
        self._on_change = on_change
        self._on_plus = on_plus
        self._on_move = on_move
        self._on_enter = on_enter
        self._pill = self._make_pill()
        self.text = EmojiText(
            self._pill, look, size=13, single_line=True, most=_MOST, background=palette.SEARCH
        )
        self._hint = self._make_hint()
        self.clear_button = _Sign(
            self._pill, look, "x-circle-fill", self.clear, side=20, size=14, ground=palette.SEARCH
        )
        self.plus = _Sign(self, look, "plus-lg", self._plus_clicked, side=_PILL_HEIGHT, size=15)
        self._tooltip = Tooltip(self.plus, look, look.words("New chat or friend"))
        self._lay_out()
        self._bind_events()

    @property
    def value(self) -> str:
        """What is written."""
        return self.text.value

    def focus(self) -> None:
        """Write here, instead of what is written."""
        self.text.focus_set()
        self.text.select_all()

    def clear(self) -> None:
        """The search is over: empty the field and leave it."""
        if self.text.value:
            self.text.value = ""
        self.winfo_toplevel().focus_set()

    def _make_pill(self) -> tk.Canvas:
        pill = tk.Canvas(
            self, background=palette.HEAD, highlightthickness=0, bd=0, height=self._look.px(_PILL_HEIGHT)
        )
        pill.configure(width=1, cursor="xterm")
        return pill

    def _make_hint(self) -> tk.Label:
        """Its own, because that of a text field has the colour for lighter grounds."""
        look = self._look
        hint = tk.Label(
            self.text, text=look.words("Search"), font=look.font(13), cursor="xterm", bd=0, padx=0, pady=0
        )
        hint.configure(background=palette.SEARCH, foreground=palette.LIST_NOTE)
        hint.bind("<Button-1>", lambda _: self.text.focus_set())
        return hint

    def _lay_out(self) -> None:
        px = self._look.px
        self.pack_propagate(False)
        self.plus.pack(side="right", anchor="n", padx=(px(_GAP), px(_RIGHT)), pady=(px(_TOP), 0))
        self._pill.pack(
            side="left", anchor="n", fill="x", expand=True, padx=(px(_LEFT), 0), pady=(px(_TOP), 0)
        )

    def _bind_events(self) -> None:
        self._pill.bind("<Configure>", lambda _: self._draw())
        self._pill.bind("<Button-1>", lambda _: self.text.focus_set())
        self.text.bind(VALUE_CHANGED, lambda _: self._changed())
        for keys, command in {
            "<Escape>": self.clear,
            "<Up>": lambda: self._on_move(-1),
            "<Down>": lambda: self._on_move(1),
            "<Return>": self._on_enter,
            "<KP_Enter>": self._on_enter,
        }.items():
            self.text.bind(keys, _then_stop(command))

    def _changed(self) -> None:
        self._draw()
        self._on_change(self.value)

    def _plus_clicked(self) -> None:
        below = self.plus.winfo_rooty() + self.plus.winfo_height() + self._look.px(4)
        self._on_plus(self.plus.winfo_rootx(), below)

    def _draw(self) -> None:
        pill, look = self._pill, self._look
        width, height = pill.winfo_width(), pill.winfo_height()
        pill.delete("all")
        pill.create_image(0, 0, image=look.art.rounded(width, height, 4, palette.SEARCH), anchor="nw")
        middle, left = height // 2, look.px(9)
        pill.create_image(left, middle, image=look.art.icon("search", _ICON, palette.LIST_NOTE), anchor="w")
        text_left, right = look.px(28), width - look.px(6)
        self._hint.place_forget()
        if not self.value:
            self._hint.place(x=look.px(2), y=0)
        else:
            pill.create_window(right, middle, window=self.clear_button, anchor="e")
            right -= look.px(22)
        text = pill.create_window(text_left, middle, window=self.text, anchor="w")
        pill.itemconfigure(text, width=max(right - text_left, 1))


class _Sign(Pressable):
    """A sign on a small rounded ground of the search field's colour. side, size: of the ground and of the sign, at scale 1."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        icon: str,
        command: Callable[[], object],
        *,
        side: float,
        size: float,
        ground: str = "",
    ) -> None:
        self._look = look
        self._icon = icon
        self._sizes = (side, size)
        super().__init__(parent, command, width=look.px(side), height=look.px(side), ground=ground)

    def draw(self) -> None:
        self.delete("all")
        art, (side, size) = self._look.art, self._sizes
        pixels = self._look.px(side)
        fill = palette.SELECTED if self.is_hovered else palette.SEARCH
        border = palette.PRIMARY if self.has_focus else None
        self.create_image(0, 0, image=art.rounded(pixels, pixels, 4, fill, border=border), anchor="nw")
        colour = palette.TEXT if self.is_hovered else palette.ICON
        self.create_image(pixels // 2, pixels // 2, image=art.icon(self._icon, size, colour))


def _then_stop(command: Callable[[], object]) -> Callable[[object], str]:
    def handle(_event: object) -> str:
        command()
        return "break"

    return handle
