"""What can be set of a dialogue as such."""

import tkinter as tk

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import TalkKey
from tkclient.ui.controls.check import Check
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class TalkSwitches(tk.Frame):
    """Whether a dialogue is muted, and whether it stays on top of the list."""

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, key: TalkKey
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self._model = model
        self._key = key
        words = look.words
        self.mute = Check(
            self, look, words("Mute notifications"), on_change=lambda on: events.mute_talk(key, on)
        )
        self.mute.pack(anchor="w", pady=look.px(3))
        self.pin = Check(self, look, words("Pin chat to top"), on_change=lambda on: events.pin_talk(key, on))
        self.pin.pack(anchor="w", pady=look.px(3))

    def refresh(self) -> None:
        """Show what the model knows now; a dialogue that is on no list cannot be set."""
        talk = self._model.talks.get(self._key)
        for check, value in (
            (self.mute, talk is not None and talk.is_muted),
            (self.pin, talk is not None and talk.is_pinned),
        ):
            check.value = value
            check.set_enabled(talk is not None)
