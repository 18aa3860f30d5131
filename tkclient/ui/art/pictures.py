"""Keeps pictures that were made, as Tk needs them."""

import tkinter
from collections.abc import Callable, Hashable
from io import BytesIO
from typing import Final

from PIL import Image

MOST_BYTES: Final = 24 * 1024 * 1024
_BYTES_A_PIXEL, _BYTES_A_PICTURE = 9, 1600
"""What a picture takes of memory once it was shown, as measured: Tk keeps the pixels twice, and records about them."""


class Pictures:
    """Makes each picture once. If they take more than `most_bytes`, those that were not asked for longest go, unless they are shown:

    Tk blanks a picture that is deleted while a widget shows it, and Python deletes it with the last reference.
    """

    def __init__(self, root: tkinter.Misc, most_bytes: int = MOST_BYTES) -> None:
        self._root = root
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pictures: dict[Hashable, tkinter.PhotoImage] = {}

    def get(self, key: Hashable, draw: Callable[[], Image.Image]) -> tkinter.PhotoImage:
        """The picture of that key; `draw` is asked for it if there is none."""
        picture = self._pictures.pop(key, None)
        if picture is None:
            picture = _for_tk(self._root, draw())
            self._bytes += _size_of(picture)
        self._pictures[key] = picture
        if self._bytes > self._most_bytes:
            self._drop_unused(key)
        return picture

    def _drop_unused(self, newest: Hashable) -> None:
        for key in tuple(self._pictures):
            if self._bytes <= self._most_bytes // 2:
                return
            picture = self._pictures[key]
            if key != newest and not self._root.tk.getboolean(
                self._root.tk.call("image", "inuse", picture.name)
            ):
                self._bytes -= _size_of(picture)
                del self._pictures[key]


def _for_tk(root: tkinter.Misc, picture: Image.Image) -> tkinter.PhotoImage:
    data = BytesIO()
    picture.save(data, "png", compress_level=1)
    made = tkinter.PhotoImage(master=root, data=data.getvalue(), format="png")
    # Tk would keep the file beside the pixels, for the case that it is asked what it was.
    made.configure(data="", format="")
    return made


def _size_of(picture: tkinter.PhotoImage) -> int:
    return picture.width() * picture.height() * _BYTES_A_PIXEL + _BYTES_A_PICTURE
