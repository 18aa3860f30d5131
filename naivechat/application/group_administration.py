"""Groups as operators see and change them, from outside."""

from functools import partial

import attrs

from naivechat.application.groups import tell_of_change
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.domain import group_administration as rules
from naivechat.domain.directory import (
    DEFAULT_PAGE,
    OPERATORS,
    GroupPage,
    GroupQuery,
    ListedGroup,
    require_page,
)
from naivechat.domain.directory_ports import GroupDirectory
from naivechat.domain.group import Group, GroupEventKind, GroupId, Member
from naivechat.domain.names import require_name
from naivechat.domain.ports import Clock, DecideGroup, EventBus


@attrs.frozen(kw_only=True)
class GroupList:
    """All groups as operators see them; it changes nothing."""

    _directory: GroupDirectory

    async def search(self, query: GroupQuery) -> GroupPage:
        """A page of groups. Unavailable."""
        return await self._directory.list_groups(query)

    async def get_group(self, group_id: GroupId) -> ListedGroup:
        """One group. NotFound."""
        return await self._directory.get_group(group_id)

    async def list_members(
        self, group_id: GroupId, *, limit: int = DEFAULT_PAGE, offset: int = 0
    ) -> tuple[Member, ...]:
        """A page of members: owner first, then admins, then by joining; of an official account by id.

        Raises:
            NotFound. InvalidRequest: a page out of bounds.
        """
        require_page("", limit, offset)
        return await self._directory.list_members(group_id, limit=limit, offset=offset)


@attrs.frozen(kw_only=True)
class GroupAdministration:
    """Changes groups as their owner might; clients see who did it: the operators' account."""

    _directory: GroupDirectory
    _voice: OperatorsVoice
    _bus: EventBus
    _clock: Clock

    async def rename(self, group_id: GroupId, name: str) -> Group:
        """Another name for a group or official account. NotFound. InvalidRequest: no name."""
        require_name("name", name)
        decide = partial(rules.rename, actor_id=OPERATORS.user_id, name=name)
        return await self._change(group_id, GroupEventKind.UPDATED, decide)

    async def dissolve(self, group_id: GroupId) -> Group:
        """End a group or official account; its records stay. NotFound."""
        decide = partial(rules.dissolve, actor_id=OPERATORS.user_id)
        return await self._change(group_id, GroupEventKind.DISSOLVED, decide)

    async def _change(self, group_id: GroupId, asked: GroupEventKind, decide: DecideGroup) -> Group:
        actor = await self._voice.get_actor()
        stored = await self._directory.administer(group_id, decide, actor.user, self._clock())
        return tell_of_change(self._bus, actor, asked, stored).group
