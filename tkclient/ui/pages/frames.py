"""How a page is laid out: a heading, and a column in the middle."""

import tkinter as tk
from typing import Final

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

HEADING_HEIGHT: Final = 62
"""Of the heading with its line, at scale 1."""
SIDE: Final = 14
"""Left free at both sides of a column, for what marks a row and for the scrollbar; at scale 1."""
_MARGIN: Final = 24


class Heading(tk.Frame):
    """The name of a page over a line, as that of a dialogue stands."""

    def __init__(self, parent: tk.Misc, look: Look, title: str) -> None:
        super().__init__(
            parent, background=palette.CHAT, bd=0, highlightthickness=0, height=look.px(HEADING_HEIGHT)
        )
        self.pack_propagate(False)
        tk.Frame(self, height=1, background=palette.LINE).pack(side="bottom", fill="x")
        label = tk.Label(self, text=title, font=look.font(17), bd=0, padx=0, pady=0)
        label.configure(background=palette.CHAT, foreground=palette.TEXT)
        label.place(x=look.px(_MARGIN), y=look.px(37), anchor="w")


def plain_frame(parent: tk.Misc) -> tk.Frame:
    """A place for other widgets, in the page's colour."""
    return tk.Frame(parent, background=palette.CHAT, bd=0, highlightthickness=0)


def middle_column(parent: tk.Misc, look: Look, *, width: float, top: float) -> tk.Frame:
    """A column in the middle of `parent`, down to its end; narrower where there is no room.

    Args:
        width: of what stands in it, at scale 1; the column is wider by SIDE at both sides. top: its distance from the top.
    """
    column = plain_frame(parent)

    def fit(event: "tk.Event[tk.Misc]") -> None:
        room = event.width - 2 * look.px(_MARGIN - SIDE)
        height = event.height - look.px(top)
        column.place(
            relx=0.5,
            y=look.px(top),
            anchor="n",
            width=max(min(room, look.px(width + 2 * SIDE)), 1),
            height=max(height, 1),
        )

    parent.bind("<Configure>", fit, add="+")
    return column


def line(parent: tk.Misc) -> tk.Frame:
    """A thin line."""
    return tk.Frame(parent, height=1, background=palette.LINE, bd=0, highlightthickness=0)


def note(parent: tk.Misc, look: Look, text: str = "", colour: str = palette.CHAT_NOTE) -> tk.Label:
    """Words of ours in small letters, wrapped at the width they are given."""
    label = tk.Label(parent, text=text, font=look.font(12), anchor="w", justify="left", bd=0, padx=0, pady=0)
    # One character wide by itself, so that long words do not widen the page.
    label.configure(background=palette.CHAT, foreground=colour, width=1)
    label.bind("<Configure>", lambda event: label.configure(wraplength=event.width))
    return label
