"""The clipboard, with any text in it."""

import tkinter
from typing import Final

_ESCAPED: Final = "NAIVECHAT_ESCAPED_TEXT"
"""A second form of what we put there, in ASCII. Tk 8.6 hands a program its own clipboard in parts of 4,000 bytes and breaks the
characters at their borders; from other programs, and to them, the text itself arrives well.
"""


def put_text(widget: tkinter.Misc, text: str) -> None:
    """Have `text` in the clipboard."""
    widget.clipboard_clear()
    widget.clipboard_append(text)
    widget.clipboard_append(text.encode("unicode_escape").decode("ascii"), type=_ESCAPED)


def get_text(widget: tkinter.Misc) -> str:
    """The text in the clipboard; "" if there is none."""
    try:
        escaped = widget.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", _ESCAPED)
        return str(escaped).encode("ascii").decode("unicode_escape")
    except (tkinter.TclError, UnicodeError):
        return _plain_text(widget)


def _plain_text(widget: tkinter.Misc) -> str:
    try:
        return str(widget.clipboard_get())
    except tkinter.TclError:
        return ""
