"""The one giver of pictures to widgets."""

import tkinter
from io import BytesIO

from PIL import Image

from tkclient.ui.art import shapes
from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.look import palette
from tkclient.ui.look.scale import Scale


class Art:
    """Makes each picture once. Sizes are those at scale 1, unless a name ends in `_px`: pixels of the screen.

    A picture lives on while a widget shows it, even if nobody keeps a reference.
    """

    def __init__(self, root: tkinter.Misc, scale: Scale) -> None:
        self._root = root
        self._scale = scale
        self._pictures: dict[object, tkinter.PhotoImage] = {}

    def rounded(
        self,
        width_px: int,
        height_px: int,
        radius: float,
        colour: str,
        background: str | None = None,
        border: str | None = None,
    ) -> tkinter.PhotoImage:
        """A rectangle with round corners; outside of it `background`, or nothing."""
        picture = shapes.rounded(width_px, height_px, radius * self._scale.factor, colour, border)
        return self._show(picture if background is None else shapes.on(picture, background))

    def corner(self, radius: float, colour: str, which: shapes.Corner) -> tkinter.PhotoImage:
        """A corner of a bubble."""
        return self._show(shapes.corner(self._scale.px(radius), colour, which))

    def tail(self, colour: str, side: shapes.Side) -> tkinter.PhotoImage:
        """What points from a bubble to the portrait at its `side`: 6 × 12."""
        return self._show(shapes.tail(self._scale.px(6), self._scale.px(12), colour, side))

    def icon(self, name: str, size: float, colour: str) -> tkinter.PhotoImage:
        """A drawing in one colour, in a square."""
        return self._show(shapes.disc(self._scale.px(size), colour))

    def avatar(self, person: AvatarSpec, size: float) -> tkinter.PhotoImage:
        """A portrait, a square with round corners."""
        pixels = self._scale.px(size)
        return self._show(shapes.rounded(pixels, pixels, 5 * self._scale.factor, palette.AVATARS[0]))

    def group_avatar(self, specs: tuple[AvatarSpec, ...], size: float) -> tkinter.PhotoImage:
        """The portraits of a group's first nine members, side by side."""
        pixels = self._scale.px(size)
        return self._show(shapes.rounded(pixels, pixels, 5 * self._scale.factor, palette.TILES))

    def emoji(self, sequence: str, size: float) -> tkinter.PhotoImage:
        """An emoji in a square."""
        return self._show(shapes.disc(self._scale.px(size), "#f6c945"))

    def face(self, face_id: str, size: float) -> tkinter.PhotoImage:
        """One of the fifteen faces, in a square."""
        return self._show(shapes.disc(self._scale.px(size), "#f6a945"))

    def badge(self, text: str) -> tkinter.PhotoImage:
        """How many are unread: a pill 18 high."""
        return self._show(shapes.rounded(self._scale.px(18), self._scale.px(18), 99, palette.BADGE))

    def dot(self, size: float, colour: str) -> tkinter.PhotoImage:
        """A disc."""
        return self._show(shapes.disc(self._scale.px(size), colour))

    def _show(self, picture: Image.Image) -> tkinter.PhotoImage:
        key = (picture.mode, picture.size, picture.tobytes())
        if key not in self._pictures:
            data = BytesIO()
            picture.save(data, "png", compress_level=1)
            self._pictures[key] = tkinter.PhotoImage(master=self._root, data=data.getvalue(), format="png")
        return self._pictures[key]
