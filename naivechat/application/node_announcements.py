"""Announcements to the people of one node."""

from collections.abc import AsyncIterator
from typing import Final

import attrs

from naivechat.application.official_accounts import OfficialAccounts
from naivechat.domain.appending import Appended
from naivechat.domain.directory import MOST_IDS, OnlineQuery
from naivechat.domain.directory_ports import SessionDirectory
from naivechat.domain.errors import NotFound, Unavailable
from naivechat.domain.names import LONGEST_NAME
from naivechat.domain.node_account import node_account_id
from naivechat.domain.user import UserId

ENROLLED_A_PORTION: Final = 500


@attrs.frozen(kw_only=True)
class NodeAnnouncements:
    """Writes to an official account that a node's people belong to.

    Whoever is connected to the node at that moment joins it before, and belongs to it from then on: who goes away, or to another
    node, reads it later. It is made with its first announcement; once it has been dissolved, the next one begins it anew.
    """

    _officials: OfficialAccounts
    _sessions: SessionDirectory

    async def announce(self, node: str, text: str, msg_uuid: bytes) -> Appended:
        """Write to the people of a node; the same `msg_uuid` again writes nothing.

        Raises:
            NotFound: nobody is connected to a node of this name, nor was at an earlier announcement. InvalidRequest, TooLarge,
            Conflict: as `OfficialAccounts.announce`. Unavailable: also where not every node says who is connected to it.
        """
        if not node:
            raise NotFound("There is no such node.")
        self._officials.require_announceable(text)
        group_id = node_account_id(node)
        async for user_ids in self._people_of(node):
            await self._officials.require_account(group_id, f"Node {node}"[:LONGEST_NAME])
            for start in range(0, len(user_ids), ENROLLED_A_PORTION):
                await self._officials.enrol(group_id, user_ids[start : start + ENROLLED_A_PORTION])
        return await self._officials.announce(group_id, text, msg_uuid)

    async def _people_of(self, node: str) -> AsyncIterator[tuple[UserId, ...]]:
        """Who is connected to a node, by id, a portion at a time."""
        after, has_more = "", True
        while has_more:
            page = await self._sessions.list_online(OnlineQuery(node=node, after=after, limit=MOST_IDS))
            if not page.is_whole:
                raise Unavailable("Not every node says who is connected to it: try again.")
            if page.user_ids:
                yield page.user_ids
                after = page.user_ids[-1]
            has_more = page.has_more
