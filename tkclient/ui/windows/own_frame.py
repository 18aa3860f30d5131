"""A window without the window manager's frame, which stays in the task list and keeps the keyboard.

Needs X11 and a window manager that takes hints; elsewhere the window has the native frame.
Source: the Motif window manager's _MOTIF_WM_HINTS, which today's window managers follow.
"""

import tkinter
from typing import Final

_HINTS: Final = [2, 0, 0, 0, 0]
"""Flags: the decorations count; none of them."""
_WORD_BITS: Final = 32


def take_off_frame(window: tkinter.Toplevel | tkinter.Tk) -> bool:
    """Ask the window manager to leave our window without a frame; whether there is one that does so."""
    if window.tk.call("tk", "windowingsystem") != "x11":
        return False
    try:
        from Xlib.display import Display
        from Xlib.error import XError
    except ImportError:
        return False
    window.update_idletasks()
    try:
        display = Display(window.winfo_screen().removesuffix(".0"))
    except (OSError, XError):
        return False
    try:
        return _set_hints(display, window.winfo_id())
    finally:
        display.close()


def _set_hints(display: object, window_id: int) -> bool:
    from Xlib.display import Display

    assert isinstance(display, Display)
    root = display.screen().root
    manager = display.intern_atom("_NET_SUPPORTING_WM_CHECK")
    if root.get_full_property(manager, 0) is None:
        return False
    wrapper = display.create_resource_object("window", window_id).query_tree().parent
    hints = display.intern_atom("_MOTIF_WM_HINTS")
    wrapper.change_property(hints, hints, _WORD_BITS, _HINTS)
    display.sync()
    return True
