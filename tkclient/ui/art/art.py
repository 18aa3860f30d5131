"""The one giver of pictures to widgets."""

import tkinter
from typing import Final

from PIL import Image

from tkclient.ui.art import shapes
from tkclient.ui.art.avatars import AvatarSpec, portrait_of
from tkclient.ui.art.badges import draw_badge
from tkclient.ui.art.faces import draw_face
from tkclient.ui.art.icons import draw_icon
from tkclient.ui.art.pictures import Pictures
from tkclient.ui.art.portraits import MOST_TILES, draw_group, draw_portrait
from tkclient.ui.art.sprites import draw_emoji
from tkclient.ui.look.scale import Scale

AVATAR_RADIUS: Final = 5
TAIL_SIZE: Final = (6, 12)
BADGE_HEIGHT: Final = 18


class Art:
    """Makes each picture once. Sizes are those at scale 1, unless a name ends in `_px`: pixels of the screen.

    Outside of a shape pictures are transparent. A picture lives on while a widget shows it, even if nobody keeps a reference.
    """

    def __init__(self, root: tkinter.Misc, scale: Scale) -> None:
        self._scale = scale
        self._pictures = Pictures(root)

    def rounded(
        self,
        width_px: int,
        height_px: int,
        radius: float,
        colour: str,
        background: str | None = None,
        border: str | None = None,
    ) -> tkinter.PhotoImage:
        """A rectangle with round corners, on `background` if there is one, with an edge 1 wide in `border`."""
        radius_px, line = radius * self._scale.factor, self._scale.px(1)

        def draw() -> Image.Image:
            shape = shapes.rounded(width_px, height_px, radius_px, colour, border, line)
            return shapes.on(shape, background)

        return self._pictures.get(("rounded", width_px, height_px, radius, colour, background, border), draw)

    def corner(self, radius: float, colour: str, which: shapes.Corner) -> tkinter.PhotoImage:
        """A corner of a rectangle, a square of `px(radius)`."""
        radius_px = self._scale.px(radius)
        return self._pictures.get(
            ("corner", radius, colour, which), lambda: shapes.corner(radius_px, colour, which)
        )

    def tail(self, colour: str, side: shapes.Side) -> tkinter.PhotoImage:
        """What points from a bubble to the portrait at its `side`: 6 × 12."""
        width, height = (self._scale.px(length) for length in TAIL_SIZE)
        return self._pictures.get(("tail", colour, side), lambda: shapes.tail(width, height, colour, side))

    def icon(self, name: str, size: float, colour: str) -> tkinter.PhotoImage:
        """A drawing of one colour in a square; its name stands in tools/assets/icons.txt, else KeyError."""
        pixels = self._scale.px(size)
        return self._pictures.get(("icon", name, pixels, colour), lambda: draw_icon(name, pixels, colour))

    def avatar(self, person: AvatarSpec, size: float) -> tkinter.PhotoImage:
        """A portrait, a square with round corners."""
        portrait, pixels, radius = portrait_of(person), self._scale.px(size), self._radius(size)
        return self._pictures.get(
            ("avatar", portrait, pixels), lambda: draw_portrait(portrait, pixels, radius)
        )

    def group_avatar(self, specs: tuple[AvatarSpec, ...], size: float) -> tkinter.PhotoImage:
        """The portraits of a group's first nine members, side by side."""
        portraits = tuple(portrait_of(person) for person in specs[:MOST_TILES])
        pixels, radius = self._scale.px(size), self._radius(size)
        return self._pictures.get(("group", portraits, pixels), lambda: draw_group(portraits, pixels, radius))

    def emoji(self, sequence: str, size: float) -> tkinter.PhotoImage:
        """An emoji of the catalogue in a square, else KeyError."""
        pixels = self._scale.px(size)
        return self._pictures.get(("emoji", sequence, pixels), lambda: draw_emoji(sequence, pixels))

    def face(self, face_id: str, size: float) -> tkinter.PhotoImage:
        """One of the fifteen `FACES` in a square, else KeyError."""
        pixels = self._scale.px(size)
        return self._pictures.get(("face", face_id, pixels), lambda: draw_face(face_id, pixels))

    def badge(self, text: str) -> tkinter.PhotoImage:
        """How many are unread: a pill, 18 high and at least as wide."""
        height = self._scale.px(BADGE_HEIGHT)
        return self._pictures.get(("badge", text), lambda: draw_badge(text, height))

    def dot(self, size: float, colour: str) -> tkinter.PhotoImage:
        """A disc."""
        pixels = self._scale.px(size)
        return self._pictures.get(("dot", pixels, colour), lambda: shapes.disc(pixels, colour))

    def _radius(self, size: float) -> float:
        """Small portraits have smaller corners."""
        return min(AVATAR_RADIUS, size / 6) * self._scale.factor
