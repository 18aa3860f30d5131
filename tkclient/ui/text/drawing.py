"""Pieces of a line on a canvas."""

import tkinter
from collections.abc import Iterable
from typing import Final

from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text import bidi
from tkclient.ui.text.placing import Piece
from tkclient.ui.text.segments import SegmentKind

EMOJI_TO_TEXT: Final = 20 / 14
EMOJI_GAP: Final = 2


def emoji_size(look: Look, size: float) -> float:
    """How large emoji are in a text of `size`, both at scale 1 before the user's text size is applied to the text."""
    return size * EMOJI_TO_TEXT * look.text_size / 100


def emoji_width(look: Look, size: float) -> int:
    """How much room an emoji takes in a line, in pixels of the screen."""
    return look.px(emoji_size(look, size)) + look.px(EMOJI_GAP)


def draw_pieces(
    canvas: tkinter.Canvas,
    look: Look,
    pieces: Iterable[Piece],
    x: int,
    middle: int,
    *,
    size: float,
    fill: str,
    bold: bool = False,
    tags: tuple[str, ...] = (),
) -> None:
    """Draw the pieces of a line that begins at `x` and whose letters stand about `middle`, in pixels of the screen."""
    for piece in pieces:
        if piece.kind is SegmentKind.EMOJI:
            _draw_emoji(canvas, look, piece, x, middle, size, tags)
            continue
        is_link = piece.kind is SegmentKind.LINK
        canvas.create_text(
            x + piece.x,
            middle,
            anchor="w",
            text=as_drawn(canvas, piece),
            font=look.font(size, bold=bold),
            fill=palette.LINK if is_link else fill,
            tags=(*tags, "link") if is_link else tags,
        )


def as_drawn(widget: tkinter.Misc, piece: Piece) -> str:
    """What this screen's Tk is given for a text: on X11 it draws everything from left to right."""
    if piece.is_rtl and widget.tk.call("tk", "windowingsystem") == "x11":
        return bidi.reversed_text(piece.text)
    return piece.text


def _draw_emoji(
    canvas: tkinter.Canvas, look: Look, piece: Piece, x: int, middle: int, size: float, tags: tuple[str, ...]
) -> None:
    canvas.create_image(
        x + piece.x + piece.width // 2,
        middle,
        image=look.art.emoji(piece.text, emoji_size(look, size)),
        tags=tags,
    )
