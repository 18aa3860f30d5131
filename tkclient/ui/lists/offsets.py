"""Where rows of different heights stand under each other."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from itertools import accumulate


class Offsets:
    """Tops of rows, in pixels from the first one's top; rows of no height are allowed and never found by a place."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._tops = list(accumulate(heights, initial=0))

    def __len__(self) -> int:
        return len(self._tops) - 1

    @property
    def total(self) -> int:
        """The height of all."""
        return self._tops[-1]

    def top(self, index: int) -> int:
        """Where a row begins; `top(len(self))` is where the last one ends."""
        return self._tops[index]

    def find(self, y: int) -> int | None:
        """The row at a place; None above the first and below the last."""
        if not 0 <= y < self.total:
            return None
        return bisect_right(self._tops, y) - 1

    def between(self, top: int, bottom: int) -> range:
        """The rows of which something stands between two places."""
        top, bottom = max(top, 0), min(bottom, self.total)
        if bottom <= top:
            return range(0)
        first, last = self.find(top), self.find(bottom - 1)
        assert first is not None and last is not None
        return range(first, last + 1)


def shift_of(before: Mapping[Hashable, int], after: Mapping[Hashable, int]) -> int:
    """How far the rows a reader looks at have moved: what most of those that are still there have in common.

    Args:
        before, after: tops by key, from the top of the screen downwards; among equally many, the upper rows decide.
    """
    moves = Counter(after[key] - top for key, top in before.items() if key in after)
    return moves.most_common(1)[0][0] if moves else 0
