"""Changing one's password."""

import tkinter as tk
from typing import Final

from tkclient.interfaces import Action, ChatEvents, Outcome
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.noted_field import NotedField
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.outcomes import outcome_words

_WIDTH: Final = 280
_LEAST: Final = 8


class PasswordDialog(Dialog):
    """Asks for the old password and twice for the new one; stays open until the node has taken it."""

    def __init__(self, parent: tk.Misc, look: Look, events: ChatEvents) -> None:
        words = look.words
        super().__init__(parent, look, words("Change password"), on_return=self.submit)
        self._events = events
        LineLabel(self.body, look, words("Change password"), 16, width=room_for_text(look, _WIDTH)).pack(
            fill="x", pady=(0, look.px(14))
        )
        self.old = self._add(words("Old password"))
        self.new = self._add(words("New password: 8 characters or more"))
        self.again = self._add(words("New password once more"))
        row = self.row(10)
        self.cancel_button = Button(row, look, words("Cancel"), self.close, kind="plain", width=88)
        self.change_button = Button(row, look, words("Change"), self.submit, width=88)
        self.add_buttons(self.cancel_button, self.change_button)
        self.begin_at(self.old)

    def submit(self) -> None:
        """Raise it, or say beside the fields what is wrong."""
        words = self._look.words
        self.old.complain("" if self.old.value else words("Please enter your old password."))
        self.new.complain("" if len(self.new.value) >= _LEAST else words("At least 8 characters."))
        same = self.again.value == self.new.value
        self.again.complain("" if same else words("The two passwords differ."))
        wrong = next((field for field in (self.old, self.new, self.again) if field.note), None)
        if wrong is not None:
            wrong.focus()
        elif self.change_button.is_enabled:
            self.change_button.set_enabled(False)
            self._events.change_password(self.old.value, self.new.value)

    def told(self, outcome: Outcome) -> bool:
        """How it ended; whether it is said here. What was done closes the dialog, and is left to be said elsewhere."""
        if outcome.action is not Action.CHANGE_PASSWORD:
            return False
        if not outcome.code:
            self.close()
            return False
        self.change_button.set_enabled(True)
        field = self.new if outcome.code == "WEAK_PASSWORD" else self.old
        field.complain(outcome_words(outcome, self._look.words))
        field.focus()
        return True

    def _add(self, hint: str) -> NotedField:
        field = NotedField(self.body, self._look, hint, secret=True)
        field.configure(background=palette.WHITE)
        field.pack(fill="x", pady=(0, self._look.px(10)))
        return field
