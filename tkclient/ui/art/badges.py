"""How many are unread, on a pill."""

from typing import Final

from PIL import Image

from tkclient.ui.art.lettering import centred, length
from tkclient.ui.art.shapes import filled, rounded
from tkclient.ui.look import palette

_TEXT_SHARE: Final = 11.5 / 18
_LONG_TEXT_SHARE: Final = 10.5 / 18
_PADDING_SHARE: Final = 11 / 18
"""Of both sides together, in shares of the height."""


def draw_badge(text: str, height: int) -> Image.Image:
    """White text on a pill, `height` pixels high and at least as wide, as "RGBA"."""
    size = height * (_TEXT_SHARE if len(text) <= 2 else _LONG_TEXT_SHARE)
    width = max(height, round(length(text, size) + height * _PADDING_SHARE))
    picture = rounded(width, height, height / 2, palette.BADGE)
    picture.alpha_composite(filled(centred(text, width, height, size), palette.WHITE))
    return picture
