"""The terminal client as a program: log in, read lines, leave."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from twisted.internet.defer import CancelledError, Deferred, DeferredList, DeferredLock
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.client.address import ServerAddress
from naivechat.client.client import ChatClient
from naivechat.client.errors import ClientError, RequestRefused
from naivechat.client.registration import register
from naivechat.client.talk import TalkKey
from naivechat.protocol.errors import ErrorCode
from naivechat.terminal.actions import Actions
from naivechat.terminal.chat import Chat
from naivechat.terminal.completion import ChatCompleter
from naivechat.terminal.screen import Interrupted, TerminalScreen, read_password
from naivechat.terminal.text import harmless

DEVICE = "terminal"
PASSWORD_TRIES = 3
FAREWELL_S = 3.0
PASSWORD_VARIABLE = "NAIVECHAT_PASSWORD"

_log = Logger()


class CannotChat(Exception):
    """The program ends; its text is one line for the person."""


@attrs.define(kw_only=True)
class Program:
    """`naivechat chat`. The reactor has to be asyncio's. `register_first` makes the account before the login."""

    reactor: Any
    address: ServerAddress
    user_id: str
    device: str = DEVICE
    tls: Any = None
    register_first: bool = False
    ask_password: Callable[[str], "Deferred[str]"] = read_password
    _conversation: "Conversation | None" = attrs.field(default=None, init=False)

    async def run(self) -> None:
        """Chat until the person leaves.

        Raises:
            CannotChat: no node can be reached, the login is refused, or the session was ended.
        """
        client = await self._log_in()
        try:
            self._conversation = Conversation(self.reactor, client)
            await self._conversation.run()
        finally:
            await client.stop()

    @property
    def is_talking(self) -> bool:
        """Whether the login is done."""
        return self._conversation is not None

    def leave(self) -> None:
        """Leave the conversation in order."""
        if self._conversation is not None:
            self._conversation.leave()

    async def _log_in(self) -> ChatClient:
        given = os.environ.get(PASSWORD_VARIABLE)
        if self.register_first:
            given = await self._register(given)
        if given is not None:
            return await self._start(given)
        for remaining in reversed(range(PASSWORD_TRIES)):
            try:
                return await self._start(await self._ask(f"Password of {self.user_id}"))
            except WrongPassword:
                if not remaining:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _register(self, given: str | None) -> str:
        password = given if given is not None else await self._ask("New password (8 characters or more)")
        if given is None and await self._ask("The same again") != password:
            raise CannotChat("These were two different passwords.")
        with self._refusals():
            await register(self.reactor, self.address, self.user_id, password, self.user_id, tls=self.tls)
        return password

    async def _ask(self, question: str) -> str:
        try:
            return await self.ask_password(f"{question}: ")
        except (Interrupted, EOFError):
            raise CannotChat("Not logged in.") from None

    async def _start(self, password: str) -> ChatClient:
        client = ChatClient(
            self.reactor,
            self.address,
            user_id=self.user_id,
            password=password,
            device=self.device,
            tls=self.tls,
        )
        with self._refusals():
            await client.start()
        return client

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        """Say in words what the node refuses, or that it cannot be reached."""
        try:
            yield
        except RequestRefused as refusal:
            sentence = harmless(refusal.message or refusal.code)
            raise (WrongPassword if refusal.code == ErrorCode.AUTH_FAILED else CannotChat)(sentence) from None
        except ClientError as error:
            raise CannotChat(f"{self.address} cannot be reached: {harmless(str(error))}") from None


class WrongPassword(CannotChat):
    """The login was refused for the password or the user."""


class Conversation:
    """From the login until the person leaves or the session ends."""

    def __init__(self, reactor: Any, client: ChatClient) -> None:
        self._reactor = reactor
        self._client = client
        self._left = False
        self._farewell = ""
        self._turns = DeferredLock()
        self._sending: set[Deferred[Any]] = set()
        self._screen = TerminalScreen(
            lambda: self._chat.prompt, lambda: self._chat.status, ChatCompleter(client.state)
        )
        self._chat = Chat(client, self._screen, _now_ms, self._ended)
        self._actions = Actions(
            self._chat, client, self._screen, send=self._send, quit_program=self.leave, now_ms=_now_ms
        )

    async def run(self) -> None:
        """Read and carry out lines. CannotChat when the node ended the session."""
        self._screen.show(
            "Welcome. /open NAME opens a dialogue, /help lists the commands, /quit leaves.", "notice"
        )
        self._carry_out("/list")
        with self._screen.keys():
            await self._read_lines()
        await self._turns.acquire()
        await self._finish_sending()
        self._screen.flush()
        if self._farewell:
            raise CannotChat(self._farewell)

    async def _read_lines(self) -> None:
        while not self._left:
            try:
                self._carry_out(await self._screen.read_line())
            except Interrupted:
                self._screen.show("/quit or Ctrl-D leaves.", "notice")
            except EOFError:
                break

    def _carry_out(self, line: str) -> None:
        """Behind the lines before it, while the next one is typed already."""
        turn = self._turns.run(lambda: Deferred.fromCoroutine(self._actions.carry_out(line)))
        turn.addErrback(self._failed)

    def _failed(self, failure: Failure) -> None:
        _log.failure("a typed line was not carried out", failure)
        self._screen.show(f"That failed: {harmless(str(failure.value))}", "error")

    def _send(self, key: TalkKey, text: str) -> None:
        # A refusal comes as an event too, and is shown from there.
        sending = Deferred.fromCoroutine(self._client.send(*key, text))
        sending.addErrback(lambda failure: failure.trap(ClientError, CancelledError))
        self._sending.add(sending)
        sending.addBoth(lambda _: self._sending.discard(sending))

    async def _finish_sending(self) -> None:
        """What was typed last is on its way still: wait for it, but not for long."""
        waiting = DeferredList(list(self._sending))
        waiting.addTimeout(FAREWELL_S, self._reactor, onTimeoutCancel=lambda *_: None)
        await waiting
        unsent = len(self._client.waiting)
        if unsent and not self._farewell:
            self._farewell = f"Not connected: {unsent} of your messages could not be sent."

    def leave(self) -> None:
        """Read no more lines."""
        self._left = True
        self._screen.end()

    def _ended(self, why: str) -> None:
        self._left, self._farewell = True, why
        self._screen.end()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
