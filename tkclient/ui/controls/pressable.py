"""What all that can be pressed has in common."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.look.look import Look


def ground_of(widget: tk.Misc) -> str:
    """The colour that a widget stands on."""
    return str(widget.cget("background"))


def room_for_text(look: Look, size: float) -> float:
    """A height or width, at scale 1, that holds text: larger where users have chosen larger text."""
    return size * max(100, look.text_size) / 100


class Pressable(tk.Canvas):
    """A canvas that is pressed by mouse, Space or Return; subclasses draw it in `draw`, by its four states.

    It takes the focus by Tab, not by a click, so that a ring is seen only by whom it serves. The press is a whole
    click: down and up within it. width, height: pixels of the screen.
    """

    def __init__(
        self, parent: tk.Misc, command: Callable[[], object], *, width: int, height: int, ground: str = ""
    ) -> None:
        self.ground = ground or ground_of(parent)
        super().__init__(
            parent,
            width=width,
            height=height,
            highlightthickness=0,
            bd=0,
            background=self.ground,
            takefocus=1,
        )
        self.is_enabled = True
        self.is_hovered = False
        self.is_pressed = False
        self.has_focus = False
        self._command = command
        self._bind_events()

    def draw(self) -> None:
        """Draw it as it is now."""
        raise NotImplementedError

    def press(self) -> None:
        """Do what a click does."""
        if self.is_enabled:
            self._command()

    def set_enabled(self, enabled: bool) -> None:
        """Whether it can be pressed."""
        if enabled != self.is_enabled:
            self.is_enabled = enabled
            self.is_pressed = self.is_pressed and enabled
            self.configure(takefocus=enabled)
            self.draw()

    def _bind_events(self) -> None:
        self.bind("<Configure>", lambda _: self.draw())
        self.bind("<Enter>", lambda _: self._change(is_hovered=True))
        self.bind("<Leave>", lambda _: self._change(is_hovered=False))
        self.bind("<FocusIn>", lambda _: self._change(has_focus=True))
        self.bind("<FocusOut>", lambda _: self._change(has_focus=False))
        self.bind("<Button-1>", lambda _: self._change(is_pressed=self.is_enabled))
        self.bind("<ButtonRelease-1>", self._released)
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, self._key_pressed)

    def _change(self, **states: bool) -> None:
        for name, value in states.items():
            setattr(self, name, value)
        self.draw()

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        is_inside = 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height()
        was_pressed = self.is_pressed
        self._change(is_pressed=False)
        if was_pressed and is_inside:
            self.press()

    def _key_pressed(self, _event: "tk.Event[tk.Misc]") -> str:
        # The window's own Return, which confirms, must not hear it too.
        self.press()
        return "break"
