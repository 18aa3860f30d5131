"""Windows of their own that belong to another."""

import tkinter as tk
from collections.abc import Callable, Sequence

from tkclient.ui.controls.button import Button
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class Dialog(tk.Toplevel):
    """A window over its parent's, which goes on working; its content goes into `body`.

    Esc closes it, Return does `on_return`. It is seen, in the middle of the parent's window, once its content was made.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        *,
        on_return: Callable[[], object] | None = None,
        on_close: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent, background=palette.WHITE, bd=0)
        self.withdraw()
        self.title(title)
        self.resizable(False, False)
        self._look = look
        self._on_close = on_close
        self._origin = parent.winfo_toplevel()
        self.is_open = True
        self.body = tk.Frame(self, background=palette.WHITE, bd=0, highlightthickness=0)
        self.body.pack(fill="both", expand=True, padx=look.px(24), pady=look.px(20))
        self.protocol("WM_DELETE_WINDOW", self.close)
        self.bind("<Escape>", lambda _: self.close())
        if on_return is not None:
            self.bind("<Return>", lambda _: on_return())
        self.after_idle(self._appear)

    def close(self) -> None:
        """Take it away; nothing if it is gone already."""
        if not self.is_open:
            return
        self.destroy()
        if self._origin.winfo_exists():
            self._origin.focus_force()
        if self._on_close is not None:
            self._on_close()

    def destroy(self) -> None:
        self.is_open = False
        super().destroy()

    def add_buttons(self, *buttons: Button) -> None:
        """Put buttons, made in `row()`, at the right end of their row, the last one outermost."""
        for button in reversed(buttons):
            button.pack(side="right", padx=(self._look.px(10), 0))

    def row(self, above: float = 20) -> tk.Frame:
        """A row at the end of the body, `above` (at scale 1) under what is there."""
        row = tk.Frame(self.body, background=palette.WHITE, bd=0, highlightthickness=0)
        row.pack(fill="x", pady=(self._look.px(above), 0))
        return row

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
        if not str(self.tk.call("focus")).startswith(str(self)):
            self.focus_force()


class Confirmation(Dialog):
    """Asks before something is done."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        question: str,
        confirm_text: str,
        on_confirm: Callable[[], object],
        danger: bool = True,
    ) -> None:
        super().__init__(parent, look, "naivechat", on_return=self._confirm)
        self._on_confirm = on_confirm
        label = tk.Label(self.body, text=question, font=look.font(14), justify="left", anchor="w", bd=0)
        label.configure(foreground=palette.TEXT, background=palette.WHITE, wraplength=look.px(300), padx=0)
        label.pack(fill="x")
        tk.Frame(self.body, width=look.px(300), height=1, background=palette.WHITE).pack()
        row = self.row(24)
        cancel = Button(row, look, look.words("Cancel"), self.close, kind="plain", width=88)
        self.confirm_button = Button(
            row, look, confirm_text, self._confirm, kind="danger" if danger else "primary", width=88
        )
        self.add_buttons(cancel, self.confirm_button)

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
    """Ask, without waiting; a question that `parent` has open already is taken away."""
    opened: Sequence[tk.Misc] = parent.winfo_children()
    for child in opened:
        if isinstance(child, Confirmation):
            child.close()
    return Confirmation(parent, look, question, confirm_text, on_confirm, danger)
