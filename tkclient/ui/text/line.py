"""One line of what people write: a name, a title, a sketch."""

import tkinter
from functools import partial
from typing import Final, Literal, TypeAlias

import attrs

from tkclient.ui.look.look import Look
from tkclient.ui.text.drawing import draw_pieces, emoji_width
from tkclient.ui.text.placing import Piece
from tkclient.ui.text.segments import SegmentKind
from tkclient.ui.text.shortening import shortened
from tkclient.ui.text.wrapping import UNBOUNDED, wrap

Anchor: TypeAlias = Literal["nw", "n", "ne", "w", "center", "e", "sw", "s", "se"]
_LONGEST: Final = 500
"""More characters than these are not looked at: no line of ours has room for them."""


def draw_line(
    canvas: tkinter.Canvas,
    look: Look,
    x: float,
    y: float,
    text: str,
    size: float,
    fill: str,
    width: int | None = None,
    anchor: Anchor = "nw",
    bold: bool = False,
    tags: tuple[str, ...] | str = (),
) -> int:
    """Draw a text in one line, emoji as pictures, line breaks as spaces.

    Args:
        x, y: where the point `anchor` of the line is, in pixels of the screen.
        size: of the letters, at scale 1.
        width: what the line may take, in pixels of the screen: a longer one ends in an ellipsis. None is any width.
        tags: of all items drawn.
    Returns:
        How wide the line is, in pixels of the screen.
    """
    pieces, drawn_width = _pieces(look, text, size, width, bold)
    left, middle = (
        _left(x, drawn_width, anchor),
        _middle(y, look.font(size, bold).metrics("linespace"), anchor),
    )
    all_tags = (tags,) if isinstance(tags, str) else tags
    draw_pieces(canvas, look, pieces, left, middle, size=size, fill=fill, bold=bold, tags=all_tags)
    return drawn_width


def line_width(look: Look, text: str, size: float, width: int | None = None, bold: bool = False) -> int:
    """How wide `draw_line` would draw it, in pixels of the screen."""
    return _pieces(look, text, size, width, bold)[1]


def _pieces(
    look: Look, text: str, size: float, width: int | None, bold: bool
) -> tuple[tuple[Piece, ...], int]:
    measure = partial(look.measure, size=size, bold=bold)
    emoji = emoji_width(look, size)
    line = wrap(shortened(text[:_LONGEST], width, measure, emoji), UNBOUNDED, measure, emoji)[0]
    # In a line nothing can be clicked but the line.
    pieces = tuple(
        attrs.evolve(piece, kind=SegmentKind.PLAIN) if piece.target else piece for piece in line.pieces
    )
    return pieces, line.width


def _left(x: float, width: int, anchor: Anchor) -> int:
    if anchor in ("ne", "e", "se"):
        return round(x) - width
    return round(x) if anchor in ("nw", "w", "sw") else round(x) - width // 2


def _middle(y: float, height: int, anchor: Anchor) -> int:
    if anchor.startswith("n"):
        return round(y) + height // 2
    return round(y) - height // 2 if anchor.startswith("s") else round(y)
