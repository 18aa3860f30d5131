"""The one family, in pixel sizes."""

import tkinter
from collections.abc import Collection
from tkinter import font as tkfont
from typing import Final, Literal

from tkclient.ui.look.scale import Scale

FAMILIES: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)


def choose_family(available: Collection[str]) -> str:
    """The first family of ours that exists, else what Tk takes by default."""
    return next((family for family in FAMILIES if family in available), "TkDefaultFont")


class Fonts:
    """Makes each font once. text_size: of all text, in percent."""

    def __init__(self, root: tkinter.Misc, scale: Scale, text_size: int = 100) -> None:
        self._root = root
        self._scale = scale
        self._text_size = text_size
        self._family = choose_family(tkfont.families(root))
        self._fonts: dict[tuple[float, bool, bool], tkfont.Font] = {}
        # Tk loads a font anew for each measurement unless some widget uses it: 0.48 ms instead of 0.001.
        self._keeper = tkinter.Canvas(root)

    def font(self, size: float, *, bold: bool = False, underline: bool = False) -> tkfont.Font:
        """A font of so many pixels at scale 1."""
        key = (size, bold, underline)
        if key not in self._fonts:
            weight: Literal["normal", "bold"] = "bold" if bold else "normal"
            pixels = self._scale.px(size * self._text_size / 100)
            self._fonts[key] = tkfont.Font(
                self._root, family=self._family, size=-pixels, weight=weight, underline=underline
            )
            self._keeper.create_text(0, 0, font=self._fonts[key])
        return self._fonts[key]
