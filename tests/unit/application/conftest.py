"""A world of services on storage in memory."""

import itertools
from typing import Any

import pytest

from naivechat.application.accounts import Accounts
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.presence import Presence
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.domain.events import Event
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.group import Group, GroupId, Role
from naivechat.domain.session import Actor, SessionId
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId
from tests import fakes
from tests.fakes import done


class World:
    """All services over one store; people and friendships made in a word, without leaving events behind."""

    def __init__(self) -> None:
        self.store, self.bus, self.clock = fakes.Store(), fakes.MemoryBus(), fakes.SetClock()
        self.hasher, self.directory = fakes.PlainHasher(), fakes.MemoryDirectory()
        self._numbers = itertools.count(1)
        self.accounts = self.accounts_with(registration_open=True)
        self.friends = self.friends_with(FriendPolicy.OPEN)
        self.sessions = Sessions(
            accounts=self.accounts,
            tokens=fakes.MemoryTokens(self.store),
            bus=self.bus,
            clock=self.clock,
            make_token=lambda size: bytes([next(self._numbers)]) * size,
        )
        self.presence = Presence(
            friends=fakes.MemoryFriends(self.store), bus=self.bus, directory=self.directory
        )
        self.groups = Groups(
            groups=fakes.MemoryGroups(self.store),
            bus=self.bus,
            clock=self.clock,
            make_group_id=lambda: GroupId(f"g{next(self._numbers)}"),
        )
        self.messages = Messages(log=fakes.MemoryLog(self.store), bus=self.bus, clock=self.clock)
        self.talks = Talks(talks=fakes.MemoryTalks(self.store), bus=self.bus, clock=self.clock)

    def accounts_with(self, *, registration_open: bool) -> Accounts:
        return Accounts(
            users=fakes.MemoryUsers(self.store),
            friends=fakes.MemoryFriends(self.store),
            hasher=self.hasher,
            bus=self.bus,
            clock=self.clock,
            registration_open=registration_open,
        )

    def friends_with(self, policy: FriendPolicy, **options: Any) -> Friends:
        return Friends(
            users=fakes.MemoryUsers(self.store),
            friends=fakes.MemoryFriends(self.store),
            bus=self.bus,
            clock=self.clock,
            policy=policy,
            **options,
        )

    def person(self, user_id: str) -> Actor:
        user = done(self.accounts.add(UserId(user_id), "password", user_id.title(), ""))
        return Actor(user=user, session_id=SessionId(f"session of {user_id}"))

    def people(self, user_ids: str) -> list[Actor]:
        return [self.person(user_id) for user_id in user_ids.split()]

    def befriend(self, one: Actor, other: Actor) -> None:
        done(fakes.MemoryFriends(self.store).befriend(one.user_id, other.user_id, self.clock()))

    def group_of(self, owner: Actor, *others: Actor) -> GroupId:
        created = done(self.groups.create(owner, "Club", "", [other.user_id for other in others]))
        self.bus.take()
        return created.group.group_id

    def published(self) -> list[Event]:
        return self.bus.take()

    def official_account(self, operator: Actor) -> GroupId:
        """An official account of everybody there is, written by `operator`."""
        group_id = GroupId("official")
        group = Group(
            group_id=group_id, name="News", owner_id=operator.user_id, member_count=1, official=True
        )
        self.store.groups[group_id] = group
        for user_id in self.store.accounts:
            role = Role.OWNER if user_id == operator.user_id else Role.MEMBER
            self.store.join_group(group, user_id, role, self.clock())
        return group_id


@pytest.fixture
def world() -> World:
    return World()


def with_friend(friend: Actor) -> TalkAddress:
    """The talk with a friend."""
    return TalkAddress(talk_type=TalkType.FRIEND, other_id=friend.user_id)


def in_group(group_id: GroupId) -> TalkAddress:
    """The talk of a group."""
    return TalkAddress(talk_type=TalkType.GROUP, other_id=group_id)
