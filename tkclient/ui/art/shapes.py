"""Shapes with smooth edges, as Pillow pictures. All lengths are pixels of the screen; outside of a shape is transparent."""

from collections.abc import Callable
from typing import Final, Literal

from PIL import Image, ImageChops, ImageDraw

Corner = Literal["nw", "ne", "sw", "se"]
Side = Literal["left", "right"]

FINER: Final = 4
"""Shapes are drawn so many times as large."""


def rounded(
    width: int, height: int, radius: float, colour: str, border: str | None = None, line: int = 1
) -> Image.Image:
    """A rectangle with round corners; `border` is the colour of a line inside its edge, `line` pixels wide."""
    if border is None:
        return filled(rounded_mask(width, height, radius), colour)
    picture = filled(rounded_mask(width, height, radius), border)
    if min(width, height) > 2 * line:
        inner = rounded_mask(width - 2 * line, height - 2 * line, max(0.0, radius - line))
        picture.paste(colour, (line, line), inner)
    return picture


def rounded_mask(width: int, height: int, radius: float) -> Image.Image:
    """Where a rectangle with round corners covers pixels, as "L". A radius too large for it is made smaller."""
    radius = min(radius, width / 2, height / 2)
    side = min(max(width, height), 2 * int(radius + 1) + 2)
    if side < min(width, height):
        return _stretched(_drawn_mask(side, side, radius), width, height)
    return _drawn_mask(width, height, radius)


def corner(radius: int, colour: str, which: Corner) -> Image.Image:
    """A quarter of a disc, to stand in the corner of a rectangle."""
    disc = rounded_mask(2 * radius, 2 * radius, radius)
    x = radius if "e" in which else 0
    y = radius if "s" in which else 0
    return filled(disc.crop((x, y, x + radius, y + radius)), colour)


def tail(width: int, height: int, colour: str, side: Side) -> Image.Image:
    """The triangle by which a bubble points to `side`."""

    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.polygon([(0, FINER * height / 2), (FINER * width, 0), (FINER * width, FINER * height)], fill=255)

    mask = _reduced(width, height, draw)
    if side == "right":
        mask = mask.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return filled(mask, colour)


def disc(size: int, colour: str) -> Image.Image:
    """A dot."""
    return rounded(size, size, size / 2, colour)


def filled(mask: Image.Image, colour: str) -> Image.Image:
    """`colour` where `mask` is, as "RGBA"."""
    picture = Image.new("RGBA", mask.size, colour)
    picture.putalpha(mask)
    return picture


def cut(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """What of an "RGBA" picture lies within a mask of its size."""
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return picture


def on(picture: Image.Image, background: str | None) -> Image.Image:
    """An "RGBA" picture on a ground, as "RGB"; without a ground, the picture itself."""
    if background is None:
        return picture
    ground = Image.new("RGB", picture.size, background)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _drawn_mask(width: int, height: int, radius: float) -> Image.Image:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        edge = (0, 0, FINER * width - 1, FINER * height - 1)
        pen.rounded_rectangle(edge, radius=round(FINER * radius), fill=255)

    return _reduced(width, height, draw)


def _reduced(width: int, height: int, draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    large = Image.new("L", (FINER * width, FINER * height))
    draw(ImageDraw.Draw(large))
    # The mean of each square: a filter that rings leaves a faint edge outside of a shape.
    return large.reduce(FINER)


def _stretched(mask: Image.Image, width: int, height: int) -> Image.Image:
    """A mask of larger size with the same corners: what lies between them is full."""
    half = mask.width // 2
    result = Image.new("L", (width, height), 255)
    for x, left in ((0, 0), (width - half, mask.width - half)):
        for y, top in ((0, 0), (height - half, mask.height - half)):
            result.paste(mask.crop((left, top, left + half, top + half)), (x, y))
    return result
