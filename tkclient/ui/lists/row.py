"""What a list of rows is made of."""

import tkinter as tk
from collections.abc import Hashable
from typing import Protocol, TypeVar

import attrs


class Row(Protocol):
    """A value; an equal one looks the same.

    key: which row it is, whatever it looks like, once in a list. height: at scale 1. can_choose: whether it can be clicked
    and be reached by keys; heads of sections cannot.
    """

    @property
    def key(self) -> Hashable: ...
    @property
    def height(self) -> int: ...
    @property
    def can_choose(self) -> bool: ...


@attrs.frozen(kw_only=True)
class Zone:
    """A place in a row with a meaning of its own, in pixels from the row's upper left corner."""

    name: str
    left: int
    top: int
    right: int
    bottom: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a place is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@attrs.frozen(kw_only=True)
class Area:
    """Where and how to paint a row.

    y: its top, in pixels of the canvas; width, height in pixels. tag: what every item painted must bear.
    has_cursor: whether the mark of the keyboard is on it, a bar that the list draws. zone: the name of the zone under the pointer, "" if there is none.
    """

    y: int
    width: int
    height: int
    tag: str
    is_selected: bool = False
    is_hovered: bool = False
    has_cursor: bool = False
    zone: str = ""


R = TypeVar("R", bound=Row)
R_contra = TypeVar("R_contra", bound=Row, contravariant=True)


class Painter(Protocol[R_contra]):
    """Knows how rows look."""

    def paint(self, canvas: tk.Canvas, row: R_contra, area: Area, /) -> None:
        """Draw a row, its ground included."""
        ...

    def zones(self, row: R_contra, width: int, /) -> tuple[Zone, ...]:
        """The zones of a row that is `width` pixels wide; the first that holds a place has it."""
        ...
