"""Fields to write one line in."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.chat.emoji_text import VALUE_CHANGED, EmojiText
from tkclient.ui.controls.pressable import ground_of, room_for_text
from tkclient.ui.controls.secret_entry import SecretEntry
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

CONFIRM: Final = "<<Confirm>>"
"""What a window hears when Return is pressed in one of its fields: the key itself cannot be passed on."""
_HEIGHT: Final = 38


class Field(tk.Canvas):
    """A rounded field, `height` high; `width` at scale 1, else it takes what it is given.

    hint: what to write, seen while it is empty. secret: shown as dots. on_enter: at Return; without it, the window hears
    `CONFIRM`. on_change: at every change. most: how many characters it takes, 0 is no limit. `entry` is what is typed into.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        hint: str = "",
        secret: bool = False,
        on_enter: Callable[[], object] | None = None,
        width: float | None = None,
        value: str = "",
        on_change: Callable[[], object] | None = None,
        *,
        most: int = 0,
        height: float = _HEIGHT,
        colour: str = palette.FIELD,
    ) -> None:
        super().__init__(
            parent,
            highlightthickness=0,
            bd=0,
            background=ground_of(parent),
            height=look.px(room_for_text(look, height)),
        )
        self.configure(width=look.px(width or 60))
        self._look = look
        self._colour = colour
        self._has_trouble = False
        self._on_enter = on_enter
        self._on_change = on_change
        self.entry: EmojiText | SecretEntry
        if secret:
            self.entry = SecretEntry(self, look, hint, colour)
        else:
            self.entry = EmojiText(self, look, single_line=True, hint=hint, most=most, background=colour)
        self.entry.value = value
        self._bind_events()

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.entry.value

    @value.setter
    def value(self, text: str) -> None:
        self.entry.value = text

    def focus_set(self) -> None:
        """Write here, behind what is there."""
        self.entry.focus_set()
        if isinstance(self.entry, SecretEntry):
            self.entry.icursor("end")
        else:
            self.entry.mark_set("insert", "end-1c")

    focus = focus_set

    def focus_force(self) -> None:
        """Write here, also if another window has the keyboard."""
        self.focus_set()
        self.entry.focus_force()

    def select_all(self) -> None:
        """Mark all of it, to be written over."""
        if isinstance(self.entry, SecretEntry):
            self.entry.select_range(0, "end")
        else:
            self.entry.select_all()

    def set_trouble(self, has_trouble: bool) -> None:
        """Whether it is marked as wrong, until something else is written."""
        if has_trouble != self._has_trouble:
            self._has_trouble = has_trouble
            self._draw()

    def set_enabled(self, enabled: bool) -> None:
        """Whether one can write in it."""
        self.entry.configure(state="normal" if enabled else "disabled")
        if isinstance(self.entry, EmojiText):
            self.entry.configure(foreground=palette.TEXT if enabled else palette.CHAT_NOTE)

    def _bind_events(self) -> None:
        self.bind("<Configure>", lambda _: self._draw())
        self.bind("<Button-1>", lambda _: self.focus())
        for event in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(event, lambda _: self._draw(), add="+")
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, self._entered)
        self.entry.bind(VALUE_CHANGED, lambda _: self._changed(), add="+")

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str:
        if self._on_enter is not None:
            self._on_enter()
        else:
            self.winfo_toplevel().event_generate(CONFIRM)
        return "break"

    def _changed(self) -> None:
        self.set_trouble(False)
        if self._on_change is not None:
            self._on_change()

    def _draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1 or height <= 1:
            return
        px, inset = self._look.px, 0
        rim = palette.DANGER if self._has_trouble else palette.PRIMARY
        if self._has_trouble or str(self.tk.call("focus")) == str(self.entry):
            self.create_image(0, 0, image=self._look.art.rounded(width, height, 5, rim), anchor="nw")
            inset = px(1)
        image = self._look.art.rounded(width - 2 * inset, height - 2 * inset, 5, self._colour)
        self.create_image(inset, inset, image=image, anchor="nw")
        margin = px(10)
        self.create_window(margin, height // 2, window=self.entry, anchor="w", width=width - 2 * margin)
