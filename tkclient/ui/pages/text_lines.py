"""Longer texts that people wrote, on the canvas of a row."""

import tkinter as tk
from functools import partial
from math import ceil

from tkclient.ui.look.look import Look
from tkclient.ui.text.drawing import draw_pieces, emoji_width
from tkclient.ui.text.wrapping import Line, wrap


def lines_of(look: Look, text: str, size: float, width: int) -> tuple[Line, ...]:
    """A text in lines of `width` pixels, at least one. size: of its letters, at scale 1."""
    return wrap(text, max(width, 1), partial(look.measure, size=size), emoji_width(look, size))


def line_height(look: Look, height: float) -> int:
    """How high a line is at scale 1, by its height before the user's text size."""
    return ceil(height * look.text_size / 100)


def draw_lines(
    canvas: tk.Canvas,
    look: Look,
    lines: tuple[Line, ...],
    x: int,
    y: int,
    *,
    width: int,
    height: float,
    size: float,
    colour: str,
    tag: str,
) -> None:
    """Draw lines under each other, from their upper left corner. height: of a line, as for `line_height`."""
    step = look.px(line_height(look, height))
    for number, line in enumerate(lines):
        left = x + width - line.width if line.is_rtl else x
        middle = y + number * step + step // 2
        draw_pieces(canvas, look, line.pieces, left, middle, size=size, fill=colour, tags=(tag,))
