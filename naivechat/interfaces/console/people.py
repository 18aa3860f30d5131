"""Users: who there is, who is there now, and all of them as a table."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import attrs

from naivechat.application.administration import Administration
from naivechat.application.people_directory import PeopleDirectory
from naivechat.domain.directory import FURTHEST, AccountQuery, AccountSort, OnlineQuery
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.listing import ROWS_A_PAGE, Listing, read_listing
from naivechat.interfaces.console.paths import USERS
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.streamed import Streamed

ONLINE: Final = "online"
_DISABLED: Final = {"disabled": True, "enabled": False}
_COLUMNS: Final = tuple(sort.value for sort in AccountSort)
_LONGEST_ID: Final = 32


@attrs.frozen(kw_only=True)
class PeoplePage:
    """All users, a page at a time. Those who are online are listed by id alone: no database knows who they are."""

    _people: PeopleDirectory
    _administration: Administration

    async def show(self, visit: Visit) -> Answer:
        """Those who are asked for, in the order asked for."""
        query = visit.arrival.query
        listing = read_listing(
            USERS, query, fields=("text", "state"), columns=_COLUMNS, usual=AccountSort.ID.value
        )
        is_online = listing.chosen["state"] == ONLINE
        seen = await (self._online(listing, query) if is_online else self._all(listing))
        return page(
            render(
                "users.html",
                visit,
                listing=listing,
                is_online=is_online,
                may_change=visit.acting.may_change,
                **seen,
            )
        )

    async def export(self, visit: Visit) -> Answer:
        """All accounts as CSV; that they were taken is in the audit log before anything is given."""
        return Answer(
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": 'attachment; filename="naivechat-users.csv"',
            },
            body=Streamed(_encoded(self._administration.export_people(visit.acting))),
        )

    async def _all(self, listing: Listing) -> dict[str, Any]:
        found = await self._people.search(
            AccountQuery(
                text=listing.chosen["text"],
                disabled=_DISABLED.get(listing.chosen["state"]),
                sort=AccountSort(listing.sort),
                descending=listing.descending,
                limit=ROWS_A_PAGE,
                offset=listing.offset,
            )
        )
        return {
            "people": found.people,
            "total": found.total,
            "most": FURTHEST,
            "is_whole": found.is_whole,
            "first": "",
            "next": "",
        }

    async def _online(self, listing: Listing, query: Mapping[str, str]) -> dict[str, Any]:
        after = query.get("after", "")[:_LONGEST_ID]
        found = await self._people.list_online(
            OnlineQuery(text=listing.chosen["text"], after=after, limit=ROWS_A_PAGE)
        )
        chosen = {name: value for name, value in listing.chosen.items() if value}
        last = found.people[-1].account.user.user_id if found.people else ""
        return {
            "people": found.people,
            "is_whole": found.is_whole,
            "first": f"{USERS}?{urlencode(chosen)}" if after else "",
            "next": f"{USERS}?{urlencode({**chosen, 'after': last})}" if found.has_more and last else "",
        }


async def _encoded(pieces: AsyncIterator[str]) -> AsyncIterator[bytes]:
    # Without the mark some spreadsheets do not know that it is UTF-8.
    yield b"\xef\xbb\xbf"
    async for piece in pieces:
        yield piece.encode()
