"""Looking through people: who there is, who is there now, and where they may come back."""

from collections.abc import AsyncIterator

import attrs

from naivechat.domain.directory import AccountQuery, Device, ListedAccount
from naivechat.domain.directory_ports import AccountDirectory
from naivechat.domain.ports import PresenceDirectory
from naivechat.domain.user import UserId

EXPORTED_A_PORTION = 500


@attrs.frozen(kw_only=True)
class ListedPerson:
    """An account, and whether its person is connected to any node."""

    account: ListedAccount
    online: bool


@attrs.frozen(kw_only=True)
class PeoplePage:
    """People in the order asked for; `total` as of `AccountPage`."""

    people: tuple[ListedPerson, ...]
    total: int


@attrs.frozen(kw_only=True)
class Person:
    """One person with all their devices, by name."""

    account: ListedAccount
    online: bool
    devices: tuple[Device, ...]


@attrs.frozen(kw_only=True)
class PeopleDirectory:
    """All people as operators see them; it changes nothing."""

    _directory: AccountDirectory
    _presence: PresenceDirectory

    async def search(self, query: AccountQuery) -> PeoplePage:
        """A page of people. Unavailable."""
        page = await self._directory.list_accounts(query)
        online = await self._presence.online_among([one.user.user_id for one in page.accounts])
        people = (ListedPerson(account=one, online=one.user.user_id in online) for one in page.accounts)
        return PeoplePage(people=tuple(people), total=page.total)

    async def get_person(self, user_id: UserId) -> Person:
        """One person. NotFound."""
        account = await self._directory.get_account(user_id)
        devices = await self._directory.list_devices(user_id)
        online = await self._presence.online_among((user_id,))
        return Person(account=account, online=user_id in online, devices=devices)

    async def go_through(self) -> AsyncIterator[tuple[ListedAccount, ...]]:
        """All accounts by id, 500 at a time: no more of them is in memory. Whoever comes meanwhile may be missing."""
        after = ""
        while portion := await self._directory.list_after(after, limit=EXPORTED_A_PORTION):
            yield portion
            after = portion[-1].user.user_id
