"""What a client tells its program, and who listens.

Besides the events here, every push of the protocol that is not a message is an event of its own packet class:
ReadNotice, TypingNotice, TalkNoticeResponse, AddFriendResponse, FriendAskedNotice, FriendRemovedNotice, PresenceNotice,
GroupNotice, ProfileNotice.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import attrs
from twisted.logger import Logger

from naivechat.client.errors import RequestRefused
from naivechat.client.outbox import Outgoing
from naivechat.client.reconnection import ConnectionState
from naivechat.client.tasks import Tasks
from naivechat.protocol.message import MessageRecord


@attrs.frozen(kw_only=True)
class StateChanged:
    """The client stands differently with its node; `reason` is a sentence for people, "" if there is nothing to say."""

    state: ConnectionState
    reason: str = ""


@attrs.frozen(kw_only=True)
class MessageShown:
    """The next message of a talk: each comes once, in rising seq per talk, one's own too.

    `sender_name` is what to call the sender; `mine` tells one's own, from whichever device.
    """

    talk_type: int
    talk_id: str
    message: MessageRecord
    sender_name: str
    mine: bool


@attrs.frozen(kw_only=True)
class SendRefused:
    """A message was refused for good and is not sent again."""

    outgoing: Outgoing
    refusal: RequestRefused


@attrs.frozen(kw_only=True)
class HistoryBegan:
    """The node's database has a history that was not known here: whatever was shown before belongs to another one."""


@attrs.frozen(kw_only=True)
class StateSynced:
    """`client.state` holds another list of talks, friends and groups than before: draw it anew."""


_E = TypeVar("_E")
Callback = Callable[[_E], Awaitable[None] | None]


class Listeners:
    """Callbacks by the type of event. One that fails is logged and hinders nobody."""

    _log = Logger()

    def __init__(self) -> None:
        self._callbacks: defaultdict[type, list[Callback[Any]]] = defaultdict(list)
        self._tasks = Tasks()

    def on(self, event_type: type[_E], callback: Callback[_E]) -> Callable[[], None]:
        """Call `callback`, a function or a coroutine function, with each event of exactly this type.

        Returns:
            A function that ends it.
        """
        callbacks = self._callbacks[event_type]
        callbacks.append(callback)
        return lambda: callbacks.remove(callback)

    def emit(self, event: object) -> None:
        """Tell whoever listens, in the order they began to. Who ends listening while others are told hears it no more."""
        callbacks = self._callbacks[type(event)]
        for callback in tuple(callbacks):
            if callback in callbacks:
                self._tell(callback, event)

    def _tell(self, callback: Callback[Any], event: object) -> None:
        try:
            result = callback(event)
        except Exception:
            self._log.failure("A listener for {event} failed", event=type(event).__name__)
        else:
            if isinstance(result, Coroutine):
                self._tasks.start(result)
