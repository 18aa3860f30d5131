"""What is to be filled in for a login: three ways to get in."""

import re
import tkinter as tk
from collections.abc import Callable
from typing import Final, Protocol

from tkclient.interfaces import LoginEvents, LoginForm
from tkclient.ui.controls.check import Check
from tkclient.ui.controls.noted_field import NotedField
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.login_troubles import ACCOUNT_CODES, PASSWORD_CODES, SERVER_CODES

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_LEAST_PASSWORD: Final = 8
_MOST_NAME: Final = 32
SERVER_HINT: Final = "im.example.com:7397"


class Fields(Protocol):
    """One of the ways, as the login window needs it."""

    def submit(self, events: LoginEvents) -> None:
        """Raise what was filled in, or say beside the first field that is wrong what is."""
        ...

    def set_enabled(self, enabled: bool) -> None:
        """Whether one can write."""
        ...

    def place_for(self, code: str = "") -> tk.Misc:
        """Where this trouble can be ended, marked as wrong; for "" where something is missing."""
        ...


class FieldColumn(tk.Frame):
    """Fields under each other."""

    def __init__(self, parent: tk.Misc, look: Look, on_enter: Callable[[], object]) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self.look = look
        self._on_enter = on_enter
        self._fields: list[NotedField] = []

    def add(self, hint: str, value: str = "", *, secret: bool = False) -> NotedField:
        """One more at the end."""
        field = NotedField(self, self.look, hint, secret, self._on_enter, value)
        field.pack(fill="x", pady=(0, self.look.px(10)))
        self._fields.append(field)
        return field

    def set_enabled(self, enabled: bool) -> None:
        """Whether one can write."""
        for field in self._fields:
            field.field.set_enabled(enabled)

    def wrong(self, field: NotedField) -> NotedField:
        """Something else is to be written there."""
        field.field.set_trouble(True)
        field.field.select_all()
        return field

    def is_complete(self, *checks: tuple[NotedField, str]) -> bool:
        """Says of each field what is wrong with it, "" nothing, and goes to the first; whether all is well."""
        for field, complaint in checks:
            field.complain(complaint)
        wrong = next((field for field, complaint in checks if complaint), None)
        if wrong is not None:
            wrong.focus()
        return wrong is None


class LoginFields(FieldColumn):
    """Account and password; the server's address only while it is asked for."""

    def __init__(self, parent: tk.Misc, look: Look, form: LoginForm, on_enter: Callable[[], object]) -> None:
        super().__init__(parent, look, on_enter)
        words = look.words
        self.server = self.add(SERVER_HINT, form.server)
        self.account = self.add(words("Account"), form.user_id)
        self.password = self.add(words("Password"), secret=True)
        self.remember: Check | None = None
        if form.can_remember:
            self.remember = Check(self, look, words("Remember me"), form.remember, size=13)
            self.remember.pack(pady=(0, look.px(2)))
        self.show_server(not form.server)

    @property
    def is_server_shown(self) -> bool:
        """Whether the server's address can be changed now."""
        return bool(self.server.winfo_manager())

    def show_server(self, shown: bool) -> None:
        """Show the field of the server's address, or not."""
        if shown and not self.is_server_shown:
            self.server.pack(fill="x", pady=(0, self.look.px(10)), before=self.account)
        elif not shown:
            self.server.pack_forget()

    def submit(self, events: LoginEvents) -> None:
        words = self.look.words
        server, account = self.server.value.strip(), self.account.value.strip()
        if not server:
            self.show_server(True)
        if self.is_complete(
            (self.server, "" if server else words("Please enter the server's address.")),
            (self.account, "" if account else words("Please enter your account.")),
            (self.password, "" if self.password.value else words("Please enter your password.")),
        ):
            remember = self.remember is not None and self.remember.value
            events.login(server, account, self.password.value, remember)

    def place_for(self, code: str = "") -> tk.Misc:
        if code in SERVER_CODES:
            self.show_server(True)
            return self.wrong(self.server)
        if code in PASSWORD_CODES:
            return self.wrong(self.password)
        fields = (self.server, self.account, self.password)
        return next((field for field in fields if not field.value), self.password)


class RegisterFields(FieldColumn):
    """What a new account needs."""

    def __init__(self, parent: tk.Misc, look: Look, form: LoginForm, on_enter: Callable[[], object]) -> None:
        super().__init__(parent, look, on_enter)
        words = look.words
        self.server = self.add(SERVER_HINT, form.server)
        self.account = self.add(words("Account: letters and digits"))
        self.nickname = self.add(words("Nickname"))
        self.password = self.add(words("Password: 8 characters or more"), secret=True)
        self.again = self.add(words("Password once more"), secret=True)

    def submit(self, events: LoginEvents) -> None:
        server, account = self.server.value.strip(), self.account.value.strip()
        nickname = self.nickname.value.strip()
        server_missing = "" if server else self.look.words("Please enter the server's address.")
        if self.is_complete(
            (self.server, server_missing),
            (self.account, self._of_account(account)),
            (self.nickname, self._of_nickname(nickname)),
            (self.password, self._of_password()),
            (self.again, self._of_repetition()),
        ):
            events.register(server, account, self.password.value, nickname)

    def place_for(self, code: str = "") -> tk.Misc:
        places = (
            (SERVER_CODES, self.server),
            (ACCOUNT_CODES, self.account),
            (PASSWORD_CODES, self.password),
        )
        for codes, field in places:
            if code in codes:
                return self.wrong(field)
        return next((field for field in self._fields if not field.value), self.account)

    def _of_account(self, account: str) -> str:
        if not account:
            return self.look.words("Please choose an account name.")
        if _ACCOUNT.fullmatch(account):
            return ""
        return self.look.words("Up to 32 letters, digits and . _ - with a letter or digit first.")

    def _of_nickname(self, nickname: str) -> str:
        if not nickname:
            return self.look.words("Please choose a nickname.")
        if len(nickname) > _MOST_NAME:
            return self.look.words("A name has up to 32 characters.")
        return ""

    def _of_password(self) -> str:
        enough = len(self.password.value) >= _LEAST_PASSWORD
        return "" if enough else self.look.words("At least 8 characters.")

    def _of_repetition(self) -> str:
        same = self.again.value == self.password.value
        return "" if same else self.look.words("The two passwords differ.")


class RememberedFields(FieldColumn):
    """Nothing: this desktop has kept the login."""

    def __init__(self, parent: tk.Misc, look: Look, form: LoginForm, on_enter: Callable[[], object]) -> None:
        super().__init__(parent, look, on_enter)
        self._form = form
        tk.Frame(self, height=look.px(72), background=palette.WHITE).pack()

    def submit(self, events: LoginEvents) -> None:
        events.login(self._form.server, self._form.user_id, "", True)

    def place_for(self, code: str = "") -> tk.Misc:
        return self
