"""Groups: making them, coming and going, roles.

Every change is answered by what happened, as everybody else hears it. Published, in this order: each `GroupChanged` (who came
and went stands on the first), so that newcomers are listening when the records of the events follow as `MessageStored`.
"""

import base64
import secrets
from collections.abc import Callable, Collection, Mapping
from functools import partial

import attrs

from naivechat.domain import group as rules
from naivechat.domain.events import GroupChanged, MessageStored
from naivechat.domain.group import Group, GroupEvent, GroupEventKind, GroupId, GroupUpdate, Member, Role
from naivechat.domain.ports import Clock, DecideGroup, EventBus, GroupRepository, StoredGroupChange
from naivechat.domain.session import Actor
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes
from naivechat.domain.user import UserId


def make_random_group_id() -> GroupId:
    """A new group's id: "g" and 12 characters of lower-case base32, 60 random bits."""
    return GroupId("g" + base64.b32encode(secrets.token_bytes(8)).decode("ascii")[:12].lower())


@attrs.frozen(kw_only=True)
class Groups:
    """Changes of groups. Whoever does not belong gets NotMember, whether there is such a group or not."""

    _groups: GroupRepository
    _bus: EventBus
    _clock: Clock
    _make_group_id: Callable[[], GroupId] = make_random_group_id
    _sizes: Sizes = DEFAULT_SIZES

    async def create(
        self, actor: Actor, name: str, avatar: str, member_ids: Collection[UserId]
    ) -> GroupChanged:
        """A new group of the actor, who owns it, and `member_ids`.

        Raises:
            NotFound: one of them does not exist, or is disabled. LimitReached: members, or groups of one of them.
        """
        group = Group(
            group_id=self._make_group_id(),
            name=name,
            avatar=avatar,
            owner_id=actor.user_id,
            member_count=1,
        )
        others = tuple(member_ids)
        stored = await self._groups.create(
            group.group_id,
            (actor.user_id, *others),
            partial(rules.create, group=group, others=others, sizes=self._sizes),
            actor.user,
            self._clock(),
        )
        return tell_of_change(self._bus, actor, GroupEventKind.CREATED, stored)

    async def invite(self, actor: Actor, group_id: GroupId, user_ids: Collection[UserId]) -> GroupChanged:
        """Bring people in; those already in are passed over.

        Raises:
            NotMember, Forbidden, NotFound, LimitReached: as `domain.group.invite`.
        """
        invited = tuple(user_ids)
        decide = partial(rules.invite, actor_id=actor.user_id, user_ids=invited, sizes=self._sizes)
        return await self._change(actor, group_id, GroupEventKind.JOINED, decide, invited)

    async def leave(self, actor: Actor, group_id: GroupId) -> GroupChanged:
        """Go; an owner passes the group on, the last one dissolves it. NotMember, Forbidden."""
        decide = partial(rules.leave, actor_id=actor.user_id)
        return await self._change(actor, group_id, GroupEventKind.LEFT, decide)

    async def remove(self, actor: Actor, group_id: GroupId, user_id: UserId) -> GroupChanged:
        """Take somebody of lower role out. NotMember, Forbidden, NotFound."""
        decide = partial(rules.remove, actor_id=actor.user_id, user_id=user_id)
        return await self._change(actor, group_id, GroupEventKind.REMOVED, decide)

    async def update(self, actor: Actor, group_id: GroupId, values: GroupUpdate) -> GroupChanged:
        """Change name, avatar or notice. NotMember, Forbidden."""
        decide = partial(rules.update, actor_id=actor.user_id, values=values)
        return await self._change(actor, group_id, GroupEventKind.UPDATED, decide)

    async def set_role(self, actor: Actor, group_id: GroupId, user_id: UserId, role: Role) -> GroupChanged:
        """Make somebody member, admin or owner. NotMember, Forbidden, NotFound."""
        decide = partial(rules.set_role, actor_id=actor.user_id, user_id=user_id, role=role)
        return await self._change(actor, group_id, GroupEventKind.ROLE, decide)

    async def dissolve(self, actor: Actor, group_id: GroupId) -> GroupChanged:
        """End the group. NotMember, Forbidden."""
        decide = partial(rules.dissolve, actor_id=actor.user_id)
        return await self._change(actor, group_id, GroupEventKind.DISSOLVED, decide)

    async def list_members(self, actor: Actor, group_id: GroupId) -> tuple[Member, ...]:
        """All members, owner first, then admins, then by joining. NotMember."""
        return await self._groups.list_members(group_id, actor.user_id)

    async def find_joined_seq(self, group_id: GroupId, user_id: UserId) -> int | None:
        """The record behind which a member's part of the log begins; None for whoever does not belong."""
        return await self._groups.find_joined_seq(group_id, user_id)

    async def list_heads(self, user_id: UserId) -> Mapping[GroupId, int]:
        """The groups whose events a session of this person receives, each with the seq of its last record."""
        return await self._groups.list_heads(user_id)

    async def _change(
        self,
        actor: Actor,
        group_id: GroupId,
        asked: GroupEventKind,
        decide: DecideGroup,
        about: Collection[UserId] = (),
    ) -> GroupChanged:
        stored = await self._groups.change(group_id, about, decide, actor.user, self._clock())
        return tell_of_change(self._bus, actor, asked, stored)


def tell_of_change(
    bus: EventBus, actor: Actor, asked: GroupEventKind, stored: StoredGroupChange
) -> GroupChanged:
    """Publish what happened. The first event is the answer; when nothing changed, one of the `asked` kind about nobody."""
    change = stored.change
    if not change.events:
        nothing = GroupEvent(kind=asked, user_ids=(), by=actor.user_id)
        return GroupChanged(group=change.group, event=nothing, seq=0, origin=actor.session_id)
    seq = stored.messages[0].seq
    first, *others = (
        GroupChanged(group=change.group, event=event, seq=seq, origin=actor.session_id)
        for event in change.events
    )
    first = attrs.evolve(first, joined=change.joining, left=change.leaving)
    for changed in (first, *others):
        bus.publish(changed)
    for message in stored.messages:
        bus.publish(MessageStored(message=message, sender=actor.user))
    return first
