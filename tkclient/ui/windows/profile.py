"""One's own profile: the nickname, and a picture to choose."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.ui.art.avatars import PICTURES, AvatarSpec
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.noted_field import NotedField
from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.portrait import Portrait

_COLUMNS: Final = 7
_CELL: Final = 52
_PICTURE: Final = 42
_MOST_NAME: Final = 32


class PictureGrid(tk.Canvas):
    """The built-in pictures, and first the one drawn from one's name; the arrow keys or a click choose.

    value: the name of the picture that is chosen, "" for the drawn one. on_change: hears it.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, own: AvatarSpec, on_change: Callable[[str], object]
    ) -> None:
        self._names: Sequence[str] = ("", *PICTURES)
        rows = -(-len(self._names) // _COLUMNS)
        super().__init__(parent, width=look.px(_COLUMNS * _CELL), height=look.px(rows * _CELL), takefocus=1)
        self.configure(highlightthickness=0, bd=0, background=ground_of(parent))
        self._look = look
        self._own = own
        self._on_change = on_change
        self.value = own.picture if own.picture in PICTURES else ""
        self._draw()
        self._bind_events()

    def place_of(self, name: str) -> tuple[int, int]:
        """The middle of a picture's cell, in pixels."""
        row, column = divmod(self._names.index(name), _COLUMNS)
        return self._look.px((column + 0.5) * _CELL), self._look.px((row + 0.5) * _CELL)

    def show_name(self, name: str) -> None:
        """One's name is another now, and so is what is drawn from it."""
        self._own = AvatarSpec("", self._own.seed, name)
        self._draw()

    def _bind_events(self) -> None:
        self.bind("<Button-1>", self._clicked)
        for key, step in (("<Left>", -1), ("<Right>", 1), ("<Up>", -_COLUMNS), ("<Down>", _COLUMNS)):
            self.bind(key, lambda _, step=step: self._move(step))  # type: ignore[misc]
        for event in ("<FocusIn>", "<FocusOut>"):
            self.bind(event, lambda _: self._draw())

    def _draw(self) -> None:
        self.delete("all")
        art = self._look.art
        has_focus = str(self.tk.call("focus")) == str(self)
        for name in self._names:
            x, y = self.place_of(name)
            if name == self.value:
                side = self._look.px(_CELL - 2)
                colour = palette.PRIMARY if has_focus else palette.ACCENT
                self.create_image(x, y, image=art.rounded(side, side, 8, colour))
                side -= 2 * self._look.px(2)
                self.create_image(x, y, image=art.rounded(side, side, 6, palette.WHITE))
            spec = AvatarSpec(name, self._own.seed, self._own.name)
            self.create_image(x, y, image=art.avatar(spec, _PICTURE))

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        column, row = (int(place // self._look.px(_CELL)) for place in (event.x, event.y))
        number = row * _COLUMNS + column
        if column < _COLUMNS and 0 <= number < len(self._names):
            self._choose(self._names[number])

    def _move(self, step: int) -> str:
        number = self._names.index(self.value) + step
        if 0 <= number < len(self._names):
            self._choose(self._names[number])
        return "break"

    def _choose(self, name: str) -> None:
        self.value = name
        self._draw()
        self._on_change(name)


class ProfileDialog(Dialog):
    """Shows oneself as others will, while it is being changed."""

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents) -> None:
        words = look.words
        super().__init__(parent, look, words("Edit profile"), on_return=self.submit)
        self._user = user = model.user
        self._events = events
        head = tk.Frame(self.body, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x", pady=(0, look.px(16)))
        own = AvatarSpec(user.avatar, user.user_id, user.nickname)
        self._portrait = Portrait(head, look, 64, own)
        self._portrait.pack(side="left", anchor="n", padx=(0, look.px(16)))
        fields = tk.Frame(head, background=palette.WHITE, highlightthickness=0, bd=0)
        fields.pack(side="left", fill="x", expand=True)
        self.nickname = NotedField(
            fields, look, words("Nickname"), value=user.nickname, on_change=self._update, most=_MOST_NAME
        )
        self.nickname.pack(fill="x", pady=(0, look.px(4)))
        account = words("Account: {id}", id=user.user_id)
        LineLabel(fields, look, account, 12, palette.CHAT_NOTE).pack(fill="x")
        self.pictures = PictureGrid(self.body, look, own, lambda _: self._update())
        self.pictures.pack()
        row = self.row(16)
        self.cancel_button = Button(row, look, words("Cancel"), self.close, kind="plain", width=88)
        self.save_button = Button(row, look, words("Save"), self.submit, width=88)
        self.add_buttons(self.cancel_button, self.save_button)
        self.begin_at(self.nickname)

    def submit(self) -> None:
        """Raise what is changed, and close."""
        nickname = self.nickname.value.strip()
        if not nickname:
            self.nickname.complain(self._look.words("Please choose a nickname."))
            self.nickname.focus()
            return
        avatar = self.pictures.value
        self.close()
        if (nickname, avatar) != (self._user.nickname, self._user.avatar):
            self._events.update_profile(nickname, avatar)

    def _update(self) -> None:
        name = self.nickname.value.strip() or self._user.nickname
        self.pictures.show_name(name)
        self._portrait.show(AvatarSpec(self.pictures.value, self._user.user_id, name))
