"""Letters within pictures. Tk's own fonts cannot be drawn into pictures, so the file of our font is found here once more."""

import subprocess
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from tkclient.ui.art.shapes import FINER
from tkclient.ui.look.fonts import FAMILIES

_FILES: Final = {
    False: ("msyh.ttc", "PingFang.ttc", "NotoSansCJK-Regular.ttc", "DejaVuSans.ttf"),
    True: ("msyhbd.ttc", "PingFang.ttc", "NotoSansCJK-Bold.ttc", "DejaVuSans-Bold.ttf"),
}
"""Where there is no fontconfig: what Pillow finds by name, regular and bold."""
_LATIN_ENDS: Final = 0x0100
_CJK: Final = ((0x3000, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF))
_PATIENCE_S: Final = 2

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def centred(text: str, width: int, height: int, size: float, *, bold: bool = False) -> Image.Image:
    """A line of text whose ink is in the middle of a picture, as "L".

    Args:
        width, height, size: of the picture and of the font, in pixels of the screen.
    """
    large = Image.new("L", (FINER * width, FINER * height))
    font = _font(max(1, round(FINER * size)), bold, _unusual(text))
    left, top, right, bottom = font.getbbox(text)
    corner = ((large.width - right - left) / 2, (large.height - bottom - top) / 2)
    ImageDraw.Draw(large).text(corner, text, fill=255, font=font)
    return large.reduce(FINER)


def length(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in pixels, as `size` is."""
    return _font(max(1, round(FINER * size)), bold, _unusual(text)).getlength(text) / FINER


@lru_cache(maxsize=64)
def _font(pixels: int, bold: bool, unusual: str) -> _Font:
    for name, index in _candidates(bold, unusual):
        try:
            return ImageFont.truetype(name, pixels, index=index)
        except OSError:
            continue
    return ImageFont.load_default(pixels)


@lru_cache(maxsize=1024)
def _candidates(bold: bool, unusual: str) -> tuple[tuple[str, int], ...]:
    """Files that may hold our font, with the font's number in them; what has the `unusual` character goes first."""
    pattern = (
        ",".join(FAMILIES) + (":bold" if bold else "") + (f":charset={ord(unusual):x}" if unusual else "")
    )
    command = ["fc-match", "-f", "%{file}\n%{index}", pattern]
    named = tuple((name, 0) for name in _FILES[bold])
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True
        ).stdout
        file, number = answer.splitlines()
        return ((file, int(number)), *named)
    except (OSError, subprocess.SubprocessError, ValueError):
        return named


def _unusual(text: str) -> str:
    """The first character that a Chinese font may lack; "" if there is none."""
    return next((character for character in text if not _is_usual(ord(character))), "")


def _is_usual(code: int) -> bool:
    return code < _LATIN_ENDS or any(first <= code <= last for first, last in _CJK)
