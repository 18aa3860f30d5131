"""What every widget is given: scale, fonts, pictures and words of one screen."""

import tkinter
from tkinter import font as tkfont
from typing import Self

import attrs

from tkclient.ui.art.art import Art
from tkclient.ui.look.fonts import Fonts
from tkclient.ui.look.scale import Scale
from tkclient.ui.text.words import Words

DOTS_PER_INCH_AT_1 = 96
_MOST_MEASURED = 8192


@attrs.frozen(kw_only=True, eq=False)
class Look:
    """How everything looks and speaks. Sizes are those at scale 1, unless a name says that they are pixels of the screen.

    text_size: of all text, in percent.
    """

    scale: Scale
    text_size: int
    fonts: Fonts
    art: Art
    words: Words
    _measured: dict[tuple[str, float, bool], int] = attrs.field(factory=dict, init=False)

    @classmethod
    def make(
        cls, root: tkinter.Misc, language: str = "", text_size: int = 100, factor: float | None = None
    ) -> Self:
        """The look on the screen of `root`.

        Args:
            language: as "zh_CN" or "en"; "" is the system's.
            factor: pixels of the screen for one at scale 1; None asks the screen for its dots per inch.
        """
        if factor is None:
            factor = root.winfo_fpixels("1i") / DOTS_PER_INCH_AT_1
        scale = Scale(factor)
        return cls(
            scale=scale,
            text_size=text_size,
            fonts=Fonts(root, scale, text_size),
            art=Art(root, scale),
            words=Words(language),
        )

    def px(self, value: float) -> int:
        """Pixels of the screen for `value` pixels at scale 1."""
        return self.scale.px(value)

    def font(self, size: float, bold: bool = False, underline: bool = False) -> tkfont.Font:
        """The one family in a size."""
        return self.fonts.font(size, bold=bold, underline=underline)

    def measure(self, text: str, size: float, bold: bool = False) -> int:
        """How many pixels of the screen a line of text is wide. No character beyond the BMP may be in it."""
        key = (text, size, bold)
        width = self._measured.get(key)
        if width is None:
            if len(self._measured) >= _MOST_MEASURED:
                self._measured.clear()
            width = self._measured[key] = self.font(size, bold).measure(text)
        return width
