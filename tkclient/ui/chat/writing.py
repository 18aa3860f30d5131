"""The lower part of the panel: tools and input, or why one cannot write."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

import attrs

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import Kind
from tkclient.ui.chat.input_box import InputBox
from tkclient.ui.chat.picker_panel import PickerEvents
from tkclient.ui.chat.tools import ToolBar
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 160
_LEAST: Final = 124
_LEAST_ABOVE: Final = 160
_CLOSED: Final = 56


class Writing(tk.Frame):
    """Tools, text and the button that sends; one line of words where one cannot write. on_sent: a message was sent."""

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, on_sent: Callable[[], object]
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self.pack_propagate(False)
        self._look = look
        self._model = model
        self._events = events
        self._on_sent = on_sent
        self._wanted = look.px(_HEIGHT)
        picker = PickerEvents(emoji=self._write_emoji, face=self._send_face, typed=self._write)
        self.tools = ToolBar(self, look, picker, recent=self._recent, on_recent=self._keep_recent)
        self.input = InputBox(self, look, model, events, on_sent)
        self._closed = tk.Label(self, background=palette.CHAT, foreground=palette.CHAT_NOTE, bd=0)
        self._closed.configure(font=look.font(13))
        self._show(is_open=True)

    @property
    def is_open(self) -> bool:
        """Whether one can write."""
        talk = self._model.selected
        row = self._model.talks.get(talk) if talk else None
        return row is None or row.can_write

    @property
    def closed_words(self) -> str:
        """Why one cannot write; "" if one can."""
        return "" if self.is_open else str(self._closed["text"])

    def refresh(self) -> None:
        """Follow the model."""
        self.input.refresh()
        if not self.is_open:
            self.tools.picker.close()
            self._closed.configure(text=self._why_closed())
        self._show(is_open=self.is_open)

    def write(self, text: str) -> None:
        """Put `text` at the cursor, if one can write."""
        if self.is_open:
            self.input.write(text)

    def take_focus(self) -> None:
        """Write here."""
        if self.is_open:
            self.input.text.focus_set()

    def set_height(self, pixels: int) -> None:
        """Be so high, as far as there is room."""
        most = self.master.winfo_height() - self._look.px(_LEAST_ABOVE)
        self._wanted = max(self._look.px(_LEAST), min(pixels, most))
        self._show(is_open=self.is_open)

    def _show(self, *, is_open: bool) -> None:
        height = self._wanted if is_open else self._look.px(_CLOSED)
        self.configure(height=height)
        if is_open and not self.input.winfo_manager():
            self._closed.pack_forget()
            self.tools.pack(side="top", fill="x")
            self.input.pack(side="top", fill="both", expand=True)
        elif not is_open and not self._closed.winfo_manager():
            self.tools.pack_forget()
            self.input.pack_forget()
            self._closed.pack(fill="both", expand=True)

    def _why_closed(self) -> str:
        words, talk = self._look.words, self._model.selected
        row = self._model.talks.get(talk) if talk else None
        if talk is None or (row and row.is_official):
            return words("Only those who run this account write here")
        if talk.is_group:
            known: object = self._model.find_group(talk)
            return words("You cannot write here") if known else words("You are no longer in this group")
        known = self._model.find_friend(talk)
        return words("You cannot write here") if known else words("You are not friends any more")

    def _write(self, text: str) -> None:
        self.write(text)

    def _write_emoji(self, sequence: str) -> None:
        # The keyboard stays with the picker, which is open on.
        self.input.text.write(sequence)

    def _send_face(self, face_id: str) -> None:
        talk = self.input.talk
        if talk is not None and self.is_open:
            self._events.send(talk, face_id, Kind.FACE)
            self._on_sent()
            self.take_focus()

    def _recent(self) -> tuple[str, ...]:
        return tuple(self._model.preferences.recent_emoji.split())

    def _keep_recent(self, recent: tuple[str, ...]) -> None:
        preferences = attrs.evolve(self._model.preferences, recent_emoji=" ".join(recent))
        self._events.set_preferences(preferences)
