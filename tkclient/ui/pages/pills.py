"""Buttons painted in rows: zones that look like what they are."""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

import attrs

from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_HEIGHT, _LEAST_WIDTH, _PADDING, _GAP = 30, 68, 14, 8
_SIZE: Final = 13


@attrs.frozen(kw_only=True)
class Pill:
    """A button: the name of its zone and its words. is_primary: it is what one most likely wants."""

    name: str
    text: str
    is_primary: bool = False


def pill_zones(look: Look, pills: Sequence[Pill], right: int, middle: int) -> tuple[Zone, ...]:
    """Where pills stand beside each other, the last one up to `right`, about the height `middle`: in pixels of the row."""
    zones = []
    for pill in reversed(pills):
        width = max(look.px(_LEAST_WIDTH), look.measure(pill.text, _SIZE) + 2 * look.px(_PADDING))
        top = middle - look.px(_HEIGHT) // 2
        zones.append(
            Zone(name=pill.name, left=right - width, top=top, right=right, bottom=top + look.px(_HEIGHT))
        )
        right -= width + look.px(_GAP)
    return tuple(reversed(zones))


def paint_pills(
    canvas: tk.Canvas, look: Look, pills: Sequence[Pill], zones: Sequence[Zone], area: Area
) -> None:
    """Draw pills in their zones."""
    for pill, zone in zip(pills, zones, strict=True):
        is_hovered = area.zone == pill.name
        if pill.is_primary:
            fill, colour = (palette.PRIMARY_HOVER if is_hovered else palette.PRIMARY), palette.WHITE
        else:
            fill, colour = (palette.PILL_HOVER if is_hovered else palette.PILL), palette.TEXT
        ground = look.art.rounded(zone.right - zone.left, zone.bottom - zone.top, 4, fill)
        canvas.create_image(zone.left, area.y + zone.top, image=ground, anchor="nw", tags=area.tag)
        middle = ((zone.left + zone.right) // 2, area.y + (zone.top + zone.bottom) // 2)
        canvas.create_text(*middle, text=pill.text, font=look.font(_SIZE), fill=colour, tags=area.tag)
