"""Groups: all of them, and one with its members; renaming and dissolving from outside."""

from typing import Any, Final

import attrs

from naivechat.application.administration import Administration
from naivechat.application.group_administration import GroupList
from naivechat.domain.directory import FURTHEST, GroupQuery, GroupSort
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.group import GroupId
from naivechat.interfaces.console.answer import Answer, page, reload_at
from naivechat.interfaces.console.listing import ROWS_A_PAGE, read_listing
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.paths import GROUP, GROUPS
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit

_KINDS: Final = {"official": True, "plain": False}


@attrs.frozen(kw_only=True)
class GroupsPage:
    """What operators see of groups, and do to them."""

    _groups: GroupList
    _administration: Administration

    async def show(self, visit: Visit) -> Answer:
        """A page of all groups."""
        listing = read_listing(
            GROUPS,
            visit.arrival.query,
            fields=("text", "kind"),
            columns=tuple(sort.value for sort in GroupSort),
            usual=GroupSort.NAME.value,
        )
        query = GroupQuery(
            text=listing.chosen["text"],
            official=_KINDS.get(listing.chosen["kind"]),
            sort=GroupSort(listing.sort),
            descending=listing.descending,
            limit=ROWS_A_PAGE,
            offset=listing.offset,
        )
        found = await self._groups.search(query)
        return page(
            render(
                "groups.html", visit, listing=listing, groups=found.groups, total=found.total, most=FURTHEST
            )
        )

    async def show_one(self, visit: Visit) -> Answer:
        """One group and a page of its members."""
        return page(render("group.html", visit, **await self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The same, to be put into the page."""
        return page(render("group_panel.html", visit, **await self._seen(visit)))

    async def rename(self, visit: Visit) -> Answer:
        """Another name."""
        form = visit.arrival.form
        name = form.get("name", "").strip()
        await self._administration.rename_group(visit.acting, _group_id(form.get("id", "")), name)
        return done(visit, visit.words("The group is called {name} now.", name=name))

    async def dissolve(self, visit: Visit) -> Answer:
        """End it, where its id was typed too: no slip of the hand ends a group."""
        form = visit.arrival.form
        group_id = _group_id(form.get("id", ""))
        if form.get("typed", "").strip() != group_id:
            raise InvalidRequest("id", visit.words("was not typed as it is; nothing was changed"))
        await self._administration.dissolve_group(visit.acting, group_id)
        return reload_at(GROUPS)

    async def _seen(self, visit: Visit) -> dict[str, Any]:
        listing = read_listing(GROUP, visit.arrival.query, fields=("id",), columns=("role",), usual="role")
        group_id = _group_id(listing.chosen["id"])
        found = await self._groups.get_group(group_id)
        members = await self._groups.list_members(group_id, limit=ROWS_A_PAGE, offset=listing.offset)
        return {
            "listing": listing,
            "group": found.group,
            "created_at_ms": found.created_at_ms,
            "members": members,
            "most": FURTHEST,
            "may_change": visit.acting.may_change,
        }


def _group_id(text: str) -> GroupId:
    return GroupId(text.strip())
