"""Builds what works behind the use cases, by hand as `bootstrap` does it with the rest: for a node, and for the commands."""

import time
from typing import Any

import attrs

from naivechat.application.accounts import Accounts
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.demo_data import GROUP_ID, DemoData
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.measure import Measures
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes
from naivechat.infrastructure.local_bus import LocalBus
from naivechat.infrastructure.passwords import Argon2Hasher
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.storage import Storage, open_storage
from naivechat.settings import SettingsError


def wall_clock() -> int:
    """Milliseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1_000_000


@attrs.frozen(kw_only=True)
class Backend:
    """What works behind the use cases: the database and the threads that hash passwords."""

    storage: Storage
    hasher: Argon2Hasher
    bus: LocalBus

    @classmethod
    def for_database(
        cls, url: str, reactor: Any, *, node_instance: str | None = None, measures: Measures | None = None
    ) -> "Backend":
        """A backend on a database whose tables are up to date; not started.

        Args:
            node_instance: names this run of a node among others, for which it notes what it stores.
            measures: counts what the message log does.

        Raises:
            SettingsError: the URL cannot be used.
        """
        try:
            storage = open_storage(
                url, reactor=reactor, clock=wall_clock, node_instance=node_instance, measures=measures
            )
        except StorageUrlError as error:
            raise SettingsError(f"db: {error}") from error
        return cls(storage=storage, hasher=Argon2Hasher(reactor), bus=LocalBus())

    async def start(self) -> None:
        """Begin to work. Unavailable when the database is away."""
        self.hasher.start()
        await self.storage.start()

    async def stop(self) -> None:
        """Commit what is queued, then end all threads."""
        await self.storage.stop()
        self.hasher.stop()


def make_accounts(backend: Backend, *, registration_open: bool = False) -> Accounts:
    """The use cases of accounts: a node's, and an operator's commands'."""
    return Accounts(
        users=backend.storage.users,
        friends=backend.storage.friends,
        hasher=backend.hasher,
        bus=backend.bus,
        clock=wall_clock,
        registration_open=registration_open,
    )


def make_friends(backend: Backend, policy: FriendPolicy, sizes: Sizes = DEFAULT_SIZES) -> Friends:
    """The use cases of friends."""
    return Friends(
        users=backend.storage.users,
        friends=backend.storage.friends,
        bus=backend.bus,
        clock=wall_clock,
        policy=policy,
        most_friends=sizes.friends,
    )


def make_demo_data(backend: Backend) -> DemoData:
    """What adds the demo data, whatever a node's own policies are."""
    storage, bus = backend.storage, backend.bus
    return DemoData(
        accounts=make_accounts(backend),
        friends=make_friends(backend, FriendPolicy.OPEN),
        groups=Groups(groups=storage.groups, bus=bus, clock=wall_clock, make_group_id=lambda: GROUP_ID),
        messages=Messages(log=storage.log, bus=bus, clock=wall_clock),
    )
