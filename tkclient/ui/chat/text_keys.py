"""Keys of text fields as on every desktop today. Tk's own on X11 are those of Emacs, and paste without replacing what is selected."""

import tkinter
from typing import Final

_EMACS_MOVES: Final = {
    "<<NextChar>>": "f",
    "<<PrevChar>>": "b",
    "<<NextLine>>": "n",
    "<<PrevLine>>": "p",
    "<<LineStart>>": "a",
    "<<LineEnd>>": "e",
}
_EMACS_EDITS: Final = "dkothi"
_CONTROL_OR_ALT: Final = 0x4 | 0x8


def use_plain_keys(root: tkinter.Misc) -> None:
    """For all text fields of the program: Control+A selects all, Control+Y redoes, and no letter with Control edits or moves.

    Does nothing the second time.
    """
    for event, letter in _EMACS_MOVES.items():
        select = event.replace("<<", "<<Select")
        root.event_delete(event, f"<Control-Key-{letter}>", f"<Control-Lock-Key-{letter.upper()}>")
        root.event_delete(select, f"<Control-Key-{letter.upper()}>", f"<Control-Lock-Key-{letter}>")
    for letter in _EMACS_EDITS:
        root.unbind_class("Text", f"<Control-Key-{letter}>")
        root.unbind_class("Entry", f"<Control-Key-{letter}>")
    root.event_delete("<<Paste>>", "<Control-Key-y>", "<Control-Lock-Key-Y>")
    root.event_add("<<Redo>>", "<Control-Key-y>", "<Control-Lock-Key-Y>")
    root.event_add("<<SelectAll>>", "<Control-Key-a>", "<Control-Lock-Key-A>")


def typed_character(event: "tkinter.Event[tkinter.Misc]") -> str:
    """The character that a key has typed; "" if it was no key for one."""
    is_plain = not int(event.state) & _CONTROL_OR_ALT
    return event.char if is_plain and event.char.isprintable() else ""
