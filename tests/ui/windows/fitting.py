"""Finds what does not fit: widgets that reach out of what holds them, labels and drawn texts that are wider than their places."""

import tkinter as tk
from collections.abc import Iterator

from tkclient.ui.controls.pressable import Pressable
from tkclient.ui.lists.row_list import RowList

_ROUNDING = 1


def misfits(widget: tk.Misc) -> Iterator[str]:
    """What of a widget and all below it does not fit, in words; what is not on the screen is left out."""
    for child in widget.winfo_children():
        if not isinstance(child, tk.Toplevel) and child.winfo_viewable():
            yield from _outside(child)
            yield from _cut(child)
            yield from misfits(child)


def _outside(child: tk.Misc) -> Iterator[str]:
    """Sides on which it reaches out of its parent; beside a window's edge nothing is seen."""
    holder = child.nametowidget(child.winfo_parent())
    if isinstance(holder, RowList | tk.Text):
        return
    right, bottom = child.winfo_x() + child.winfo_width(), child.winfo_y() + child.winfo_height()
    places = (child.winfo_x(), child.winfo_y(), holder.winfo_width() - right, holder.winfo_height() - bottom)
    if min(places) < -_ROUNDING:
        yield f"{child} reaches out of its parent: left, top, right, bottom {places}"


def _cut(child: tk.Misc) -> Iterator[str]:
    if isinstance(child, tk.Label):
        room, needed = child.winfo_width(), child.winfo_reqwidth()
        if needed > room + _ROUNDING:
            yield f"{child} has {room} pixels for {child['text']!r}, which needs {needed}"
    elif isinstance(child, tk.Canvas):
        yield from _cut_texts(child)


def _cut_texts(canvas: tk.Canvas) -> Iterator[str]:
    """Drawn texts that go beyond the canvas to a side, or where nothing scrolls up or down, too."""
    for item in canvas.find_all():
        if canvas.type(item) != "text" or not canvas.itemcget(item, "text"):
            continue
        left, top, right, bottom = canvas.bbox(item)
        is_inside = left >= -_ROUNDING and right <= canvas.winfo_width() + _ROUNDING
        if isinstance(canvas, Pressable):
            is_inside = is_inside and top >= -_ROUNDING and bottom <= canvas.winfo_height() + _ROUNDING
        if not is_inside:
            text = canvas.itemcget(item, "text")
            yield f"{canvas}, {canvas.winfo_width()} wide, cuts {text!r} at {(left, top, right, bottom)}"
