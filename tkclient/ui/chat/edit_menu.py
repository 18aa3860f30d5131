"""What the right button offers in a field: the words for it, and whether it can be done."""

from collections.abc import Callable
from typing import Protocol

from tkclient.ui.controls.menu import MenuItem
from tkclient.ui.text.words import Words


class Editable(Protocol):
    """A field that can do what the menu offers."""

    @property
    def value(self) -> str: ...

    @property
    def selected(self) -> str: ...

    def copy(self) -> None: ...

    def cut(self) -> None: ...

    def paste(self) -> None: ...

    def select_all(self) -> None: ...


def edit_items(field: Editable, words: Words, *, can_paste: bool) -> tuple[MenuItem, ...]:
    """The items of the menu, without those that would do nothing now."""
    items: list[tuple[bool, str, Callable[[], None]]] = [
        (bool(field.selected), words("Cut"), field.cut),
        (bool(field.selected), words("Copy"), field.copy),
        (can_paste, words("Paste"), field.paste),
        (bool(field.value), words("Select all"), field.select_all),
    ]
    return tuple(MenuItem(text, command) for can_be_done, text, command in items if can_be_done)
