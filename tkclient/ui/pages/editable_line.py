"""A line that becomes a field when it is clicked."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.controls.field import Field
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT: Final = 32


class EditableLine(tk.Frame):
    """A text with a pencil. Return, or going elsewhere, saves what is written; Esc leaves it as it was.

    Args:
        hint: what stands there, paler, while there is no text.
        on_save: hears another text than the one that was there.
        most: how many characters it may have.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        hint: str,
        tooltip: str,
        on_save: Callable[[str], object],
        most: int,
    ) -> None:
        super().__init__(parent, background=ground_of(parent), bd=0, highlightthickness=0)
        self.configure(height=look.px(_HEIGHT))
        self.pack_propagate(False)
        self._look = look
        self._hint = hint
        self._on_save = on_save
        self._most = most
        self._text = ""
        self._is_enabled = True
        self.field: Field | None = None
        self._shown = tk.Frame(self, background=ground_of(self), bd=0, highlightthickness=0)
        self.pencil = IconButton(self._shown, look, "pencil", self.edit, size=14, tooltip=tooltip)
        self.pencil.pack(side="right")
        self._label: LineLabel | None = None
        self._shown.pack(fill="both", expand=True)
        self._show()

    @property
    def text(self) -> str:
        """What is there, whatever is being written."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._show()

    def set_enabled(self, enabled: bool) -> None:
        """Whether it can be edited; what is being written is left as it was if not."""
        if enabled == self._is_enabled:
            return
        self._is_enabled = enabled
        self._leave()
        if enabled:
            self.pencil.pack(side="right")
        else:
            self.pencil.pack_forget()

    def edit(self) -> None:
        """Let the user write."""
        if self.field is not None or not self._is_enabled:
            return
        self._shown.pack_forget()
        self.field = Field(
            self, self._look, self._hint, on_enter=self._save, value=self._text, most=self._most,
            height=_HEIGHT, colour=palette.WHITE,
        )  # fmt: skip
        self.field.pack(fill="both", expand=True)
        self.field.focus()
        self.field.entry.bind("<Escape>", self._leave, add="+")
        self.field.entry.bind("<FocusOut>", lambda _: self._save(), add="+")

    def _save(self) -> None:
        if self.field is None:
            return
        text = self.field.value.strip()
        self._leave()
        if text != self._text:
            self._on_save(text)

    def _leave(self, _event: object = None) -> str:
        # Taken first: a field that goes away loses the focus, which would save.
        field, self.field = self.field, None
        if field is not None:
            field.destroy()
            self._shown.pack(fill="both", expand=True)
        return "break"

    def _show(self) -> None:
        if self._label is not None:
            self._label.destroy()
        colour = palette.TEXT if self._text else palette.CHAT_NOTE
        self._label = LineLabel(self._shown, self._look, self._text or self._hint, 14, colour)
        self._label.configure(cursor="xterm")
        self._label.bind("<Button-1>", lambda _: self.edit())
        self._label.pack(side="left", fill="x", expand=True)
