"""The bar of tools above the text."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.picker import EmojiPicker
from tkclient.ui.chat.picker_panel import PickerEvents
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 40
_ICON: Final = 19
_MARGIN: Final = 24
_BUTTON_PADDING: Final = 5
_PICKER_X: Final = 14
_ABOVE: Final = 4


class ToolBar(tk.Frame):
    """Opens the picker of emoji and faces above itself.

    recent: gives the emoji used lately; on_recent: hears others.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        events: PickerEvents,
        *,
        recent: Callable[[], tuple[str, ...]],
        on_recent: Callable[[tuple[str, ...]], object],
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0, height=look.px(_HEIGHT))
        self.pack_propagate(False)
        self._look = look
        self._recent = recent
        self.emoji_button = IconButton(
            self, look, "emoji-smile", self.toggle_picker, size=_ICON, active_colour=palette.SEND, tooltip=look.words("Emoji")
        )  # fmt: skip
        self.emoji_button.pack(side="left", padx=(look.px(_MARGIN - _BUTTON_PADDING), 0))
        self.picker = EmojiPicker(self, look, events, anchor=self.emoji_button, on_recent=on_recent)

    def toggle_picker(self) -> None:
        """Open the picker, or close it."""
        x = self.winfo_rootx() + self._look.px(_PICKER_X)
        self.picker.toggle(x, self.winfo_rooty() - self._look.px(_ABOVE), self._recent())
