"""Drawings in one colour, from a font that holds a part of bootstrap-icons."""

import json
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from tkclient.ui.art.assets import read_asset
from tkclient.ui.art.shapes import FINER, filled


def draw_icon(name: str, pixels: int, colour: str) -> Image.Image:
    """An icon of tools/assets/icons.txt, as "RGBA", in a square.

    Raises:
        KeyError: there is no icon of that name.
    """
    side = FINER * pixels
    large = Image.new("L", (side, side))
    # The font's em square is the icon's square, standing on the base line.
    ImageDraw.Draw(large).text((0, side), icon_characters()[name], fill=255, font=_font(side), anchor="ls")
    return filled(large.reduce(FINER), colour)


@cache
def icon_characters() -> dict[str, str]:
    """The characters of the font, by the names of the icons."""
    return {name: chr(code) for name, code in json.loads(read_asset("icons.json")).items()}


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(read_asset("icons.ttf")), pixels, layout_engine=ImageFont.Layout.BASIC)
