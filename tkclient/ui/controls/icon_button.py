"""Buttons that are a picture."""

import tkinter as tk
from collections.abc import Callable

from tkclient.ui.controls.pressable import Pressable
from tkclient.ui.controls.tooltip import Tooltip
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

_PADDING = 5


class IconButton(Pressable):
    """An icon to press, `size` at scale 1, with a margin of 5 all around.

    active_colour: while the mouse is on it or it is pressed. background: what it stands on, that of its parent if "".
    tooltip: what it does, in words.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        icon: str,
        command: Callable[[], object],
        size: float = 19,
        colour: str = palette.ICON,
        active_colour: str = palette.TEXT,
        background: str = "",
        tooltip: str = "",
    ) -> None:
        self._look = look
        self._icon = icon
        self._size = size
        self._colours = (colour, active_colour)
        side = look.px(size + 2 * _PADDING)
        super().__init__(parent, command, width=side, height=side, ground=background)
        self.tooltip = Tooltip(self, look, tooltip) if tooltip else None

    def set_icon(self, icon: str, colour: str = "") -> None:
        """Show another picture; "" keeps the colour."""
        self._icon = icon
        self._colours = (colour or self._colours[0], self._colours[1])
        self.draw()

    def draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        if width <= 1 or height <= 1:
            return
        if self.has_focus:
            ring = self._look.art.rounded(width, height, 4, palette.PRIMARY)
            self.create_image(0, 0, image=ring, anchor="nw")
            inset = self._look.px(1.5)
            inner = self._look.art.rounded(width - 2 * inset, height - 2 * inset, 3, self.ground)
            self.create_image(inset, inset, image=inner, anchor="nw")
        active = self.is_enabled and (self.is_hovered or self.is_pressed)
        image = self._look.art.icon(self._icon, self._size, self._colours[active])
        self.create_image(width // 2, height // 2, image=image)
