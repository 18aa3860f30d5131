"""Where emoji stand in the picker: pages one below the other, each a heading and rows of cells. No widgets here."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

import attrs


@attrs.frozen(kw_only=True)
class Page:
    """A heading and what stands under it. `icon` is the emoji of its tab."""

    name: str
    icon: str
    items: tuple[str, ...]


@attrs.frozen
class Cell:
    """The place of one item: its page, and its number in it."""

    page: int
    number: int


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Sheet:
    """All pages in one column. Lengths are pixels of the screen; x and y from the sheet's upper left corner.

    columns: cells in a row. margin: left of the first cell. heading: the height of a page's heading.
    """

    pages: tuple[Page, ...]
    columns: int
    cell_width: int
    cell_height: int
    margin: int
    heading: int

    @property
    def height(self) -> int:
        """Of all pages."""
        return self._tops[-1]

    def page_top(self, page: int) -> int:
        """Where the heading of a page begins."""
        return self._tops[page]

    def page_at(self, y: float) -> int:
        """The page that stands there, the nearest if none does."""
        found = bisect_right(self._tops, y) - 1
        return max(0, min(found, len(self.pages) - 1))

    def item(self, cell: Cell) -> str:
        """What stands in a cell."""
        return self.pages[cell.page].items[cell.number]

    def corner(self, cell: Cell) -> tuple[int, int]:
        """The upper left corner of a cell."""
        row, column = divmod(cell.number, self.columns)
        top = self._tops[cell.page] + self.heading + row * self.cell_height
        return self.margin + column * self.cell_width, top

    def cell_at(self, x: float, y: float) -> Cell | None:
        """The cell there."""
        page = self.page_at(y)
        column = int((x - self.margin) // self.cell_width)
        row = int((y - self._tops[page] - self.heading) // self.cell_height)
        number = row * self.columns + column
        is_inside = 0 <= column < self.columns and row >= 0 and number < len(self.pages[page].items)
        return Cell(page, number) if is_inside else None

    def cells_between(self, top: float, bottom: float) -> Iterator[Cell]:
        """The cells of which something is seen between two heights."""
        for page in range(self.page_at(top), self.page_at(bottom) + 1):
            first = self._tops[page] + self.heading
            row = max(0, int((top - first) // self.cell_height))
            end = max(0, int((bottom - first) // self.cell_height) + 1)
            last = min(end * self.columns, len(self.pages[page].items))
            yield from (Cell(page, number) for number in range(row * self.columns, last))

    def beside(self, cell: Cell | None, columns: int, rows: int) -> Cell:
        """Where one comes from a cell by so many steps to the right and down, through all pages; the first cell from None."""
        if cell is None:
            return self._moved(Cell(0, 0), 0)
        if columns:
            return self._moved(cell, columns)
        column = cell.number % self.columns
        number = cell.number + rows * self.columns
        items = self.pages[cell.page].items
        if 0 <= number < len(items):
            return Cell(cell.page, number)
        last_row = (len(items) - 1) // self.columns
        if rows > 0 and cell.number // self.columns < last_row:
            return Cell(cell.page, len(items) - 1)
        return self._in_column(cell, column, rows)

    def _in_column(self, cell: Cell, column: int, rows: int) -> Cell:
        """The cell of a column in the page after, or before."""
        page = cell.page + (1 if rows > 0 else -1)
        if not 0 <= page < len(self.pages):
            return cell
        count = len(self.pages[page].items)
        row = 0 if rows > 0 else (count - 1) // self.columns
        return Cell(page, min(row * self.columns + column, count - 1))

    def _moved(self, cell: Cell, steps: int) -> Cell:
        order = self._starts[cell.page] + cell.number + steps
        order = max(0, min(order, self._starts[-1] - 1))
        page = bisect_right(self._starts, order) - 1
        return Cell(page, order - self._starts[page])

    @cached_property
    def _starts(self) -> Sequence[int]:
        """How many items are before each page, and in all."""
        return tuple(accumulate((len(page.items) for page in self.pages), initial=0))

    @cached_property
    def _tops(self) -> Sequence[int]:
        heights = (
            self.heading - (-len(page.items) // self.columns) * self.cell_height for page in self.pages
        )
        return tuple(accumulate(heights, initial=0))
