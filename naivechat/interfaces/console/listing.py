"""How a long list is looked at: which part of it, in which order. Its address says all of it, so it can be kept and gone back to."""

from collections.abc import Collection, Mapping
from typing import Final, Literal
from urllib.parse import urlencode

import attrs

from naivechat.domain.directory import FURTHEST

ROWS_A_PAGE: Final = 50
LONGEST_FIELD: Final = 64
_DESCENDING: Final = "down"


@attrs.frozen(kw_only=True)
class Listing:
    """A list as one address shows it: `chosen` narrows it down, `page` counts from 1."""

    path: str
    chosen: Mapping[str, str]
    sort: str
    descending: bool = False
    page: int = 1

    @property
    def offset(self) -> int:
        """How many rows there are before this page."""
        return (self.page - 1) * ROWS_A_PAGE

    @property
    def last_page(self) -> int:
        """The last one that can be asked for."""
        return FURTHEST // ROWS_A_PAGE + 1

    def at_page(self, page: int) -> str:
        """The address of another page."""
        return self._address(self.sort, descending=self.descending, page=page)

    def sorted_by(self, column: str) -> str:
        """The address in the order of a column; the other way round where it is in that order already."""
        return self._address(column, descending=column == self.sort and not self.descending, page=1)

    def direction(self, column: str) -> Literal["ascending", "descending", "none"]:
        """In which order it is by a column, as `aria-sort` has it."""
        if column != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def _address(self, sort: str, *, descending: bool, page: int) -> str:
        fields = {name: value for name, value in self.chosen.items() if value}
        fields |= {"sort": sort, **({"order": _DESCENDING} if descending else {})}
        return f"{self.path}?{urlencode({**fields, **({'page': page} if page > 1 else {})})}"


def read_listing(
    path: str, query: Mapping[str, str], *, fields: Collection[str], columns: Collection[str], usual: str
) -> Listing:
    """What an address asks for; what makes no sense in it is passed over.

    Args:
        fields: names of what narrows the list down. columns: by what it may be sorted, `usual` where nothing else is said.
    """
    sort = query.get("sort", "")
    listing = Listing(
        path=path,
        chosen={name: query.get(name, "").strip()[:LONGEST_FIELD] for name in fields},
        sort=sort if sort in columns else usual,
        descending=query.get("order") == _DESCENDING,
    )
    page = query.get("page", "")
    is_number = page.isascii() and page.isdigit() and len(page) < 7
    return attrs.evolve(listing, page=min(max(int(page), 1), listing.last_page) if is_number else 1)
