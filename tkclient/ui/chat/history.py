"""What can be undone in a text: how it was before each step."""

from collections.abc import Callable
from typing import Final

import attrs

MOST_STEPS: Final = 200
MOST_CHARACTERS: Final = 1_000_000
"""Of all steps together; older ones are forgotten, so that large texts do not fill the memory."""


@attrs.frozen
class Snapshot:
    """A text, and how many of its characters are before the cursor."""

    text: str = attrs.field(repr=False)
    cursor: int


Take = Callable[[], Snapshot]


class History:
    """Steps back and forth. Single characters typed, or deleted, one after the other are one step."""

    def __init__(self) -> None:
        self._done: list[Snapshot] = []
        self._undone: list[Snapshot] = []
        self._run = ("", "")

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self._run = ("", "")

    def before(self, run: str, place: str, take: Take) -> None:
        """A change is about to be made.

        Args:
            run: changes of the same kind that follow one another belong together; "" stands alone.
            place: where the cursor is. Changes belong together only if the last one left it there, see `after`.
        """
        if not run or (run, place) != self._run:
            self._done.append(take())
            self._shorten()
        self._undone.clear()
        self._run = (run, "")

    def after(self, place: str) -> None:
        """A change was made and has left the cursor here."""
        self._run = (self._run[0], place)

    def back(self, take: Take) -> Snapshot | None:
        """How it was before the last step; None at the beginning."""
        return self._step(self._done, self._undone, take)

    def forth(self, take: Take) -> Snapshot | None:
        """How it was before the last step back; None if there was none."""
        return self._step(self._undone, self._done, take)

    def _step(self, taken: list[Snapshot], kept: list[Snapshot], take: Take) -> Snapshot | None:
        self._run = ("", "")
        if not taken:
            return None
        kept.append(take())
        return taken.pop()

    def _shorten(self) -> None:
        while len(self._done) > MOST_STEPS or (len(self._done) > 1 and self._size() > MOST_CHARACTERS):
            del self._done[0]

    def _size(self) -> int:
        return sum(len(snapshot.text) for snapshot in self._done)
