"""Fields to write one line in."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT = 38
_DOT = "●"


class Field(tk.Canvas):
    """A rounded field, 38 high; `width` at scale 1, else it takes what it is given.

    hint: what to write, seen while it is empty. secret: shown as dots. on_enter: at Return. on_change: at every change.
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
    ) -> None:
        super().__init__(
            parent, highlightthickness=0, bd=0, background=ground_of(parent), height=look.px(_HEIGHT)
        )
        self.configure(width=look.px(width or 120))
        self._look = look
        self._has_trouble = False
        self._on_enter = on_enter
        self._on_change = on_change
        self._text = tk.StringVar(self, value)
        self._entry = self._make_entry(secret)
        self._hint = tk.Label(self._entry, text=hint, font=look.font(14), anchor="w", cursor="xterm", bd=0)
        self._hint.configure(foreground=palette.CHAT_NOTE, background=palette.FIELD, padx=0, pady=0)
        self._show_hint()
        self._bind_events()

    @property
    def value(self) -> str:
        """What stands in it."""
        return self._text.get()

    @value.setter
    def value(self, text: str) -> None:
        self._text.set(text)

    def focus(self) -> None:
        """Write here, behind what is there."""
        self._entry.focus_set()
        self._entry.icursor("end")

    def set_trouble(self, has_trouble: bool) -> None:
        """Whether it is marked as wrong."""
        self._has_trouble = has_trouble
        self._draw()

    def set_enabled(self, enabled: bool) -> None:
        """Whether one can write in it."""
        self._entry.configure(state="normal" if enabled else "disabled")

    def _make_entry(self, secret: bool) -> tk.Entry:
        entry = tk.Entry(self, textvariable=self._text, font=self._look.font(14), show=_DOT if secret else "")
        entry.configure(relief="flat", bd=0, highlightthickness=0)
        entry.configure(background=palette.FIELD, disabledbackground=palette.FIELD)
        entry.configure(
            foreground=palette.TEXT, disabledforeground=palette.CHAT_NOTE, insertbackground=palette.TEXT
        )
        entry.configure(selectbackground="#b9e6cc", selectforeground=palette.TEXT)
        return entry

    def _bind_events(self) -> None:
        self.bind("<Configure>", lambda _: self._draw())
        self.bind("<Button-1>", lambda _: self.focus())
        self._hint.bind("<Button-1>", lambda _: self.focus())
        for event in ("<FocusIn>", "<FocusOut>"):
            self._entry.bind(event, lambda _: self._draw(), add="+")
        if self._on_enter is not None:
            self._entry.bind("<Return>", self._entered)
            self._entry.bind("<KP_Enter>", self._entered)
        self._text.trace_add("write", lambda *_: self._changed())

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str:
        if self._on_enter is not None:
            self._on_enter()
        return "break"

    def _changed(self) -> None:
        self._show_hint()
        self.set_trouble(False)
        if self._on_change is not None:
            self._on_change()

    def _show_hint(self) -> None:
        if self.value:
            self._hint.place_forget()
        else:
            self._hint.place(x=1, y=0, relwidth=1, relheight=1)

    def _draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1 or height <= 1:
            return
        inset = 0
        rim = palette.DANGER if self._has_trouble else palette.PRIMARY
        if self._has_trouble or self.focus_get() is self._entry:
            self.create_image(0, 0, image=self._look.art.rounded(width, height, 5, rim), anchor="nw")
            inset = self._look.px(1)
        image = self._look.art.rounded(width - 2 * inset, height - 2 * inset, 5, palette.FIELD)
        self.create_image(inset, inset, image=image, anchor="nw")
        margin = self._look.px(10)
        self.create_window(
            margin,
            height // 2,
            window=self._entry,
            anchor="w",
            width=width - 2 * margin,
            height=height - self._look.px(8),
        )
