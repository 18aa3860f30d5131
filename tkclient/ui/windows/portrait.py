"""Large portraits, and the program's own sign in their place."""

import tkinter as tk

from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.controls.pressable import ground_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class Portrait(tk.Canvas):
    """Somebody's portrait, or the program's sign while it is nobody's. size: at scale 1."""

    def __init__(self, parent: tk.Misc, look: Look, size: float, spec: AvatarSpec | None = None) -> None:
        side = look.px(size)
        super().__init__(parent, width=side, height=side, highlightthickness=0, bd=0)
        self.configure(background=ground_of(parent))
        self._look = look
        self._size = size
        self.show(spec)

    def show(self, spec: AvatarSpec | None) -> None:
        """Somebody else's."""
        self.delete("all")
        if spec is not None:
            self.create_image(0, 0, image=self._look.art.avatar(spec, self._size), anchor="nw")
            return
        side = self._look.px(self._size)
        ground = self._look.art.rounded(side, side, self._size / 6, palette.ACCENT)
        self.create_image(0, 0, image=ground, anchor="nw")
        sign = self._look.art.icon("chat-fill", self._size * 0.56, palette.WHITE)
        self.create_image(side // 2, side // 2, image=sign)
