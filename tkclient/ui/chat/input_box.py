"""Where a message is written and sent."""

import time
import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.preferences import SendKey
from tkclient.model.talk import TalkKey
from tkclient.ui.chat.drafts import Draft
from tkclient.ui.chat.emoji_text import VALUE_CHANGED, EmojiText
from tkclient.ui.chat.send_pill import SendPill
from tkclient.ui.controls.scroller import Scroller
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

MOST_CHARACTERS: Final = 4_000
"""A node takes no longer message."""
COUNTED_FROM: Final = 3_800
TYPING_EVERY_S: Final = 3.0

_MARGIN: Final = 24
_EDGE: Final = 8
_NOTE_MS: Final = 2_500
_SHIFT, _CONTROL = 0x1, 0x4


class InputBox(tk.Frame):
    """Text, a note of what is wrong with it, a counter when it becomes long, and the button that sends.

    It belongs to the dialogue that was selected at the last `refresh`: what is sent or kept goes there.
    on_sent: called after a message was sent.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        on_sent: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._on_sent = on_sent
        self._typing_told_at = float("-inf")
        self._note_timer = ""
        self._is_loading = False
        self.text = self._make_text()
        self._note = self._make_label("w")
        self._counter = self._make_label("e")
        self._pill = SendPill(self, look, self.send_text)
        self._draft = Draft(model, events, lambda: self.text.value, self.after, self.after_cancel)
        self._place()
        self._bind_events()

    @property
    def talk(self) -> TalkKey | None:
        """The dialogue that it writes to."""
        return self._draft.talk

    @property
    def note(self) -> str:
        """What it says now."""
        return str(self._note["text"])

    @property
    def counter(self) -> str:
        """How many characters are written, if that matters."""
        return str(self._counter["text"])

    def refresh(self) -> None:
        """Follow the model: another dialogue brings its own text."""
        if self._model.selected != self.talk:
            self._draft.keep()
            self._load(self._draft.begin(self._model.selected))
            self._typing_told_at = float("-inf")
        elif (text := self._draft.news()) is not None:
            self._load(text)

    def send_text(self) -> None:
        """Send what is written, unless that is nothing, or too much."""
        text = self.text.value.strip("\n").rstrip()
        if self.talk is None:
            return
        if not text.strip():
            self._say(self._look.words("There is nothing to send yet"))
            return
        if len(text) > MOST_CHARACTERS:
            words = self._look.words("Too long: {most} characters at most", most=f"{MOST_CHARACTERS:,}")
            self._say(words, palette.DANGER)
            return
        self._events.send(self.talk, text)
        self._load("")
        self._draft.keep()
        self._on_sent()

    def write(self, text: str) -> None:
        """Put `text` at the cursor."""
        self.text.write(text)
        self.text.focus_set()

    def keep_draft(self) -> None:
        """Keep what is written now, not in a moment."""
        self._draft.keep()

    def destroy(self) -> None:
        """What is written is kept."""
        self._draft.keep()
        if self._note_timer:
            self.after_cancel(self._note_timer)
        super().destroy()

    def _make_text(self) -> EmojiText:
        px = self._look.px
        text = EmojiText(self, self._look, height=1, background=palette.CHAT)
        text.configure(padx=px(_MARGIN - _EDGE), spacing1=px(1), spacing2=px(2), spacing3=px(1))
        scroller = Scroller(text, self._look, text.yview_moveto)
        text.configure(yscrollcommand=lambda first, last: scroller.set(float(first), float(last)))
        return text

    def _make_label(self, anchor: str) -> tk.Label:
        return tk.Label(
            self,
            font=self._look.font(12),
            background=palette.CHAT,
            foreground=palette.CHAT_NOTE,
            anchor="w" if anchor == "w" else "e",
            bd=0,
            padx=0,
        )

    def _place(self) -> None:
        px = self._look.px
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        self.text.grid(row=0, column=0, columnspan=3, sticky="nsew", padx=px(_EDGE))
        around = (px(4), px(12))
        self._note.grid(row=1, column=0, sticky="w", padx=(px(_MARGIN), px(8)), pady=around)
        self._counter.grid(row=1, column=1, sticky="e", padx=(0, px(12)), pady=around)
        self._pill.grid(row=1, column=2, padx=(0, px(_MARGIN)), pady=around)

    def _bind_events(self) -> None:
        self.text.bind(VALUE_CHANGED, lambda _: self._changed())
        self.text.bind("<Return>", self._returned)
        self.text.bind("<KP_Enter>", self._returned)
        self.text.bind("<FocusOut>", lambda _: self._draft.keep(), add="+")
        for widget in (self, self._note, self._counter):
            widget.bind("<Button-1>", lambda _: self.text.focus_set())

    def _returned(self, event: "tk.Event[tk.Misc]") -> str | None:
        state = int(event.state)
        wants_control = self._model.preferences.send_key is SendKey.CTRL_ENTER
        if state & _SHIFT or bool(state & _CONTROL) is not wants_control:
            self.text.write("\n")
        else:
            self.send_text()
        return "break"

    def _load(self, text: str) -> None:
        self._is_loading = True
        self.text.value = text
        self.text.see("insert")
        self._is_loading = False
        self._end_note()

    def _changed(self) -> None:
        self._count()
        if self._is_loading or self.talk is None:
            return
        self._end_note()
        self._draft.changed()
        now = time.monotonic()
        if now - self._typing_told_at >= TYPING_EVERY_S and self.text.value.strip():
            self._typing_told_at = now
            self._events.typing(self.talk)

    def _count(self) -> None:
        count = len(self.text.value)
        words = f"{count:,} / {MOST_CHARACTERS:,}" if count >= COUNTED_FROM else ""
        colour = palette.DANGER if count > MOST_CHARACTERS else palette.CHAT_NOTE
        self._counter.configure(text=words, foreground=colour)

    def _say(self, words: str, colour: str = palette.CHAT_NOTE) -> None:
        self._end_note()
        self._note.configure(text=words, foreground=colour)
        self._note_timer = self.after(_NOTE_MS, self._end_note)

    def _end_note(self) -> None:
        if self._note_timer:
            self.after_cancel(self._note_timer)
            self._note_timer = ""
        self._note.configure(text="")
