"""The login window."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tkclient.interfaces import LoginEvents, LoginForm, LoginTrouble
from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.paragraph import Paragraph
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.login_fields import Fields, LoginFields, RegisterFields, RememberedFields
from tkclient.ui.windows.login_troubles import trouble_words
from tkclient.ui.windows.portrait import Portrait

_WIDTH: Final = 320
_MARGIN: Final = 40
_PROGRAM: Final = "naivechat"


class LoginWindow:
    """Asks who is there: by password, by the login that this desktop remembers, or with a new account.

    Has the methods of `interfaces.LoginMethods`. What was typed stays until the login succeeds.
    """

    def __init__(self, root: tk.Tk, look: Look, events: LoginEvents) -> None:
        self._look = look
        self._events = events
        self._form = LoginForm()
        self._is_busy = False
        self.window = tk.Toplevel(root, background=palette.WHITE, bd=0)
        self.window.withdraw()
        self.window.title(_PROGRAM)
        self.window.resizable(False, False)
        self._build()
        self.window.protocol("WM_DELETE_WINDOW", events.quit)
        self.window.bind("<Return>", lambda _: self._submit())
        self.window.bind("<Escape>", lambda _: self._cancel())
        self._choose(LoginFields)

    def show(self, form: LoginForm) -> None:
        """Ready for a login; with a remembered one nothing is to be filled in."""
        self._form = form
        is_known = form.remember and form.can_remember and form.user_id and form.server
        self._choose(RememberedFields if is_known else LoginFields)
        self._appear()

    def busy(self) -> None:
        """The button says so, and gives it up."""
        self._say("")
        self._set_busy(True)

    def error(self, trouble: LoginTrouble) -> None:
        """Why not, under the fields; the keyboard goes to what can be changed."""
        self._set_busy(False)
        if trouble.code in ("TOKEN_EXPIRED", "KICKED_EXPIRED") and isinstance(self.fields, RememberedFields):
            self._form = attrs.evolve(self._form, remember=False)
            self._choose(LoginFields)
        self._say(trouble_words(trouble, self._server(), self._look.words), trouble.detail)
        self._appear(trouble.code)

    def success(self) -> None:
        """The window goes, and with it what was typed."""
        self._set_busy(False)
        self.window.withdraw()
        self._choose(LoginFields)

    @property
    def trouble(self) -> str:
        """What the window says that went wrong; "" nothing."""
        return self._trouble.text

    @property
    def links(self) -> tuple[Button, ...]:
        """The links under the button, from left to right."""
        return tuple(child for child in self._links.winfo_children() if isinstance(child, Button))

    def _build(self) -> None:
        look, px = self._look, self._look.px
        wide = room_for_text(look, _WIDTH - 2 * _MARGIN)
        body = tk.Frame(self.window, background=palette.WHITE, highlightthickness=0, bd=0)
        body.pack(fill="both", expand=True, padx=px(_MARGIN), pady=(px(40), px(22)))
        tk.Frame(body, width=px(wide), height=1, background=palette.WHITE).pack()
        self._portrait = Portrait(body, look, 72)
        self._portrait.pack()
        self._name = LineLabel(body, look, size=17, width=wide, anchor="center")
        self._name.pack(fill="x", pady=(px(6), px(12)))
        self._place = tk.Frame(body, background=palette.WHITE, highlightthickness=0, bd=0)
        self._place.pack(fill="x")
        self._trouble = Paragraph(body, look, "", wide, 13, palette.DANGER, is_centred=True)
        self._detail = Paragraph(body, look, "", wide, 11, palette.CHAT_NOTE, is_centred=True)
        self.submit_button = Button(body, look, "", self._submit, height=40, size=16)
        self.submit_button.pack(fill="x", pady=(px(8), 0))
        self._links = tk.Frame(body, background=palette.WHITE, highlightthickness=0, bd=0)
        self._links.pack(pady=(px(12), 0))

    def _choose(self, kind: "Callable[[tk.Misc, Look, LoginForm, Callable[[], object]], Fields]") -> None:
        for child in self._place.winfo_children():
            child.destroy()
        self._say("")
        fields = kind(self._place, self._look, self._form, self._submit)
        assert isinstance(fields, tk.Frame)
        fields.pack(fill="x")
        self.fields: Fields = fields
        self._update()
        fields.place_for().focus_set()

    def _update(self) -> None:
        """Everything that follows from the way to get in and from whether it is under way."""
        form, words = self._form, self._look.words
        is_known = isinstance(self.fields, RememberedFields) or bool(form.user_id and form.nickname)
        self._portrait.show(
            AvatarSpec(form.avatar, form.user_id, form.nickname or form.user_id) if is_known else None
        )
        self._name.text = (form.nickname or form.user_id) if is_known else _PROGRAM
        if isinstance(self.fields, RegisterFields):
            text = words("Creating the account …") if self._is_busy else words("Create account")
        else:
            text = words("Logging in …") if self._is_busy else words("Log in")
        self.submit_button.set_text(text)
        self.submit_button.set_enabled(not self._is_busy)
        self.fields.set_enabled(not self._is_busy)
        self._show_links(self._links_now())

    def _links_now(self) -> Sequence[tuple[str, Callable[[], object]]]:
        words = self._look.words
        if self._is_busy:
            return ((words("Cancel"), self._cancel),)
        if isinstance(self.fields, LoginFields):
            register = (words("Create an account"), lambda: self._switch(RegisterFields))
            return register, (words("Server"), self._toggle_server)
        if isinstance(self.fields, RememberedFields):
            return ((words("Switch account"), self._forget),)
        return ((words("I have an account"), lambda: self._switch(LoginFields)),)

    def _show_links(self, links: Sequence[tuple[str, Callable[[], object]]]) -> None:
        for child in self._links.winfo_children():
            child.destroy()
        for text, command in links:
            if self._links.winfo_children():
                line = tk.Frame(self._links, width=1, height=self._look.px(13), background=palette.TILES)
                line.pack(side="left", padx=self._look.px(11))
            Button(self._links, self._look, text, command, kind="link", size=13).pack(side="left")

    def _switch(self, kind: type[LoginFields] | type[RegisterFields]) -> None:
        self._form = attrs.evolve(self._form, server=self._server(), nickname="", user_id=self._account())
        self._choose(kind)

    def _forget(self) -> None:
        self._form = LoginForm(server=self._form.server, can_remember=self._form.can_remember)
        self._choose(LoginFields)

    def _toggle_server(self) -> None:
        if isinstance(self.fields, LoginFields):
            self.fields.show_server(not self.fields.is_server_shown)
            if self.fields.is_server_shown:
                self.fields.server.focus()

    def _server(self) -> str:
        fields = self.fields
        return (
            fields.server.value.strip()
            if isinstance(fields, (LoginFields, RegisterFields))
            else self._form.server
        )

    def _account(self) -> str:
        fields = self.fields
        return fields.account.value.strip() if isinstance(fields, (LoginFields, RegisterFields)) else ""

    def _submit(self) -> None:
        if not self._is_busy:
            self._say("")
            self.fields.submit(self._events)

    def _cancel(self) -> None:
        if self._is_busy:
            self._set_busy(False)
            self._events.cancel()

    def _set_busy(self, is_busy: bool) -> None:
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self._update()

    def _say(self, text: str, detail: str = "") -> None:
        for label, words in ((self._trouble, text), (self._detail, detail)):
            label.text = words
            if words:
                label.pack(pady=(self._look.px(4), 0), before=self.submit_button)
            else:
                label.pack_forget()

    def _appear(self, code: str = "") -> None:
        """Be seen, with the keyboard where this trouble can be ended; it is taken from other programs only at first."""
        place = self.fields.place_for(code)
        if self.window.winfo_viewable():
            place.focus_set()
            return
        self.window.update_idletasks()
        x = (self.window.winfo_screenwidth() - self.window.winfo_reqwidth()) // 2
        y = (self.window.winfo_screenheight() - self.window.winfo_reqheight()) // 3
        self.window.geometry(f"+{max(0, x)}+{max(0, y)}")
        self.window.deiconify()
        self.window.lift()
        place.focus_force()
