"""Borderless windows that go when one turns away."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.outside import Watch, is_within, unwatch_clicks, watch_clicks
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_SETTLED_MS = 120


class Popup(tk.Toplevel):
    """A window without a frame, for what is over in a moment; its content goes into `body`.

    It closes on Esc, on a click beside it and when the keyboard goes elsewhere. It is not seen before `place_at`.
    anchor: the widget that opens it; a click on that is none beside it, so that it can toggle.
    takes_focus: whether the keyboard goes to it. on_close: called once when it is gone.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        anchor: tk.Misc | None = None,
        takes_focus: bool = True,
        on_close: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent, background="#cfcfcf", bd=0)
        self.withdraw()
        self.overrideredirect(True)
        self._look = look
        self._takes_focus = takes_focus
        self._on_close = on_close
        self._origin = parent.winfo_toplevel()
        self._watch = Watch((self, anchor) if anchor else (self,), self.close)
        self.is_open = True
        self._look_timer = ""
        self.body = tk.Frame(self, background=palette.WHITE, bd=0, highlightthickness=0)
        self.body.pack(fill="both", expand=True, padx=1, pady=1)
        self.bind("<Escape>", lambda _: self.close())
        self.bind("<FocusOut>", lambda _: self._look_soon())

    def place_at(self, x_root: int, y_root: int, *, above: int | None = None) -> None:
        """Show it with its upper left corner there, moved as far as the screen needs.

        above: where its lower edge goes if it does not fit below.
        """
        self.update_idletasks()
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        if above is not None and y_root + height > self.winfo_screenheight():
            y_root = above - height
        x = max(0, min(x_root, self.winfo_screenwidth() - width))
        y = max(0, min(y_root, self.winfo_screenheight() - height))
        self.geometry(f"+{x}+{y}")
        self.deiconify()
        self.lift()
        watch_clicks(self._watch)
        if self._takes_focus:
            self.focus_force()

    def close(self) -> None:
        """Take it away; nothing if it is gone already."""
        if not self.is_open:
            return
        self.is_open = False
        # Before the window goes: Tk must not be left with a focus in what no longer exists.
        if is_within(self._focused(), (self,)) and self._origin.winfo_exists():
            (self._origin.focus_lastfor() or self._origin).focus_force()
        self.destroy()
        if self._on_close is not None:
            self._on_close()

    def destroy(self) -> None:
        self.is_open = False
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        unwatch_clicks(self._watch)
        super().destroy()

    def _look_soon(self) -> None:
        # On its way from one window to another the keyboard is in none for a moment.
        if self._look_timer:
            self.after_cancel(self._look_timer)
        self._look_timer = self.after(_SETTLED_MS, self._look_at_focus)

    def _look_at_focus(self) -> None:
        self._look_timer = ""
        if self.is_open and self._takes_focus and not is_within(self._focused(), (self,)):
            self.close()

    def _focused(self) -> str:
        # tkinter's focus_get raises KeyError for widgets that Tk itself has made.
        return str(self.tk.call("focus"))
