"""Pictures of emoji, taken from their file one by one: decoding all would take a second and 60 MB."""

from functools import cache
from io import BytesIO

from PIL import Image

from tkclient.ui.art.assets import read_asset
from tkclient.ui.art.emoji_catalogue import Catalogue


def draw_emoji(sequence: str, pixels: int) -> Image.Image:
    """An emoji, as "RGBA", in a square of so many pixels.

    Raises:
        KeyError: the sequence is no emoji of the catalogue.
    """
    sprite = Catalogue.load().sprite_of(sequence)
    data = _pack()[sprite.start : sprite.start + sprite.size]
    with Image.open(BytesIO(data), formats=("WEBP",)) as picture:
        return picture.convert("RGBA").resize((pixels, pixels), Image.Resampling.LANCZOS)


@cache
def _pack() -> memoryview:
    return memoryview(read_asset("emoji.pack"))
