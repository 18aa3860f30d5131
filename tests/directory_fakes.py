"""The ports of the directory in memory, see `tests.fakes`; and the services on them."""

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from naivechat.application.administration import Administration
from naivechat.application.audit import AuditTrail
from naivechat.application.bot_administration import BotAdministration
from naivechat.application.bots import Bots
from naivechat.application.devices import Devices
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.friends import Friends
from naivechat.application.group_administration import GroupAdministration, GroupList
from naivechat.application.messages import Messages
from naivechat.application.moderation import Moderation
from naivechat.application.node_announcements import NodeAnnouncements
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.application.people_directory import PeopleDirectory
from naivechat.application.people_import import PeopleImport
from naivechat.domain.directory import (
    MOST_LOOKED_THROUGH,
    AccountPage,
    AccountQuery,
    AccountSort,
    Bonds,
    Device,
    Enrolment,
    FoundMessages,
    GroupPage,
    GroupQuery,
    GroupSort,
    ListedAccount,
    ListedGroup,
    LiveSession,
    LiveSessions,
    OnlineIds,
    OnlineQuery,
)
from naivechat.domain.errors import NotFound, UserExists
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.group import GroupId, Member, Role
from naivechat.domain.message import FILE
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import Account, User, UserId
from tests import fakes
from tests.operator_fakes import MemoryAuditLog, OperatorStore

ENROLLED_A_PORTION = 2


def _place(text: str, *names: str) -> int | None:
    """0 for the id itself, 1 for what begins with a text, 2 for what contains it."""
    wanted, folded = text.casefold(), [name.casefold() for name in names]
    if folded[0] == wanted:
        return 0
    if any(name.startswith(wanted) for name in folded):
        return 1
    return 2 if any(wanted in name for name in folded) else None


@attrs.define
class MemoryAccountDirectory:
    """AccountDirectory."""

    store: fakes.Store
    seen: dict[UserId, int] = attrs.Factory(dict)

    async def list_accounts(self, query: AccountQuery) -> AccountPage:
        keys = {
            AccountSort.ID: lambda one: one.user.user_id.casefold(),
            AccountSort.NICKNAME: lambda one: one.user.nickname.casefold(),
            AccountSort.CREATED: lambda one: one.created_at_ms,
            AccountSort.LAST_SEEN: lambda one: one.last_seen_ms,
        }
        accounts = [self._listed(account) for account in self.store.accounts.values()]
        found = [one for one in accounts if query.disabled in (None, one.disabled)]
        places = {one.user.user_id: _place(query.text, one.user.user_id, one.user.nickname) for one in found}
        found = [one for one in found if places[one.user.user_id] is not None]
        found.sort(key=lambda one: (keys[query.sort](one), one.user.user_id), reverse=query.descending)
        if query.text:
            found.sort(key=lambda one: places[one.user.user_id] or 0)
        page = found[query.offset : query.offset + query.limit]
        return AccountPage(accounts=tuple(page), total=len(found))

    async def list_after(self, user_id: str, *, limit: int) -> tuple[ListedAccount, ...]:
        ids = sorted(one for one in self.store.accounts if one > user_id)
        return tuple(self._listed(self.store.accounts[one]) for one in ids[:limit])

    async def get_account(self, user_id: UserId) -> ListedAccount:
        if user_id not in self.store.accounts:
            raise NotFound
        return self._listed(self.store.accounts[user_id])

    async def list_named(self, user_ids: Sequence[UserId]) -> tuple[ListedAccount, ...]:
        accounts = self.store.accounts
        return tuple(self._listed(accounts[user_id]) for user_id in user_ids if user_id in accounts)

    async def list_devices(self, user_id: UserId) -> tuple[Device, ...]:
        tokens = [token for token in self.store.tokens.values() if token.user_id == user_id]
        devices = (Device(name=token.device, expires_at_ms=token.expires_at_ms) for token in tokens)
        return tuple(sorted(devices, key=lambda device: device.name))

    async def count_bonds(self, user_id: UserId) -> Bonds:
        friends = sum(one == user_id for one, _ in self.store.friends)
        return Bonds(
            friends=friends, groups=sum(user_id in members for members in self.store.members.values())
        )

    async def revoke_device(self, user_id: UserId, device: str) -> int:
        await self.get_account(user_id)
        gone = [t for t in self.store.tokens.values() if (t.user_id, t.device) == (user_id, device)]
        for token in gone:
            del self.store.tokens[token.token_hash]
        return len(gone)

    async def find_taken(self, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        return frozenset(user_ids).intersection(self.store.accounts)

    async def add_all(self, accounts: Sequence[Account]) -> None:
        if await self.find_taken([account.user.user_id for account in accounts]):
            raise UserExists
        for account in accounts:
            await fakes.MemoryUsers(self.store).add(account)

    async def note_seen(self, seen: Mapping[UserId, int]) -> None:
        self.seen |= {user_id: at_ms for user_id, at_ms in seen.items() if user_id in self.store.accounts}

    def _listed(self, account: Account) -> ListedAccount:
        return ListedAccount(
            user=account.user,
            disabled=account.disabled,
            created_at_ms=account.created_at_ms,
            last_seen_ms=self.seen.get(account.user.user_id, 0),
            bot=account.is_bot,
        )


@attrs.define
class MemorySessions:
    """SessionDirectory: `sessions` are all there are; `silent` is true while a node does not answer."""

    sessions: list[LiveSession] = attrs.Factory(list)
    silent: bool = False

    async def list_sessions(self, user_ids: Sequence[UserId]) -> LiveSessions:
        found = tuple(session for session in self.sessions if session.user_id in user_ids)
        return LiveSessions(sessions=found, is_whole=not self.silent)

    async def list_online(self, query: OnlineQuery) -> OnlineIds:
        ids = {
            session.user_id
            for session in self.sessions
            if session.user_id > query.after and query.node in ("", session.node)
        }
        found = sorted(user_id for user_id in ids if query.text.casefold() in user_id.casefold())
        return OnlineIds(
            user_ids=tuple(found[: query.limit]),
            has_more=len(found) > query.limit,
            is_whole=not self.silent,
        )


@attrs.define
class MemoryGroupDirectory:
    """GroupDirectory."""

    store: fakes.Store

    async def list_groups(self, query: GroupQuery) -> GroupPage:
        keys = {
            GroupSort.ID: lambda group: group.group_id,
            GroupSort.NAME: lambda group: group.name,
            GroupSort.CREATED: lambda group: 0,
            GroupSort.MEMBERS: lambda group: group.member_count,
        }
        groups = self.store.groups.values()
        found = [group for group in groups if query.official in (None, group.official)]
        found = [group for group in found if _place(query.text, group.group_id, group.name) is not None]
        found.sort(key=lambda group: (keys[query.sort](group), group.group_id), reverse=query.descending)
        if query.text:
            found.sort(key=lambda group: _place(query.text, group.group_id, group.name) or 0)
        page = found[query.offset : query.offset + query.limit]
        return GroupPage(
            groups=tuple(ListedGroup(group=group, created_at_ms=0) for group in page), total=len(found)
        )

    async def get_group(self, group_id: GroupId) -> ListedGroup:
        if group_id not in self.store.groups:
            raise NotFound
        return ListedGroup(group=self.store.groups[group_id], created_at_ms=0)

    async def list_members(self, group_id: GroupId, *, limit: int, offset: int) -> tuple[Member, ...]:
        await self.get_group(group_id)
        members = self.store.members[group_id]
        ordered = sorted(members, key=lambda user_id: (-members[user_id].role, user_id))
        return tuple(
            Member(user=self.store.accounts[user_id].user, role=members[user_id].role)
            for user_id in ordered[offset : offset + limit]
        )

    async def administer(
        self, group_id: GroupId, decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        return await fakes.MemoryGroups(self.store).change(group_id, (actor.user_id,), decide, actor, now_ms)

    async def enrol(self, group_id: GroupId, after_id: str, now_ms: int) -> Enrolment:
        missing = sorted(one for one in self.store.accounts if one > after_id)
        return self._take_in(group_id, missing, ENROLLED_A_PORTION, now_ms)

    async def enrol_these(self, group_id: GroupId, user_ids: Sequence[UserId], now_ms: int) -> Enrolment:
        known = sorted(one for one in user_ids if one in self.store.accounts)
        return self._take_in(group_id, known, len(user_ids), now_ms)

    def _take_in(self, group_id: GroupId, user_ids: Sequence[UserId], most: int, now_ms: int) -> Enrolment:
        group = self.store.groups.get(group_id)
        if group is None or not group.official:
            raise NotFound
        members = self.store.members[group_id]
        joined = tuple(one for one in user_ids if one not in members)[:most]
        for user_id in joined:
            self.store.join_group(group, user_id, Role.MEMBER, now_ms)
        after = attrs.evolve(group, member_count=len(members))
        self.store.groups[group_id] = after
        seq = self.store.log.heads[group_talk_id(group_id)].last_seq
        return Enrolment(group=after, joined=joined, seq=seq, is_last=len(joined) < most)


@attrs.define
class MemoryTalkSearch:
    """TalkSearch."""

    store: fakes.Store

    async def search_talk(
        self, talk_id: TalkId, text: str, *, before_seq: int | None, limit: int
    ) -> FoundMessages:
        if talk_id not in self.store.log.heads:
            raise NotFound
        end = self.store.log.heads[talk_id].last_seq + 1
        end = end if before_seq is None else min(end, before_seq)
        start = max(1, end - MOST_LOOKED_THROUGH)
        seen = (self.store.visible(self.store.log.records[talk_id, seq]) for seq in range(start, end))
        found = [m for m in seen if m.msg_type <= FILE and text.lower() in m.text.lower()][::-1][:limit]
        start = found[-1].seq if len(found) == limit else start
        return FoundMessages(messages=tuple(found), go_on_before=start if start > 1 else None)


class AdministrationWorld:
    """All services of the directory over one store; `people` and `accounts` are those of a node.

    `entries` is the audit log, unless `audit` is another one.
    """

    def __init__(
        self,
        store: fakes.Store,
        *,
        accounts: Any,
        bus: Any,
        clock: Any,
        presence: Any,
        audit: AuditTrail | None = None,
    ) -> None:
        numbers = itertools.count(1)
        self.directory, self.group_directory = MemoryAccountDirectory(store), MemoryGroupDirectory(store)
        self.operator_store = OperatorStore()
        log, users = fakes.MemoryLog(store), fakes.MemoryUsers(store)
        world: dict[str, Any] = {"bus": bus, "clock": clock}
        trail = audit or AuditTrail(log=MemoryAuditLog(self.operator_store), clock=clock, node="node-1")
        voice = OperatorsVoice(users=users, clock=clock)
        self.sessions = MemorySessions()
        self.people = PeopleDirectory(directory=self.directory, presence=presence, sessions=self.sessions)
        self.groups = GroupList(directory=self.group_directory)
        self.people_import = PeopleImport(directory=self.directory, hasher=fakes.PlainHasher(), clock=clock)
        officials = OfficialAccounts(
            directory=self.group_directory,
            voice=voice,
            messages=Messages(log=log, **world),
            presence=presence,
            make_group_id=lambda: GroupId(f"official{next(numbers)}"),
            **world,
        )
        make = functools.partial(
            Administration,
            accounts=accounts,
            people=self.people,
            people_import=self.people_import,
            devices=Devices(directory=self.directory, tokens=fakes.MemoryTokens(store), bus=bus),
            groups=GroupAdministration(directory=self.group_directory, voice=voice, **world),
            officials=officials,
            node_announcements=NodeAnnouncements(officials=officials, sessions=self.sessions),
            moderation=Moderation(search=MemoryTalkSearch(store), log=log, voice=voice, **world),
        )
        self.administration = make(audit=trail)
        bots = Bots(
            users=users,
            friends=Friends(
                users=users,
                friends=fakes.MemoryFriends(store),
                policy=FriendPolicy.APPROVE,
                **world,
            ),
            messages=Messages(log=log, **world),
            clock=clock,
        )
        self.bots = BotAdministration(bots=bots, audit=trail)

    @property
    def services(self) -> DirectoryServices:
        return DirectoryServices(
            people=self.people,
            groups=self.groups,
            people_import=self.people_import,
            administration=self.administration,
            bots=self.bots,
        )

    def entries(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """Who, what, to whom and what else, oldest first; forgotten afterwards."""
        entries, self.operator_store.entries = self.operator_store.entries, []
        return [(e.operator_id, e.action, e.subject, dict(e.detail)) for e in entries]
