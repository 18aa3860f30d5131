"""What rows stand on."""

import tkinter as tk

from tkclient.ui.lists.row import Area
from tkclient.ui.look import palette


def paint_ground(canvas: tk.Canvas, area: Area, resting: str = palette.LIST) -> str:
    """Fill a row's place; returns the colour, which is `resting` while the row is neither selected nor pointed at nor marked."""
    colour = resting
    if area.is_selected:
        colour = palette.SELECTED
    elif area.is_hovered or area.has_cursor:
        colour = palette.HOVER
    canvas.create_rectangle(0, area.y, area.width, area.y + area.height, width=0, fill=colour, tags=area.tag)
    return colour
