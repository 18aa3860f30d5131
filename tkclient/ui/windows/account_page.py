"""The page of the settings about oneself."""

import tkinter as tk
from collections.abc import Callable

from tkclient.interfaces import ChatEvents, Outcome
from tkclient.model.chat import ChatModel
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import confirm
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.lists.portraits import spec_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.password import PasswordDialog
from tkclient.ui.windows.portrait import Portrait
from tkclient.ui.windows.profile import ProfileDialog


class AccountPage(tk.Frame):
    """Who is logged in; changing that, the password, and logging out."""

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self._look = look
        self._model = model
        self._events = events
        self.password_dialog: PasswordDialog | None = None
        self.profile_dialog: ProfileDialog | None = None
        self._build()

    def refresh(self) -> None:
        """Show what the model knows now."""
        user = self._model.user
        self._portrait.show(spec_of(user))
        self.name.text = user.nickname
        self._id.text = self._look.words("Account: {id}", id=user.user_id)

    def told(self, outcome: Outcome) -> bool:
        """How something ended; whether it was for an open dialog, and is said there."""
        dialog = self.password_dialog
        return dialog is not None and dialog.is_open and dialog.told(outcome)

    def _build(self) -> None:
        look, words = self._look, self._look.words
        head = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x", pady=(0, look.px(24)))
        self._portrait = Portrait(head, look, 64)
        self._portrait.pack(side="left", padx=(0, look.px(16)))
        names = tk.Frame(head, background=palette.WHITE, highlightthickness=0, bd=0)
        names.pack(side="left", fill="x", expand=True)
        self.name = LineLabel(names, look, size=17)
        self.name.pack(fill="x")
        self._id = LineLabel(names, look, size=13, colour=palette.CHAT_NOTE)
        self._id.pack(fill="x")
        self.edit_button = self._add_button(words("Edit profile"), self._edit)
        self.password_button = self._add_button(words("Change password"), self._change_password)
        tk.Frame(self, height=1, background=palette.LINE).pack(fill="x", pady=look.px(18))
        self.logout_button = Button(self, look, words("Log out"), self._log_out, kind="danger", width=160)
        self.logout_button.pack(anchor="w")

    def _add_button(self, text: str, command: Callable[[], object]) -> Button:
        button = Button(self, self._look, text, command, kind="plain", width=160)
        button.pack(anchor="w", pady=(0, self._look.px(10)))
        return button

    def _edit(self) -> None:
        self.profile_dialog = ProfileDialog(self, self._look, self._model, self._events)

    def _change_password(self) -> None:
        self.password_dialog = PasswordDialog(self, self._look, self._events)

    def _log_out(self) -> None:
        question = self._look.words("Log out? What you have received stays on this computer.")
        confirm(self, self._look, question, self._look.words("Log out"), self._events.logout)
