"""Fields that say what is wrong with what was written."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.field import Field
from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class NotedField(tk.Frame):
    """A `Field`, `field`, and under it a line of words while there is something to say. It fills the width it is given."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        hint: str = "",
        secret: bool = False,
        on_enter: Callable[[], object] | None = None,
        value: str = "",
        on_change: Callable[[], object] | None = None,
        *,
        most: int = 0,
    ) -> None:
        ground = ground_of(parent)
        super().__init__(parent, background=ground, highlightthickness=0, bd=0)
        self._look = look
        self._then = on_change
        self.field = Field(
            self, look, hint, secret, on_enter, value=value, on_change=self._changed, most=most
        )
        self.field.pack(fill="x")
        self._note = tk.Label(self, font=look.font(12), anchor="w", justify="left", bd=0, padx=0, pady=0)
        # One character wide by itself, so that long words of trouble do not widen the window.
        self._note.configure(foreground=palette.DANGER, background=ground, width=1)
        self._note.bind("<Configure>", lambda event: self._note.configure(wraplength=event.width))

    @property
    def value(self) -> str:
        """What stands in the field."""
        return self.field.value

    @value.setter
    def value(self, text: str) -> None:
        self.field.value = text

    @property
    def note(self) -> str:
        """What is said about it; "" nothing."""
        return str(self._note.cget("text"))

    def complain(self, text: str) -> None:
        """Say what is wrong, until something else is written; "" takes it back."""
        self._note.configure(text=text)
        self.field.set_trouble(bool(text))
        if text:
            self._note.pack(fill="x", padx=self._look.px(2), pady=(self._look.px(4), 0))
        else:
            self._note.pack_forget()

    def focus_set(self) -> None:
        """Write here."""
        self.field.focus_set()

    focus = focus_set

    def _changed(self) -> None:
        if self.note:
            self.complain("")
        if self._then is not None:
            self._then()

    def focus_force(self) -> None:
        """Write here, also if another window has the keyboard."""
        self.field.focus_force()
