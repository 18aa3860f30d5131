"""Operations on groups and official accounts."""

import attrs
import msgspec
from msgspec import UNSET, UnsetType

from naivechat.application.administration import Administration
from naivechat.application.group_administration import GroupList
from naivechat.domain.directory import GroupQuery as WantedGroups
from naivechat.domain.directory import GroupSort
from naivechat.domain.group import Group, GroupId, Member
from naivechat.domain.operator import ActingOperator
from naivechat.interfaces.api.message_shapes import SentView, Words, msg_uuid_of, sent_view
from naivechat.interfaces.api.nodes import NodePlace
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.shapes import Avatar, Id, Name, Once, Page, Part, SearchText, View
from naivechat.interfaces.api.user_shapes import UserView


class GroupPlace(Part, frozen=True, kw_only=True):
    """A group or official account, by id."""

    group_id: Id


class GroupQuery(Page, frozen=True, kw_only=True):
    """Which groups: those whose id or name contains `text`, found and ordered as people are; official accounts, others, or all."""

    text: SearchText = ""
    official: bool | UnsetType = UNSET
    sort: GroupSort = GroupSort.NAME
    descending: bool = False


class NewName(Part, frozen=True, kw_only=True):
    """What a group is called from now on."""

    name: Name


class NewOfficialAccount(Part, frozen=True, kw_only=True):
    """An official account to be made."""

    name: Name
    avatar: Avatar = ""


class GroupView(View, frozen=True, kw_only=True):
    """A group as its members see it; `official` marks an official account."""

    group_id: str
    name: str
    avatar: str
    notice: str
    owner_id: str
    member_count: int
    official: bool


class ListedGroupView(GroupView, frozen=True, kw_only=True):
    """The same, as operators see it."""

    created_at_ms: int


class GroupPageView(View, frozen=True, kw_only=True):
    """A page of groups; total: how many match, 100,000 standing for that or more."""

    groups: tuple[ListedGroupView, ...]
    total: int


class MemberView(UserView, frozen=True, kw_only=True):
    """A member. role: member, admin or owner."""

    role: str


class MembersView(View, frozen=True, kw_only=True):
    """A page of members: owner first, then admins, then by joining; of an official account by id."""

    members: tuple[MemberView, ...]


class EnrolmentView(View, frozen=True, kw_only=True):
    """How many joined."""

    joined: int


@attrs.frozen(kw_only=True)
class GroupOperations:
    """What is asked about groups and done to them; official accounts are groups of everybody, in which operators alone write."""

    _groups: GroupList
    _administration: Administration

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (*self._of_groups(), *self._of_officials())

    def _of_groups(self) -> tuple[Operation, ...]:
        group = "/groups/{group_id}"
        return (
            Operation("list_groups", "GET", "/groups", self.list_groups),
            Operation("get_group", "GET", group, self.get_group),
            Operation("list_members", "GET", f"{group}/members", self.list_members),
            Operation("rename_group", "PUT", f"{group}/name", self.rename),
            Operation("dissolve_group", "DELETE", group, self.dissolve),
        )

    def _of_officials(self) -> tuple[Operation, ...]:
        official = "/official-accounts/{group_id}"
        return (
            Operation(
                "create_official_account",
                "POST",
                "/official-accounts",
                self.create_official,
                status=201,
                location="/groups/{group_id}",
            ),
            Operation("enrol_everybody", "POST", f"{official}/enrolment", self.enrol),
            Operation("announce", "POST", f"{official}/messages", self.announce, refusals=(409,)),
            Operation(
                "announce_to_node", "POST", "/nodes/{name}/messages", self.announce_to_node, refusals=(409,)
            ),
        )

    async def list_groups(self, query: GroupQuery) -> GroupPageView:
        """Search, sort and page through groups."""
        wanted = WantedGroups(
            text=query.text,
            official=None if query.official is UNSET else query.official,
            sort=query.sort,
            descending=query.descending,
            limit=query.limit,
            offset=query.offset,
        )
        page = await self._groups.search(wanted)
        groups = (_listed(one.group, one.created_at_ms) for one in page.groups)
        return GroupPageView(groups=tuple(groups), total=page.total)

    async def get_group(self, place: GroupPlace) -> ListedGroupView:
        """One group."""
        found = await self._groups.get_group(GroupId(place.group_id))
        return _listed(found.group, found.created_at_ms)

    async def list_members(self, place: GroupPlace, query: Page) -> MembersView:
        """A page of its members."""
        group_id = GroupId(place.group_id)
        found = await self._groups.list_members(group_id, limit=query.limit, offset=query.offset)
        return MembersView(members=tuple(map(_member, found)))

    async def rename(self, by: ActingOperator, place: GroupPlace, body: NewName) -> GroupView:
        """Rename it."""
        return _group(await self._administration.rename_group(by, GroupId(place.group_id), body.name))

    async def dissolve(self, by: ActingOperator, place: GroupPlace) -> None:
        """End a group or official account; its records stay."""
        await self._administration.dissolve_group(by, GroupId(place.group_id))

    async def create_official(self, by: ActingOperator, body: NewOfficialAccount) -> GroupView:
        """Make an official account, to which everybody belongs."""
        return _group(await self._administration.create_official(by, body.name, body.avatar))

    async def enrol(self, by: ActingOperator, place: GroupPlace) -> EnrolmentView:
        """Go on with an enrolment that was broken off."""
        return EnrolmentView(joined=await self._administration.enrol_everybody(by, GroupId(place.group_id)))

    async def announce_to_node(
        self, by: ActingOperator, place: NodePlace, headers: Once, body: Words
    ) -> SentView:
        """Write to the people of one node, by an official account of theirs."""
        msg_uuid = msg_uuid_of(headers)
        return sent_view(await self._administration.announce_to_node(by, place.name, body.text, msg_uuid))

    async def announce(self, by: ActingOperator, place: GroupPlace, headers: Once, body: Words) -> SentView:
        """Write to everybody."""
        group_id, msg_uuid = GroupId(place.group_id), msg_uuid_of(headers)
        return sent_view(await self._administration.announce(by, group_id, body.text, msg_uuid))


def _group(group: Group) -> GroupView:
    return GroupView(
        group_id=group.group_id,
        name=group.name,
        avatar=group.avatar,
        notice=group.notice,
        owner_id=group.owner_id,
        member_count=group.member_count,
        official=group.official,
    )


def _listed(group: Group, created_at_ms: int) -> ListedGroupView:
    return ListedGroupView(**msgspec.structs.asdict(_group(group)), created_at_ms=created_at_ms)


def _member(member: Member) -> MemberView:
    user = member.user
    return MemberView(
        user_id=user.user_id, nickname=user.nickname, avatar=user.avatar, role=member.role.name.lower()
    )
