"""One of a few."""

import tkinter as tk
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from tkclient.ui.controls.pressable import Pressable, room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

T = TypeVar("T")
_HEIGHT = 30
_PADDING = 14


class Choice(Pressable, Generic[T]):
    """A strip of options of which one stands out; the arrow keys move it. on_change: hears the new value."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        options: Sequence[tuple[T, str]],
        value: T,
        on_change: Callable[[T], object] | None = None,
        *,
        ground: str = "",
    ) -> None:
        self._look = look
        self._choices = tuple(options)
        self._value = value
        self._on_change = on_change
        self._edges = [look.px(2)]
        for _, text in self._choices:
            self._edges.append(self._edges[-1] + look.measure(text, 13) + 2 * look.px(_PADDING))
        width = self._edges[-1] + look.px(2)
        super().__init__(
            parent,
            self._choose_pointed,
            width=width,
            height=look.px(room_for_text(look, _HEIGHT)),
            ground=ground,
        )
        self._pointed_x = 0
        self.bind("<Button-1>", self._note_place, add="+")
        for key, step in (("<Left>", -1), ("<Up>", -1), ("<Right>", 1), ("<Down>", 1)):
            self.bind(key, lambda _, step=step: self._move(step))  # type: ignore[misc]

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._value

    @value.setter
    def value(self, value: T) -> None:
        self._value = value
        self.draw()

    def draw(self) -> None:
        self.delete("all")
        px, art = self._look.px, self._look.art
        width, height = self._edges[-1] + px(2), self.winfo_reqheight()
        border = palette.PRIMARY if self.has_focus else None
        self.create_image(0, 0, image=art.rounded(width, height, 5, palette.PILL, border=border), anchor="nw")
        for (value, text), (left, right) in zip(self._choices, pairwise(self._edges), strict=True):
            is_chosen = value == self._value
            if is_chosen:
                image = art.rounded(right - left, height - 2 * px(2), 4, palette.WHITE)
                self.create_image(left, px(2), image=image, anchor="nw")
            colour = palette.PRIMARY if is_chosen else palette.LIST_NOTE
            self.create_text(
                (left + right) // 2, height // 2, text=text, font=self._look.font(13), fill=colour
            )

    def _note_place(self, event: "tk.Event[tk.Misc]") -> None:
        self._pointed_x = event.x

    def _choose_pointed(self) -> None:
        for (value, _), (left, right) in zip(self._choices, pairwise(self._edges), strict=True):
            if self.is_hovered and left <= self._pointed_x < right:
                self._choose(value)

    def _move(self, step: int) -> str:
        values = [value for value, _ in self._choices]
        place = values.index(self._value) + step
        if 0 <= place < len(values):
            self._choose(values[place])
        return "break"

    def _choose(self, value: T) -> None:
        if value != self._value:
            self.value = value
            if self._on_change is not None:
                self._on_change(value)
