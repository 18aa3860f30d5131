"""Windows of their own that belong to another."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.ui.controls.button import Button
from tkclient.ui.controls.field import CONFIRM
from tkclient.ui.controls.outside import is_within
from tkclient.ui.controls.paragraph import Paragraph
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.plain import bmp

_TITLE: Final = "naivechat"
_WIDTH: Final = 300


class Dialog(tk.Toplevel):
    """A window over its parent's, which goes on working; its content goes into `body`.

    It is seen, in the middle of the parent's window, once its content was made. Esc closes it. One of the same class that is
    open for `parent` already is closed.

    Args:
        on_return: what Return does, also in a field that does nothing else at that key.
        on_close: called when the user has closed it.
        margin: around the content, at scale 1.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        *,
        on_return: Callable[[], object] | None = None,
        on_close: Callable[[], object] | None = None,
        margin: tuple[float, float] = (24, 20),
    ) -> None:
        self._replace_one_like_it(parent)
        super().__init__(parent, background=palette.TILES, bd=0)
        self.withdraw()
        self.title(bmp(title))
        self.resizable(False, False)
        self._look = look
        self._on_close = on_close
        self._origin = parent.winfo_toplevel()
        self._first: tk.Misc = self
        self.is_open = True
        sheet = tk.Frame(self, background=palette.WHITE, bd=0, highlightthickness=0)
        sheet.pack(fill="both", expand=True, padx=1, pady=1)
        self.body = tk.Frame(sheet, background=palette.WHITE, bd=0, highlightthickness=0)
        self.body.pack(fill="both", expand=True, padx=look.px(margin[0]), pady=look.px(margin[1]))
        self.protocol("WM_DELETE_WINDOW", self.close)
        self.bind("<Escape>", lambda _: self.close())
        if on_return is not None:
            for event in ("<Return>", "<KP_Enter>", CONFIRM):
                self.bind(event, lambda _: on_return())
        self.after_idle(self._appear)

    def close(self) -> None:
        """Take it away; nothing if it is gone already."""
        if not self.is_open:
            return
        self.is_open = False
        # Before the window goes: Tk must not be left with a focus in what no longer exists.
        if is_within(str(self.tk.call("focus")), (self,)) and self._origin.winfo_exists():
            (self._origin.focus_lastfor() or self._origin).focus_force()
        self.destroy()
        if self._on_close is not None:
            self._on_close()

    def destroy(self) -> None:
        self.is_open = False
        super().destroy()

    def begin_at(self, widget: tk.Misc) -> None:
        """Where the keyboard goes when the dialog is seen."""
        self._first = widget

    def add_buttons(self, *buttons: Button) -> None:
        """Put buttons, made in `row()`, at the right end of their row, the last one outermost."""
        for button in reversed(buttons):
            button.pack(side="right", padx=(self._look.px(10), 0))

    def row(self, above: float = 20) -> tk.Frame:
        """A row at the end of the body, `above` (at scale 1) under what is there."""
        row = tk.Frame(self.body, background=palette.WHITE, bd=0, highlightthickness=0)
        row.pack(fill="x", pady=(self._look.px(above), 0))
        return row

    def _replace_one_like_it(self, parent: tk.Misc) -> None:
        for child in parent.winfo_children():
            if isinstance(child, Dialog) and type(child) is type(self):
                child.close()

    def _appear(self) -> None:
        if not self.is_open:
            return
        if self._origin.winfo_viewable():
            self.transient(self._origin)
        self.update_idletasks()
        over = self._origin
        x = over.winfo_rootx() + (over.winfo_width() - self.winfo_reqwidth()) // 2
        y = over.winfo_rooty() + (over.winfo_height() - self.winfo_reqheight()) // 3
        x = min(x, self.winfo_screenwidth() - self.winfo_reqwidth())
        y = min(y, self.winfo_screenheight() - self.winfo_reqheight())
        self.geometry(f"+{max(0, x)}+{max(0, y)}")
        self.deiconify()
        self.lift()
        self._first.focus_force()


class Confirmation(Dialog):
    """A question with two answers; Return is yes, Esc no."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        question: str,
        confirm_text: str,
        on_confirm: Callable[[], object],
        danger: bool = True,
    ) -> None:
        super().__init__(parent, look, _TITLE, on_return=self._confirm)
        self._on_confirm = on_confirm
        self.question = Paragraph(self.body, look, question, _WIDTH)
        self.question.pack(anchor="w")
        row = self.row(24)
        self.cancel_button = Button(row, look, look.words("Cancel"), self.close, kind="plain", width=88)
        self.confirm_button = Button(
            row, look, confirm_text, self._confirm, kind="danger" if danger else "primary", width=88
        )
        self.add_buttons(self.cancel_button, self.confirm_button)

    def _confirm(self) -> None:
        self.close()
        self._on_confirm()


def confirm(
    parent: tk.Misc,
    look: Look,
    question: str,
    confirm_text: str,
    on_confirm: Callable[[], object],
    danger: bool = True,
) -> Confirmation:
    """Ask, without waiting."""
    return Confirmation(parent, look, question, confirm_text, on_confirm, danger)
