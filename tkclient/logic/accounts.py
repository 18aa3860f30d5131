"""Accounts: what is kept of one, and the client that logs in to it."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import attrs
from twisted.internet.defer import Deferred, TimeoutError
from twisted.logger import Logger

from naivechat.client import ChatClient, LocalStore, ReconnectPolicy, ServerAddress
from naivechat.client.tasks import Tasks
from tkclient.logic.ports import Folders

FAREWELL_S: Final = 2.0
"""How long a node has to take a token back before the connection is closed without that."""
_log = Logger()


@attrs.frozen(kw_only=True)
class Account:
    """Whom one logs in as, where, and whether that is remembered. `server` is the address as it was typed."""

    server: str
    user_id: str
    remember: bool = False

    @property
    def address(self) -> ServerAddress:
        """Where the nodes are. AddressError."""
        return ServerAddress.parse(self.server)


@attrs.frozen(kw_only=True, eq=False)
class Opened:
    """An account's file and its client. `is_new`: the file was not there before."""

    account: Account
    client: ChatClient
    store: LocalStore
    path: Path
    is_new: bool


@attrs.frozen(kw_only=True, eq=False)
class Accounts:
    """Opens and closes accounts; the arguments are those of `Desktop`."""

    reactor: Any
    folders: Folders
    tls: Any
    device: str
    policy: ReconnectPolicy
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _closing: list[Opened] = attrs.field(factory=list, init=False)
    _waiting: list[Deferred[None]] = attrs.field(factory=list, init=False)

    def open(self, account: Account, *, password: str | None = None, token: bytes | None = None) -> Opened:
        """A client that is not started yet.

        Raises:
            AddressError: the server's address cannot be read.
            OSError, sqlite3.Error: the file cannot be opened, or a later version has written it.
        """
        address = account.address
        path = self.folders.store_path(address.places, account.user_id)
        is_new = not path.exists()
        store = _open_store(path)
        client = ChatClient(
            self.reactor,
            address,
            user_id=account.user_id,
            password=password,
            token=token,
            device=self.device,
            store=store,
            keep_token=False,
            tls=self.tls,
            policy=self.policy,
        )
        return Opened(account=account, client=client, store=store, path=path, is_new=is_new)

    def close(self, opened: Opened, *, give_back: bool = False, discard: bool = False) -> None:
        """Close the connection and then the file, which may take a moment.

        Args:
            give_back: the token, too, which nobody will need again.
            discard: leave no file of an account that was never logged in to.
        """
        self._closing.append(opened)
        self._tasks.start(self._close(opened, give_back, discard))

    async def when_closed(self) -> None:
        """Wait until all that was closed is: an account's file has one client at a time."""
        if self._closing:
            self._waiting.append(Deferred())
            await self._waiting[-1]

    async def _close(self, opened: Opened, give_back: bool, discard: bool) -> None:
        if give_back:
            logging_out = Deferred.fromCoroutine(opened.client.logout())
            with suppress(TimeoutError):
                await logging_out.addTimeout(FAREWELL_S, self.reactor)
        await opened.client.stop()
        opened.store.close()
        if discard and opened.is_new:
            opened.path.unlink(missing_ok=True)
        self._closing.remove(opened)
        if not self._closing:
            waiting, self._waiting[:] = tuple(self._waiting), ()
            for each in waiting:
                each.callback(None)


def _open_store(path: Path) -> LocalStore:
    try:
        return LocalStore(path)
    except (sqlite3.OperationalError, sqlite3.NotSupportedError):
        raise
    except sqlite3.DatabaseError:
        aside = path.with_suffix(".damaged")
        _log.warn("The local history is damaged and was set aside as {name}", name=aside.name)
        path.replace(aside)
        return LocalStore(path)
