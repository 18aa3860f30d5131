"""The window in which emoji and faces are picked."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.picker_panel import PickerEvents, PickerPanel
from tkclient.ui.controls.popup import Popup
from tkclient.ui.look.look import Look

HEIGHT: Final = 304
MOST_RECENT: Final = 20


class EmojiPicker:
    """Opens and closes the window, 432 × 304. An emoji that is picked leaves it open; a face, or a typed character, closes it.

    anchor: the button for it. on_recent: hears the emoji used lately, newest first, when it closes and they are others.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        events: PickerEvents,
        *,
        anchor: tk.Misc,
        on_recent: Callable[[tuple[str, ...]], object],
    ) -> None:
        self._parent = parent
        self._look = look
        self._events = events
        self._anchor = anchor
        self._on_recent = on_recent
        self._popup: Popup | None = None
        self._recent: tuple[str, ...] = ()
        self._used: tuple[str, ...] = ()
        self.panel: PickerPanel | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self._popup is not None

    def toggle(self, x_root: int, bottom_root: int, recent: tuple[str, ...]) -> None:
        """Open it with its lower left corner at a place of the screen, or close it. recent: emoji used lately."""
        if self._popup is not None:
            self.close()
            return
        self._recent, self._used = recent, ()
        popup = self._popup = Popup(self._parent, self._look, anchor=self._anchor, on_close=self._closed)
        events = PickerEvents(emoji=self._emoji_picked, face=self._face_picked, typed=self._typed)
        self.panel = PickerPanel(popup.body, self._look, events, recent)
        self.panel.pack(fill="both", expand=True)
        popup.place_at(x_root, bottom_root - self._look.px(HEIGHT))
        self.panel.grid_of_cells.focus_set()

    def close(self) -> None:
        """Take it away."""
        if self._popup is not None:
            self._popup.close()

    def _closed(self) -> None:
        self._popup = self.panel = None
        recent = tuple(dict.fromkeys((*self._used, *self._recent)))[:MOST_RECENT]
        if recent != self._recent:
            self._on_recent(recent)

    def _emoji_picked(self, sequence: str) -> None:
        self._used = (sequence, *self._used)
        self._events.emoji(sequence)

    def _face_picked(self, face_id: str) -> None:
        self.close()
        self._events.face(face_id)

    def _typed(self, character: str) -> None:
        self.close()
        self._events.typed(character)
