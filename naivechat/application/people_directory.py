"""Looking through people: who there is, who is there now, and where they may come back."""

from collections.abc import AsyncIterator, Sequence

import attrs

from naivechat.domain.directory import (
    AccountQuery,
    Bonds,
    Device,
    ListedAccount,
    LiveSession,
    LiveSessions,
    OnlineQuery,
    require_page,
)
from naivechat.domain.directory_ports import AccountDirectory, SessionDirectory
from naivechat.domain.ports import PresenceDirectory
from naivechat.domain.user import UserId

EXPORTED_A_PORTION = 500


@attrs.frozen(kw_only=True)
class ListedPerson:
    """An account, whether its person is connected to any node, and the sessions that are known."""

    account: ListedAccount
    online: bool
    sessions: tuple[LiveSession, ...] = ()


@attrs.frozen(kw_only=True)
class PeoplePage:
    """People in the order asked for; `total` as of `AccountPage`. is_whole: False where not every node has told its sessions."""

    people: tuple[ListedPerson, ...]
    total: int
    is_whole: bool = True


@attrs.frozen(kw_only=True)
class OnlinePage:
    """People who are there now, by id, and whether there are more behind them. is_whole: False where some nodes did not answer."""

    people: tuple[ListedPerson, ...]
    has_more: bool
    is_whole: bool


@attrs.frozen(kw_only=True)
class Person:
    """One person with all their devices, by name, and all their sessions, by node; is_whole as of `PeoplePage`."""

    account: ListedAccount
    online: bool
    bonds: Bonds
    devices: tuple[Device, ...]
    sessions: tuple[LiveSession, ...] = ()
    is_whole: bool = True


@attrs.frozen(kw_only=True)
class PeopleDirectory:
    """All people as operators see them; it changes nothing."""

    _directory: AccountDirectory
    _presence: PresenceDirectory
    _sessions: SessionDirectory

    async def search(self, query: AccountQuery) -> PeoplePage:
        """A page of people. Unavailable."""
        page = await self._directory.list_accounts(query)
        people, is_whole = await self._look(page.accounts)
        return PeoplePage(people=people, total=page.total, is_whole=is_whole)

    async def list_online(self, query: OnlineQuery) -> OnlinePage:
        """Those who are there now, at most 200. Unavailable, InvalidRequest."""
        require_page(query.text, query.limit, 0)
        found = await self._sessions.list_online(query)
        accounts = await self._directory.list_named(found.user_ids)
        people, is_whole = await self._look(accounts)
        return OnlinePage(
            people=tuple(person for person in people if person.online),
            has_more=found.has_more,
            is_whole=found.is_whole and is_whole,
        )

    async def get_person(self, user_id: UserId) -> Person:
        """One person. NotFound."""
        account = await self._directory.get_account(user_id)
        bonds = await self._directory.count_bonds(user_id)
        devices = await self._directory.list_devices(user_id)
        (person,), is_whole = await self._look((account,))
        return Person(
            account=account,
            online=person.online,
            bonds=bonds,
            devices=devices,
            sessions=person.sessions,
            is_whole=is_whole,
        )

    async def _look(self, accounts: Sequence[ListedAccount]) -> tuple[tuple[ListedPerson, ...], bool]:
        """Who of them is there, and where; whether every node has told."""
        online = await self._presence.online_among([one.user.user_id for one in accounts])
        there = [one.user.user_id for one in accounts if one.user.user_id in online]
        live = await self._sessions.list_sessions(there) if there else LiveSessions()
        people = (
            ListedPerson(account=one, online=one.user.user_id in online, sessions=live.of(one.user.user_id))
            for one in accounts
        )
        return tuple(people), live.is_whole

    async def go_through(self) -> AsyncIterator[tuple[ListedAccount, ...]]:
        """All accounts by id, 500 at a time: no more of them is in memory. Whoever comes meanwhile may be missing."""
        after = ""
        while portion := await self._directory.list_after(after, limit=EXPORTED_A_PORTION):
            yield portion
            after = portion[-1].user.user_id
