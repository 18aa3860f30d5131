"""Where passwords are typed."""

import tkinter as tk
from typing import Final

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

VALUE_CHANGED: Final = "<<ValueChanged>>"
_DOT: Final = "●"


class SecretEntry(tk.Entry):
    """One line of dots. `value` is the text; <<ValueChanged>> tells that it may be another one. It is never copied from.

    most: how many characters it takes.
    """

    def __init__(self, parent: tk.Misc, look: Look, hint: str, background: str, most: int = 256) -> None:
        self._value = tk.StringVar(parent)
        super().__init__(parent, textvariable=self._value, font=look.font(14), show=_DOT)
        self.configure(relief="flat", bd=0, highlightthickness=0, width=1)
        self.configure(background=background, disabledbackground=background)
        self.configure(foreground=palette.TEXT, disabledforeground=palette.CHAT_NOTE)
        self.configure(insertbackground=palette.TEXT, insertwidth=look.px(1))
        self.configure(selectbackground="#bfe6cd", selectforeground=palette.TEXT)
        self._hint = tk.Label(self, text=hint, font=look.font(14), anchor="w", cursor="xterm", bd=0)
        self._hint.configure(foreground=palette.CHAT_NOTE, background=background, padx=0, pady=0)
        self._hint_x = look.px(2)
        self._most = most
        self._hint.bind("<Button-1>", lambda _: self.focus_set())
        for event in ("<<Copy>>", "<<Cut>>"):
            self.bind(event, lambda _: "break")
        self._value.trace_add("write", lambda *_: self._changed())
        self._changed()

    @property
    def value(self) -> str:
        """The text."""
        return self._value.get()

    @value.setter
    def value(self, text: str) -> None:
        self._value.set(text)

    def _changed(self) -> None:
        if len(self.value) > self._most:
            self._value.set(self.value[: self._most])
        if self.value:
            self._hint.place_forget()
        else:
            self._hint.place(x=self._hint_x, rely=0.5, anchor="w")
        self.event_generate(VALUE_CHANGED)
