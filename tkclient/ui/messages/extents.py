"""How high the rows of a long list are, and where each begins."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Extents:
    """Heights of rows, as guesses or as they are. A change costs what stands behind it, and nothing before it is asked for."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._tops = [0]
        """Where rows begin, and the last one ends, as far as they are known."""

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """The height of all."""
        return self.top(len(self._heights))

    def height(self, row: int) -> int:
        return self._heights[row]

    def set_height(self, row: int, height: int) -> None:
        """A row turned out to be so high."""
        if self._heights[row] != height:
            self._heights[row] = height
            del self._tops[row + 1 :]

    def splice(self, start: int, removed: int, heights: Iterable[int]) -> None:
        """Put rows of `heights` in the place of `removed` ones."""
        self._heights[start : start + removed] = heights
        del self._tops[start + 1 :]

    def top(self, row: int) -> int:
        """Where a row begins."""
        if row >= len(self._tops):
            known = len(self._tops)
            self._tops[-1:] = accumulate(self._heights[known - 1 :], initial=self._tops[-1])
        return self._tops[row]

    def row_at(self, y: int) -> int:
        """Which row is at a height; the first or last one beyond the ends. There has to be one."""
        self.top(len(self._heights))
        return max(0, min(bisect_right(self._tops, y) - 1, len(self._heights) - 1))
