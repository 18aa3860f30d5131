"""Which of many rows are seen."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic

from tkclient.ui.lists.offsets import Offsets, shift_of
from tkclient.ui.lists.row import R


class Rack(Generic[R]):
    """Rows under each other, seen through an opening `height` pixels high that begins `top` pixels below the first row's top.

    Args:
        px: from heights at scale 1 to pixels.
    """

    def __init__(self, px: Callable[[float], int]) -> None:
        self._px = px
        self.rows: tuple[R, ...] = ()
        self.top = 0
        self.height = 0
        self._index: dict[Hashable, int] = {}
        self._awaited: Hashable | None = None
        self._offsets = Offsets()

    @property
    def total(self) -> int:
        """The height of all rows, in pixels."""
        return self._offsets.total

    @property
    def seen(self) -> range:
        """The places of the rows of which something is seen."""
        return self._offsets.between(self.top, self.top + self.height)

    @property
    def page(self) -> int:
        """How many rows a page is when one pages with the keyboard."""
        return max(len(self.seen) - 1, 1)

    def put(self, rows: Sequence[R]) -> None:
        """Take other rows. What is seen stays in its place, but for an opening that stands at the top, which stays there."""
        before = {self.rows[i].key: self._offsets.top(i) for i in self.seen}
        self.rows = tuple(rows)
        self._index = {row.key: i for i, row in enumerate(self.rows)}
        self._offsets = Offsets(self._px(row.height) for row in self.rows)
        if self.top:
            after = {key: self._offsets.top(self._index[key]) for key in before if key in self._index}
            self.scroll_to(self.top + shift_of(before, after))
        else:
            self.scroll_to(0)

    def resize(self, height: int) -> None:
        """The opening has another height."""
        self.height = height
        self.scroll_to(self.top)
        if self._awaited is not None:
            self.see(self._awaited)

    def scroll_to(self, top: int) -> None:
        """Move the opening, as far as there are rows."""
        self.top = max(min(top, self.total - self.height), 0)

    def see(self, key: Hashable | None) -> None:
        """Move the opening as little as shows a row, if there is such a row; as soon as the opening has a height."""
        self._awaited = None if self.height else key
        span = self.span(key)
        if span is not None and self.height:
            self.scroll_to(min(max(self.top, span[1] - self.height), span[0]))

    def find(self, key: Hashable | None) -> R | None:
        """The row of a key."""
        index = self._index.get(key)
        return None if index is None else self.rows[index]

    def span(self, key: Hashable | None) -> tuple[int, int] | None:
        """Where a row begins and ends, from the first one's top."""
        index = self._index.get(key)
        return None if index is None else (self._offsets.top(index), self._offsets.top(index + 1))

    def at(self, y: int) -> R | None:
        """The row at a place in the opening."""
        index = self._offsets.find(y + self.top) if 0 <= y < self.height else None
        return None if index is None else self.rows[index]

    def neighbour(self, key: Hashable | None, step: int) -> R | None:
        """The row so many rows below (above, if negative) that can be chosen, the last there is at most.

        From a row that is not there: the first one for a step down, the last one for a step up. None if none can be chosen.
        """
        choices = [row for row in self.rows if row.can_choose]
        if not choices:
            return None
        place = next((i for i, row in enumerate(choices) if row.key == key), None)
        if place is None:
            return choices[0 if step > 0 else -1]
        return choices[min(max(place + step, 0), len(choices) - 1)]
