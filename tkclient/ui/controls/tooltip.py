"""Words for what the mouse rests on."""

import tkinter as tk

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_DELAY_MS = 500


class Tooltip:
    """Says `text` under `widget` while the mouse rests on it."""

    def __init__(self, widget: tk.Misc, look: Look, text: str) -> None:
        self._widget = widget
        self._look = look
        self._text = text
        self._timer = ""
        self._window: tk.Toplevel | None = None
        widget.bind("<Enter>", self._entered, add="+")
        for event in ("<Leave>", "<Button>", "<Key>", "<Destroy>"):
            widget.bind(event, self._left, add="+")

    def set_text(self, text: str) -> None:
        """Say something else from now on."""
        self._text = text

    @property
    def is_shown(self) -> bool:
        """Whether it is on the screen now."""
        return self._window is not None

    def _entered(self, _event: "tk.Event[tk.Misc]") -> None:
        self._cancel()
        self._timer = self._widget.after(_DELAY_MS, self._show)

    def _left(self, _event: "tk.Event[tk.Misc]") -> None:
        self._cancel()
        if self._window is not None:
            self._window.destroy()
            self._window = None

    def _cancel(self) -> None:
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""

    def _show(self) -> None:
        self._timer = ""
        look = self._look
        window = tk.Toplevel(self._widget, background=palette.LINE, bd=0)
        window.overrideredirect(True)
        label = tk.Label(window, text=self._text, font=look.font(12), foreground=palette.TEXT)
        label.configure(background=palette.WHITE, bd=0, padx=look.px(8), pady=look.px(4))
        label.pack(padx=1, pady=1)
        x = self._widget.winfo_rootx() + (self._widget.winfo_width() - label.winfo_reqwidth()) // 2
        y = self._widget.winfo_rooty() + self._widget.winfo_height() + look.px(4)
        rightmost = window.winfo_screenwidth() - label.winfo_reqwidth() - look.px(4)
        if y + label.winfo_reqheight() > window.winfo_screenheight():
            y = self._widget.winfo_rooty() - label.winfo_reqheight() - look.px(6)
        window.geometry(f"+{max(0, min(x, rightmost))}+{y}")
        self._window = window
