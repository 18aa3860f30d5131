"""Asking somebody to be a friend."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.model.people import Person
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.lists.portraits import spec_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.portrait import Portrait

_WIDTH: Final = 320
_MOST: Final = 100
"""Characters of a greeting that a node takes."""


class AddFriendDialog(Dialog):
    """Asks for the words that go with a request; those who take everybody as a friend do not need them.

    Args:
        greeting: what is written there at first.
        on_add: hears the user_id and the greeting.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, person: Person, greeting: str, on_add: Callable[[str, str], object]
    ) -> None:
        super().__init__(parent, look, look.words("Add friend"), on_return=self._add)
        self._person = person
        self._on_add = on_add
        self._make_head(person)
        self._make_field(greeting)
        row = self.row()
        cancel = Button(row, look, look.words("Cancel"), self.close, kind="plain", width=88)
        self.add_button = Button(row, look, look.words("Send request"), self._add, width=88)
        self.add_buttons(cancel, self.add_button)
        self.field.focus()

    def _make_head(self, person: Person) -> None:
        look, row = self._look, self.row(0)
        row.configure(width=look.px(_WIDTH))
        Portrait(row, look, 42, spec_of(person)).pack(side="left", padx=(0, look.px(12)))
        LineLabel(row, look, person.name, 14).pack(fill="x")
        LineLabel(row, look, person.user_id, 12, palette.CHAT_NOTE).pack(fill="x")

    def _make_field(self, greeting: str) -> None:
        look = self._look
        label = tk.Label(self.body, text=look.words("Say who you are:"), font=look.font(12), anchor="w", bd=0)
        label.configure(background=palette.WHITE, foreground=palette.CHAT_NOTE, padx=0)
        label.pack(fill="x", pady=(look.px(16), look.px(6)))
        self.field = Field(
            self.body, look, width=_WIDTH, value=greeting[:_MOST], most=_MOST, on_enter=self._add
        )
        self.field.pack(fill="x")

    def _add(self) -> None:
        greeting = self.field.value.strip()
        self.close()
        self._on_add(self._person.user_id, greeting)
