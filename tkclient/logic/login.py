"""What the login window raises, carried out: until there is a client that is logged in, or one that a token lets in later."""

import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import attrs

from naivechat.client import (
    AddressError,
    ClientError,
    Kicked,
    NotConnected,
    RequestRefused,
    Unverified,
    register,
)
from naivechat.client.tasks import Tasks
from tkclient.interfaces import LoginForm, LoginMethods, LoginTrouble
from tkclient.logic.accounts import Account, Accounts, Opened
from tkclient.logic.ports import Secrets

LATE_S = 1.0
"""How long the desktop may look for a remembered login before the window is shown."""
LOCAL_FILE_CODE = "LOCAL_FILE"
"""The trouble that this account's file cannot be opened here."""
_EXPIRED = "TOKEN_EXPIRED"
_FOR_GOOD = ("replaced", "admin", "disabled", "expired")


class Entered(Protocol):
    """Hears of an account that the user may see; `is_online` or its client is to be started yet."""

    def __call__(self, opened: Opened, *, is_online: bool) -> None: ...


class Login:
    """Implements `interfaces.LoginEvents`. One attempt at a time; a new one, or `cancel`, gives up the one before.

    Attributes:
        form: what the window begins with.

    Args:
        entered: hears of an account that the user may see. quit_program: what follows when the user asks for it.
    """

    def __init__(
        self,
        accounts: Accounts,
        secrets: Secrets,
        *,
        entered: Entered,
        quit_program: Callable[[], None],
    ) -> None:
        self.form = LoginForm()
        self._accounts = accounts
        self._secrets = secrets
        self._entered = entered
        self._quit_program = quit_program
        self._tasks = Tasks()
        self._ui: LoginMethods | None = None
        self._is_shown = False

    def begin(self, ui: LoginMethods, form: LoginForm, *, try_token: bool) -> None:
        """Show the window; or, where a login is remembered, go on with that."""
        self._ui = ui
        self.form = form
        self._tasks.cancel_all()
        self._tasks.start(self._begin(ui, try_token))

    def login(self, server: str, user_id: str, password: str, remember: bool) -> None:
        account = attrs.evolve(self._account(server, user_id), remember=remember and self.form.can_remember)
        self._attempt(self._log_in(account, password) if password else self._come_back(account))

    def register(self, server: str, user_id: str, password: str, nickname: str) -> None:
        self._attempt(self._register(self._account(server, user_id), password, nickname))

    def cancel(self) -> None:
        self._tasks.cancel_all()

    def quit(self) -> None:
        self._quit_program()

    def show(self, form: LoginForm, trouble: LoginTrouble | None = None) -> None:
        """Show the window again, with the reason."""
        self.form = form
        self._is_shown = False
        self._show_once()
        if self._ui is not None and trouble is not None:
            self._ui.error(trouble)

    def _account(self, server: str, user_id: str) -> Account:
        return Account(
            server=server.strip() or self.form.server, user_id=user_id.strip() or self.form.user_id
        )

    def _show_once(self) -> None:
        if self._ui is not None and not self._is_shown:
            self._is_shown = True
            self._ui.show(self.form)

    async def _begin(self, ui: LoginMethods, try_token: bool) -> None:
        can_remember = await self._secrets.can_remember()
        remember = self.form.remember and can_remember
        self.form = attrs.evolve(self.form, can_remember=can_remember, remember=remember)
        if not (try_token and remember):
            self._show_once()
            return
        account = attrs.evolve(self._account("", ""), remember=True)
        late = self._accounts.reactor.callLater(LATE_S, self._show_busy, ui)
        try:
            await self._say_trouble(ui, self._come_back(account))
        finally:
            if late.active():
                late.cancel()

    def _show_busy(self, ui: LoginMethods) -> None:
        self._show_once()
        ui.busy()

    def _attempt(self, attempt: Coroutine[Any, Any, None]) -> None:
        self._tasks.cancel_all()
        if self._ui is None:
            attempt.close()
            return
        self._show_busy(self._ui)
        self._tasks.start(self._say_trouble(self._ui, attempt))

    async def _say_trouble(self, ui: LoginMethods, attempt: Coroutine[Any, Any, None]) -> None:
        try:
            await attempt
        except (ClientError, OSError, sqlite3.Error) as error:
            self._show_once()
            ui.error(trouble_of(error))

    async def _register(self, account: Account, password: str, nickname: str) -> None:
        accounts = self._accounts
        await register(
            accounts.reactor, account.address, account.user_id, password, nickname, tls=accounts.tls
        )
        await self._log_in(account, password)

    async def _log_in(self, account: Account, password: str) -> None:
        await self._accounts.when_closed()
        await self._start(self._accounts.open(account, password=password))

    async def _come_back(self, account: Account) -> None:
        """By the token that was kept; at once, if this desktop knows what to show."""
        await self._accounts.when_closed()
        address = account.address
        token = await self._secrets.find(address.places, account.user_id)
        if token is None:
            raise RequestRefused(_EXPIRED)
        opened = self._accounts.open(account, token=token)
        if opened.client.state.user is None:
            await self._start(opened)
        else:
            self._enter(opened, is_online=False)

    async def _start(self, opened: Opened) -> None:
        is_in = False
        try:
            await opened.client.start()
            is_in = True
        except RequestRefused as refusal:
            raise _of_a_login(refusal) from refusal
        finally:
            if not is_in:
                self._accounts.close(opened, discard=True)
        self._enter(opened, is_online=True)

    def _enter(self, opened: Opened, *, is_online: bool) -> None:
        if self._ui is not None:
            self._ui.success()
        self._entered(opened, is_online=is_online)


def _of_a_login(refusal: RequestRefused) -> RequestRefused:
    """A login is forbidden only where it would show its password to the network, whatever words the node has for that."""
    return RequestRefused("NEEDS_TLS", refusal.message) if refusal.code == "FORBIDDEN" else refusal


def trouble_of(error: Exception) -> LoginTrouble:
    """Why there is no login, or no session any more, as a code."""
    if isinstance(error, RequestRefused):
        code = "NEEDS_TLS" if error.needs_tls else error.code
        return LoginTrouble(code=code, detail=error.message, retry_after_ms=error.retry_after_ms or 0)
    if isinstance(error, Kicked) and error.reason in _FOR_GOOD:
        return LoginTrouble(code=f"KICKED_{error.reason.upper()}", detail=error.message)
    if isinstance(error, AddressError):
        return LoginTrouble(code="BAD_ADDRESS", detail=str(error))
    if isinstance(error, Unverified):
        return LoginTrouble(code=f"UNVERIFIED_{error.doubt}", detail=str(error))
    if isinstance(error, NotConnected):
        return LoginTrouble(code="UNREACHABLE", detail=str(error))
    return LoginTrouble(code=LOCAL_FILE_CODE, detail=str(error))
