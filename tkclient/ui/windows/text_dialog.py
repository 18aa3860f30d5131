"""Writing a name or a longer text anew."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.emoji_text import EmojiText
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_WIDTH: Final = 320
_LINES: Final = 8


class TextDialog(Dialog):
    """Shows a text to be changed.

    Args:
        most: characters it takes. long: it has several lines; Return breaks them, Control+Return saves.
        may_be_empty: nothing is a text, too.
        on_save: hears the text, without white space about it, if it is another one.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        text: str,
        on_save: Callable[[str], object],
        *,
        most: int,
        long: bool = False,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(parent, look, title, on_return=None if long else self.submit)
        self._before = text
        self._on_save = on_save
        self._may_be_empty = may_be_empty
        LineLabel(self.body, look, title, 16, width=_WIDTH).pack(fill="x", pady=(0, look.px(14)))
        self.field: Field | EmojiText = self._make_long(text, most) if long else self._make_short(text, most)
        row = self.row(16)
        self.cancel_button = Button(row, look, look.words("Cancel"), self.close, kind="plain", width=88)
        self.save_button = Button(row, look, look.words("Save"), self.submit, width=88)
        self.add_buttons(self.cancel_button, self.save_button)
        self.begin_at(self.field)

    def submit(self) -> None:
        """Take the text, and close."""
        text = self.field.value.strip()
        if not text and not self._may_be_empty:
            self.field.focus()
            return
        self.close()
        if text != self._before:
            self._on_save(text)

    def _make_short(self, text: str, most: int) -> Field:
        field = Field(self.body, self._look, value=text, most=most)
        field.pack(fill="x")
        return field

    def _make_long(self, text: str, most: int) -> EmojiText:
        frame = tk.Frame(self.body, background=palette.FIELD, highlightthickness=0, bd=0)
        frame.pack(fill="x")
        field = EmojiText(frame, self._look, height=_LINES, most=most, background=palette.FIELD)
        field.pack(fill="x", padx=self._look.px(10), pady=self._look.px(8))
        field.value = text
        field.bind("<Control-Return>", lambda _: self._save_by_key())
        return field

    def _save_by_key(self) -> str:
        self.submit()
        return "break"
