"""The logic as one object: from the login window to the chat window and back."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import attrs
from twisted.internet.defer import Deferred

from naivechat.client import ClientError, ConnectionState, ReconnectPolicy, StateChanged, StateSynced
from naivechat.client.tasks import Tasks
from tkclient.interfaces import (
    ChatEvents,
    ChatMethods,
    LoginEvents,
    LoginForm,
    LoginMethods,
    LoginTrouble,
)
from tkclient.logic.accounts import Accounts, Opened
from tkclient.logic.chat import Chat
from tkclient.logic.login import Login, trouble_of
from tkclient.logic.ports import Choices, Folders, Secrets
from tkclient.logic.session import Session
from tkclient.model.last_login import LastLogin
from tkclient.model.talk import TalkKey

POLICY: Final = ReconnectPolicy(
    first_delay_s=3.0, factor=5 / 3, max_delay_s=60.0, jitter=0.2, elsewhere_jitter_s=1.0
)
"""First look after 3 s, the next one 5 s later, then ever more seldom, down to once a minute; another node at once."""
_OVER: Final = (ConnectionState.KICKED, ConnectionState.LOGGED_OUT)
_COMES_BACK: Final = "KICKED_REPLACED"
"""After this the token is still good for a return that the user asks for."""


@attrs.define(kw_only=True, eq=False)
class _Running:
    """The session there is. `kept`: the token that is remembered."""

    opened: Opened
    chat: Chat
    ui: ChatMethods
    kept: bytes | None = None


class Desktop:
    """See the module. All methods are called in the reactor's thread.

    Args:
        reactor: the reactor; in tests a MemoryReactorClock.
        make_login_ui: builds the login window, once.
        make_chat_ui: builds a chat window, anew for each login; its `close` is the last that it hears.
        folders, secrets, choices: the machine.
        on_quit: ends the program; called after the connection has been closed in order.
        tls: what to trust instead of the public authorities, see `naivechat.client.trust_file`; given, it also means TLS.
        device: sessions of one user with the same device name replace each other.
    """

    def __init__(
        self,
        reactor: Any,
        *,
        make_login_ui: Callable[[LoginEvents], LoginMethods],
        make_chat_ui: Callable[[ChatEvents], ChatMethods],
        folders: Folders,
        secrets: Secrets,
        choices: Choices,
        on_quit: Callable[[], None],
        tls: Any = None,
        device: str = "desktop",
        policy: ReconnectPolicy = POLICY,
    ) -> None:
        self._reactor = reactor
        self._make_login_ui = make_login_ui
        self._make_chat_ui = make_chat_ui
        self._secrets = secrets
        self._choices = choices
        self._on_quit = on_quit
        self._accounts = Accounts(reactor=reactor, folders=folders, tls=tls, device=device, policy=policy)
        self._login = Login(self._accounts, secrets, entered=self._enter, quit_program=self._quit)
        self._running: _Running | None = None
        self._tasks = Tasks()

    def start(self, *, server: str = "", user_id: str = "") -> None:
        """Show the login window, or the chat window when the login was remembered. What is given goes before what was kept."""
        last = self._choices.last_login
        is_last = server in ("", last.server) and user_id in ("", last.user_id)
        known = _form_of(last) if is_last else LoginForm(server=last.server, user_id=last.user_id)
        form = attrs.evolve(known, server=server or known.server, user_id=user_id or known.user_id)
        self._login.begin(self._make_login_ui(self._login), form, try_token=is_last)

    async def stop(self) -> None:
        """Close the connection and the files in order, within a few seconds; windows are closed, `on_quit` is not called."""
        self._login.cancel()
        if self._running is not None:
            self._end(self._running, give_back=not self._running.opened.account.remember)
        await self._accounts.when_closed()

    def bring_up(self, key: TalkKey | None = None) -> None:
        """Show the window that there is, and in it this dialogue: what a click on a notification does."""
        if self._running is not None:
            self._running.chat.bring_up(key)

    def _enter(self, opened: Opened, *, is_online: bool) -> None:
        session = Session(clock=self._reactor, client=opened.client, store=opened.store)
        chat = Chat(session, self._choices, logout=self._logout, quit_program=self._quit)
        running = self._running = _Running(opened=opened, chat=chat, ui=self._make_chat_ui(chat))
        opened.client.on(StateChanged, self._state_changed)
        opened.client.on(StateSynced, lambda _: self._keep_login(running))
        if not is_online:
            connecting = Deferred.fromCoroutine(opened.client.start(patient=True))
            connecting.addErrback(lambda failure: failure.trap(ClientError))  # told by StateChanged
        if not opened.account.remember:
            self._tasks.start(self._forget_token(opened))
        self._keep_login(running)
        chat.begin(running.ui)

    def _state_changed(self, event: StateChanged) -> None:
        running = self._running
        if running is None or event.state not in _OVER:
            return
        trouble = trouble_of(running.opened.client.why)
        remember = running.opened.account.remember and trouble.code == _COMES_BACK
        self._end(running, give_back=False)
        self._leave(running.opened, remember=remember, trouble=trouble)

    def _logout(self) -> None:
        running = self._running
        if running is not None:
            self._end(running, give_back=True)
            self._leave(running.opened, remember=False)

    def _quit(self) -> None:
        self._tasks.start(self._stop_and_quit())

    async def _stop_and_quit(self) -> None:
        await self.stop()
        self._on_quit()

    def _keep_login(self, running: _Running) -> None:
        """Remember who is logged in, and by which token if the user wants it."""
        account, client = running.opened.account, running.opened.client
        user = client.state.user
        login = LastLogin(
            server=account.server,
            user_id=account.user_id,
            remember=account.remember,
            nickname=user.nickname if user is not None else "",
            avatar=user.avatar if user is not None else "",
        )
        if login != self._choices.last_login:
            self._choices.keep_last_login(login)
        if account.remember and client.token is not None and client.token != running.kept:
            running.kept = client.token
            keeping = self._secrets.keep(account.address.places, account.user_id, client.token)
            self._tasks.start(_await(keeping))

    async def _forget_token(self, opened: Opened) -> None:
        await self._secrets.forget(opened.account.address.places, opened.account.user_id)

    def _end(self, running: _Running, *, give_back: bool) -> None:
        """Close the window at once, the connection and the file as soon as may be."""
        self._running = None
        running.chat.end()
        running.ui.close()
        self._accounts.close(running.opened, give_back=give_back)

    def _leave(self, opened: Opened, *, remember: bool, trouble: LoginTrouble | None = None) -> None:
        """Show the login window again, with the account that was left."""
        last = attrs.evolve(self._choices.last_login, remember=remember)
        self._choices.keep_last_login(last)
        if not remember:
            self._tasks.start(self._forget_token(opened))
        form = attrs.evolve(_form_of(last), can_remember=self._login.form.can_remember)
        self._login.show(form, trouble)


async def _await(doing: Awaitable[None]) -> None:
    await doing


def _form_of(last: LastLogin) -> LoginForm:
    return LoginForm(
        server=last.server,
        user_id=last.user_id,
        remember=last.remember,
        nickname=last.nickname,
        avatar=last.avatar,
    )
