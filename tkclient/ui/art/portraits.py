"""Draws portraits of people, and of groups from those of their members. All lengths are pixels of the screen."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from PIL import Image, ImageColor

from tkclient.ui.art.avatars import Portrait
from tkclient.ui.art.lettering import centred
from tkclient.ui.art.shapes import cut, filled, rounded, rounded_mask
from tkclient.ui.art.sprites import draw_emoji
from tkclient.ui.look import palette

MOST_TILES: Final = 9
_EMOJI_SHARE: Final = 0.7
_LETTER_SHARE: Final = 0.48
_GAP_SHARE: Final = 0.06
_LIGHTER: Final = 0.26
"""How much white there is in a ground's upper edge."""


def draw_portrait(portrait: Portrait, pixels: int, radius: float) -> Image.Image:
    """A square with round corners, as "RGBA"."""
    picture = _gradient(portrait.ground, pixels).copy()
    if portrait.is_emoji:
        side = round(pixels * _EMOJI_SHARE)
        start = (pixels - side) // 2
        picture.alpha_composite(draw_emoji(portrait.sign, side), (start, start))
    elif portrait.sign:
        letter = centred(portrait.sign, pixels, pixels, pixels * _LETTER_SHARE, bold=True)
        picture.alpha_composite(filled(letter, palette.WHITE))
    return cut(picture, rounded_mask(pixels, pixels, radius))


def draw_group(portraits: tuple[Portrait, ...], pixels: int, radius: float) -> Image.Image:
    """The first nine, in rows of which the last are full, as "RGBA"."""
    shown = portraits[:MOST_TILES]
    picture = rounded(pixels, pixels, radius, palette.TILES)
    for portrait, (x, y, side) in zip(shown, tiles(len(shown), pixels), strict=True):
        picture.alpha_composite(draw_portrait(portrait, side, side * 0.06), (x, y))
    return picture


def tiles(count: int, pixels: int) -> Iterator[tuple[int, int, int]]:
    """Where 0 to 9 tiles lie in a square, from its upper left corner: x, y, side."""
    columns = 1 if count == 1 else 2 if count <= 4 else 3
    gap = max(1, round(pixels * _GAP_SHARE))
    side = (pixels - gap * (columns + 1)) // columns
    rows = -(-count // columns)
    top = _start(rows, side, gap, pixels)
    in_first = count - columns * (rows - 1)
    for row in range(rows):
        in_row = columns if row else in_first
        left = _start(in_row, side, gap, pixels)
        for column in range(in_row):
            yield left + column * (side + gap), top + row * (side + gap), side


def _start(count: int, side: int, gap: int, pixels: int) -> int:
    return (pixels - count * side - (count - 1) * gap) // 2


@cache
def _gradient(colour: str, pixels: int) -> Image.Image:
    light = (
        Image.linear_gradient("L")
        .resize((pixels, pixels))
        .point(lambda level: round((255 - level) * _LIGHTER))
    )
    ground = Image.new("RGB", (pixels, pixels), ImageColor.getrgb(colour))
    ground.paste(palette.WHITE, (0, 0), light)
    return ground.convert("RGBA")
