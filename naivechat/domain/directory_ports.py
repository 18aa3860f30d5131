"""What the directory needs of the storage: lists for operators, and what operators alone may write."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from naivechat.domain.directory import (
    AccountPage,
    AccountQuery,
    Bonds,
    Device,
    Enrolment,
    FoundMessages,
    GroupPage,
    GroupQuery,
    ListedAccount,
    ListedGroup,
    LiveSessions,
    OnlineIds,
    OnlineQuery,
)
from naivechat.domain.group import GroupId, Member
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import Account, User, UserId


class AccountDirectory(Protocol):
    """All accounts, disabled ones too."""

    async def list_accounts(self, query: AccountQuery) -> AccountPage:
        """A page of accounts; wildcards of SQL mean themselves."""

    async def list_after(self, user_id: str, *, limit: int) -> tuple[ListedAccount, ...]:
        """The accounts behind an id, in the order of ids: for going through all of them, a portion at a time."""

    async def get_account(self, user_id: UserId) -> ListedAccount:
        """One account. NotFound."""

    async def list_named(self, user_ids: Sequence[UserId]) -> tuple[ListedAccount, ...]:
        """The accounts of these ids, in their order; whoever does not exist is left out. At most 200."""

    async def list_devices(self, user_id: UserId) -> tuple[Device, ...]:
        """Where a person may come back without a password, by name."""

    async def count_bonds(self, user_id: UserId) -> Bonds:
        """Somebody's friends and groups; none of whoever does not exist."""

    async def revoke_device(self, user_id: UserId, device: str) -> int:
        """Drop the tokens of a device; how many. NotFound: there is no such person."""

    async def find_taken(self, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        """Those of the ids that belong to somebody."""

    async def add_all(self, accounts: Sequence[Account]) -> None:
        """Store new accounts, all or none; each joins every official account.

        Raises:
            UserExists: one of the ids is taken.
        """

    async def note_seen(self, seen: Mapping[UserId, int]) -> None:
        """Note when people were there; at most 500 of them, whoever does not exist is passed over."""


class SessionDirectory(Protocol):
    """Who is connected to which node. Nodes that do not answer within a second are left out, and the answer says so."""

    async def list_sessions(self, user_ids: Sequence[UserId]) -> LiveSessions:
        """Sessions of these people, at most 200, on all nodes."""

    async def list_online(self, query: OnlineQuery) -> OnlineIds:
        """Who is there now, on whichever node."""


class GroupDirectory(Protocol):
    """All groups, and what is done in them from outside."""

    async def list_groups(self, query: GroupQuery) -> GroupPage:
        """A page of groups that are not dissolved; wildcards of SQL mean themselves."""

    async def get_group(self, group_id: GroupId) -> ListedGroup:
        """One group. NotFound, dissolved ones too."""

    async def list_members(self, group_id: GroupId, *, limit: int, offset: int) -> tuple[Member, ...]:
        """Members: owner first, then admins, then by joining; of an official account, where they are many, by id."""

    async def administer(
        self, group_id: GroupId, decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        """As `GroupRepository.change`; of an official account the members are left out of the state: they may be everybody."""

    async def enrol(self, group_id: GroupId, after_id: str, now_ms: int) -> Enrolment:
        """Let up to 500 of those behind `after_id` who are not in an official account join it. NotFound: there is no such one."""

    async def enrol_these(self, group_id: GroupId, user_ids: Sequence[UserId], now_ms: int) -> Enrolment:
        """Let those of up to 500 people who are not in an official account join it. NotFound: there is no such one."""


class TalkSearch(Protocol):
    """The words of talks."""

    async def search_talk(
        self, talk_id: TalkId, text: str, *, before_seq: int | None, limit: int
    ) -> FoundMessages:
        """Messages of a talk that contain `text`, among the last 5,000 before `before_seq` (None: from its end).

        The case of letters does not matter, but beyond ASCII on SQLite. NotFound: no such talk.
        """
