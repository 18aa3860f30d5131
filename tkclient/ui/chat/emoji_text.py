"""The field in which people write: several lines or one, with emoji, a clipboard that keeps them, and undo."""

import tkinter
from collections.abc import Callable, Sequence
from typing import Final

from tkclient.ui.chat.clipboard import get_text, put_text
from tkclient.ui.chat.edit_menu import edit_items
from tkclient.ui.chat.history import History, Snapshot
from tkclient.ui.chat.picture_text import PictureText
from tkclient.ui.chat.pieces import fitting
from tkclient.ui.chat.text_keys import use_plain_keys
from tkclient.ui.controls.menu import Menu
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

VALUE_CHANGED: Final = "<<ValueChanged>>"
TOO_LONG: Final = "<<TooLong>>"

_SELECTION, _PALE_SELECTION = "#bfe6cd", "#dcdcdc"
_REFUSAL, _REFUSAL_MS = "#fbe3e3", 250


class EmojiText(PictureText):
    """Text with emoji to be written. `value` is the text; <<ValueChanged>> tells that it may be another one.

    Args:
        size: of the text, at scale 1.
        height: in lines. With `single_line` there is one: line ends become blanks, and Return does nothing here.
        hint: what to write here, shown while there is nothing.
        most: how many characters it takes, 0 is no limit. What is too much does not come in: <<TooLong>>, and the field flashes.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        look: Look,
        *,
        size: float = 14,
        height: int = 1,
        single_line: bool = False,
        hint: str = "",
        most: int = 0,
        background: str = palette.WHITE,
        colour: str = palette.TEXT,
    ) -> None:
        super().__init__(parent, look, size, colour, background)
        self.configure(
            height=1 if single_line else height,
            width=1,
            wrap="none" if single_line else "word",
            insertbackground=colour,
            insertwidth=look.px(1),
            selectbackground=_SELECTION,
            selectforeground=colour,
            inactiveselectbackground=_PALE_SELECTION,
        )
        self._single_line = single_line
        self._most = most
        self._background = background
        self._history = History()
        self._flash = ""
        self.menu = Menu(look, self)
        self._hint = tkinter.Label(self, text=hint, font=look.font(size), bg=background, bd=0, padx=0, pady=0)
        self._hint.configure(fg=palette.CHAT_NOTE, cursor="xterm")
        self._bind_keys()
        self._show_hint()

    @property
    def value(self) -> str:
        """The text. Setting it makes it the first that can be gone back to."""
        return self.text_between("1.0", "end-1c")

    @value.setter
    def value(self, text: str) -> None:
        self._restore(Snapshot(text, len(text)))
        self._history.clear()

    @property
    def selected(self) -> str:
        """What of the text is selected."""
        return self.text_between("sel.first", "sel.last") if self.tag_ranges("sel") else ""

    @property
    def hint(self) -> str:
        """What to write here."""
        return str(self._hint["text"])

    @hint.setter
    def hint(self, hint: str) -> None:
        self._hint["text"] = hint
        self._show_hint()

    def write(self, text: str) -> None:
        """Put `text` at the cursor, instead of what is selected."""
        if self.tag_ranges("sel"):
            self.replace("sel.first", "sel.last", text)
        else:
            self.insert("insert", text)
        self.see("insert")

    def select_all(self) -> None:
        """Select the whole text."""
        self.tag_add("sel", "1.0", "end-1c")
        self.mark_set("insert", "end-1c")

    def copy(self) -> None:
        """What is selected goes into the clipboard."""
        if text := self.selected:
            put_text(self, text)

    def cut(self) -> None:
        """What is selected goes into the clipboard, and from here."""
        self.copy()
        if self.tag_ranges("sel"):
            self.delete("sel.first", "sel.last")

    def paste(self) -> None:
        """What is in the clipboard comes instead of what is selected."""
        if text := get_text(self):
            self.write(text)

    def undo(self) -> None:
        """Back to how it was before the last step."""
        self._go(self._history.back(self._snapshot))

    def redo(self) -> None:
        """Take back the last `undo`."""
        self._go(self._history.forth(self._snapshot))

    def destroy(self) -> None:
        """Also forgets what is to be done later."""
        if self._flash:
            self.after_cancel(self._flash)
        super().destroy()

    def _change(self, method: str, index: str, deleted: Sequence[str], text: str) -> None:
        self._history.before(_run_of(method, deleted, text), str(self.index("insert")), self._snapshot)
        super()._change(method, index, deleted, text)
        self._history.after(str(self.index("insert")))
        self._tell()

    def _put(self, index: str, text: str) -> None:
        if self._single_line:
            text = " ".join(text.strip("\n").split("\n"))
        if self._most:
            fits = fitting(text, max(0, self._most - len(self.value)), self._find)
            if fits != text:
                self._refuse()
            text = fits
        if text:
            super()._put(index, text)

    def _snapshot(self) -> Snapshot:
        return Snapshot(self.value, len(self.text_between("1.0", "insert")))

    def _go(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._restore(snapshot)
            self.see("insert")

    def _restore(self, snapshot: Snapshot) -> None:
        self._call("delete", "1.0", "end")
        self._put("1.0", snapshot.text)
        before = count = 0
        for unit in self._units("1.0", "end-1c"):
            if before >= snapshot.cursor:
                break
            before, count = before + len(unit), count + 1
        self._call("mark", "set", "insert", f"1.0 + {count} indices")
        self._tell()

    def _tell(self) -> None:
        self._show_hint()
        self.event_generate(VALUE_CHANGED)

    def _show_hint(self) -> None:
        if self.hint and self.compare("end-1c", "==", "1.0"):
            self._hint.place(
                x=self.winfo_pixels(self["padx"]) + self._look.px(2), y=self.winfo_pixels(self["pady"])
            )
        else:
            self._hint.place_forget()

    def _refuse(self) -> None:
        self.event_generate(TOO_LONG)
        if not self._flash:
            self.configure(background=_REFUSAL)
            self._flash = self.after(_REFUSAL_MS, self._end_flash)

    def _end_flash(self) -> None:
        self._flash = ""
        self.configure(background=self._background)

    def _bind_keys(self) -> None:
        use_plain_keys(self)
        for event, method in {
            "<<Copy>>": self.copy,
            "<<Cut>>": self.cut,
            "<<Paste>>": self.paste,
            "<<Undo>>": self.undo,
            "<<Redo>>": self.redo,
            "<<SelectAll>>": self.select_all,
            "<<NextWindow>>": lambda: _focus(self.tk_focusNext()),
            "<<PrevWindow>>": lambda: _focus(self.tk_focusPrev()),
        }.items():
            self.bind(event, _then_break(method))
        self.bind("<Button-3>", self._offer_menu)
        if self._single_line:
            self.bind("<Return>", lambda _event: "break")
            self.bind("<KP_Enter>", lambda _event: "break")
        self._hint.bind("<Button-1>", lambda _event: self.focus_set())
        self.selection_handle(self._give_selection, selection="PRIMARY", type="UTF8_STRING")

    def _offer_menu(self, event: "tkinter.Event[tkinter.Misc]") -> str:
        self.focus_set()
        items = edit_items(self, self._look.words, can_paste=bool(get_text(self)))
        if items and self["state"] == "normal":
            self.menu.show(event.x_root, event.y_root, items)
        # The same click must not count as one beside the menu that it opens.
        return "break"

    def _give_selection(self, offset: str, most: str) -> str:
        return self.selected[int(offset) : int(offset) + int(most)]


def _run_of(method: str, deleted: Sequence[str], text: str) -> str:
    """The run of changes that this one belongs to, as `History.before` wants it."""
    if method == "insert" and len(text) == 1 and not text.isspace():
        return "typed"
    return "deleted" if method == "delete" and len(deleted) == 1 else ""


def _focus(widget: tkinter.Misc | None) -> None:
    if widget is not None:
        widget.focus_set()


def _then_break(method: Callable[[], None]) -> Callable[[object], str]:
    def handle(_event: object) -> str:
        method()
        return "break"

    return handle
