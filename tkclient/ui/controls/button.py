"""Buttons with a text."""

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Final, Literal

import attrs

from tkclient.ui.controls.pressable import Pressable, room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

ButtonKind = Literal["primary", "plain", "danger", "link", "danger_link"]
_LINKS: Final = ("link", "danger_link")


@attrs.frozen
class _Colours:
    fill: str
    hovered: str
    pressed: str
    text: str
    ring: str


_COLOURS: Final[Mapping[str, _Colours]] = {
    "primary": _Colours(palette.PRIMARY, palette.PRIMARY_HOVER, "#055f30", palette.WHITE, palette.PRIMARY),
    "plain": _Colours(palette.PILL, palette.PILL_HOVER, "#d2d2d2", palette.TEXT, palette.PRIMARY),
    "danger": _Colours(palette.DANGER, "#b02222", "#961c1c", palette.WHITE, palette.DANGER),
    "link": _Colours("", "", "", palette.LINK, palette.LINK),
    "danger_link": _Colours("", "", "", palette.DANGER, palette.DANGER),
}
_DISABLED_TEXT: Final = "#8a8a8a"


class Button(Pressable):
    """A rounded button, or with kind "link" or "danger_link" a text to click.

    width, height, size: at scale 1; without a width it is as wide as its text needs. It fills what it is given, so that
    it can be packed with fill="x".
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        text: str,
        command: Callable[[], object],
        kind: ButtonKind = "primary",
        width: float | None = None,
        *,
        height: float = 0,
        size: float = 14,
        ground: str = "",
    ) -> None:
        self._look = look
        self._kind = kind
        self._size = size
        self._least_width = look.px(width) if width else 0
        self.text = text
        tall = look.px(room_for_text(look, height or (24 if kind in _LINKS else 32)))
        super().__init__(parent, command, width=self._width_needed(), height=tall, ground=ground)
        if kind in _LINKS:
            self.configure(cursor="hand2")

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self.text:
            self.text = text
            self.configure(width=self._width_needed())
            self.draw()

    def draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1 or height <= 1:
            return
        if self._kind not in _LINKS:
            self._draw_ground(width, height)
        self._draw_text(width, height)

    def _width_needed(self) -> int:
        padding = self._look.px(2 if self._kind in _LINKS else 16)
        return max(self._least_width, self._look.measure(self.text, self._size) + 2 * padding)

    def _draw_ground(self, width: int, height: int) -> None:
        inset = 0
        if self.has_focus:
            ring, gap = self._look.px(1.5), self._look.px(1.5)
            self._draw_pill(width, height, 0, _COLOURS[self._kind].ring)
            self._draw_pill(width, height, ring, self.ground)
            inset = ring + gap
        self._draw_pill(width, height, inset, self._fill)

    @property
    def _fill(self) -> str:
        colours = _COLOURS[self._kind]
        if not self.is_enabled:
            return palette.PILL
        if self.is_pressed:
            return colours.pressed
        return colours.hovered if self.is_hovered else colours.fill

    def _draw_pill(self, width: int, height: int, inset: int, colour: str) -> None:
        image = self._look.art.rounded(width - 2 * inset, height - 2 * inset, 4, colour)
        self.create_image(inset, inset, image=image, anchor="nw")

    def _draw_text(self, width: int, height: int) -> None:
        colour = _COLOURS[self._kind].text if self.is_enabled else _DISABLED_TEXT
        underline = self._kind in _LINKS and (self.is_hovered or self.has_focus)
        font = self._look.font(self._size, underline=underline)
        self.create_text(width // 2, height // 2, text=self.text, fill=colour, font=font)
