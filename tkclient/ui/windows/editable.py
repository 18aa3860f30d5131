"""A text with its name, and a pencil for whom may change it."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.controls.paragraph import Paragraph
from tkclient.ui.controls.popup import Popup
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class Editable(tk.Frame):
    """`title` in grey, and under it the text in lines of `width` (at scale 1), `most_lines` at most; a click shows all of it."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        on_edit: Callable[[], object],
        *,
        width: float,
        most_lines: int = 2,
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        head = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x")
        label = tk.Label(head, text=title, font=look.font(12), bd=0, padx=0, pady=0)
        label.configure(foreground=palette.CHAT_NOTE, background=palette.WHITE)
        label.pack(side="left", pady=look.px(4))
        self.edit_button = IconButton(head, look, "pencil", on_edit, 13, tooltip=look.words("Change"))
        self._look = look
        self._width = width
        self.all_of_it: Popup | None = None
        self._text = Paragraph(self, look, "", width, 14, most_lines=most_lines)
        self._text.pack(anchor="w")
        self._text.bind("<Button-1>", lambda _: self._show_all())

    @property
    def text(self) -> str:
        """What stands there."""
        return self._text.text

    def show(self, text: str, can_edit: bool) -> None:
        """What it is now, and whether the user may change it."""
        self._text.text = text
        self._text.configure(cursor="hand2" if self._text.is_shortened else "")
        if can_edit:
            self.edit_button.pack(side="right")
        else:
            self.edit_button.pack_forget()

    def _show_all(self) -> None:
        if not self._text.is_shortened:
            return
        self.all_of_it = popup = Popup(self, self._look)
        margin = self._look.px(16)
        Paragraph(popup.body, self._look, self.text, self._width).pack(padx=margin, pady=margin)
        popup.place_at(self._text.winfo_rootx() - margin, self._text.winfo_rooty() - margin)
