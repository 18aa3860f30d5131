"""What the parts of the chat window's logic share: one user, logged in or about to be."""

from collections.abc import Coroutine
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat.client import ChatClient, ChatState, ClientError, LocalStore, RequestRefused
from naivechat.client.tasks import Tasks
from tkclient.interfaces import OFFLINE_CODE, Action, ChatMethods, Outcome

_log = Logger()
_FAULT = "INTERNAL"


@attrs.define(kw_only=True, eq=False)
class Session:
    """See the module. The store is the client's, too. `ui` is there once the window is."""

    clock: IReactorTime
    client: ChatClient
    store: LocalStore
    ui: ChatMethods = attrs.field(init=False)
    tasks: Tasks = attrs.field(factory=Tasks, init=False)

    @property
    def state(self) -> ChatState:
        """What is known."""
        return self.client.state

    def ask(self, action: Action, doing: Coroutine[Any, Any, object]) -> None:
        """Do what the user asked for, and tell them how it ended."""
        self.tasks.start(self._do_and_tell(action, doing))

    def ask_quietly(self, doing: Coroutine[Any, Any, object]) -> None:
        """Do what nobody waits for; that there is no connection or the node refuses is no matter."""
        self.tasks.start(_do_quietly(doing))

    async def _do_and_tell(self, action: Action, doing: Coroutine[Any, Any, object]) -> None:
        self.ui.tell(await outcome_of(action, doing))


async def outcome_of(action: Action, doing: Coroutine[Any, Any, object]) -> Outcome:
    """Do something; how it ended."""
    try:
        await doing
    except RequestRefused as refusal:
        return Outcome(action=action, code=refusal.code, retry_after_ms=refusal.retry_after_ms or 0)
    except ClientError:
        return Outcome(action=action, code=OFFLINE_CODE)
    except Exception:
        _log.failure("what the user asked for was not done: {action}", action=action.value)
        return Outcome(action=action, code=_FAULT)
    return Outcome(action=action)


async def _do_quietly(doing: Coroutine[Any, Any, object]) -> None:
    try:
        await doing
    except ClientError:
        return
