"""How far talks were read: known here at once, told to the node when it can be reached, however often the program ends before.

Of one talk only the last mark is told, so who reads while many messages come asks the node no oftener than it answers.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from twisted.internet.interfaces import IReactorTime

from naivechat.client.errors import NotConnected, RequestRefused
from naivechat.client.state import ChatState
from naivechat.client.store import LocalStore
from naivechat.client.talk import TalkKey
from naivechat.client.tasks import Tasks, sleep

_RETRY_S: Final = 1.0


class ReadMarks:
    """Tells the node. `say` does it once, and raises RequestRefused or NotConnected."""

    def __init__(
        self, clock: IReactorTime, say: Callable[[TalkKey, int], Awaitable[None]], store: LocalStore | None
    ) -> None:
        self._clock = clock
        self._say = say
        self._store = store
        self._waiting: dict[TalkKey, int] = dict(store.list_read_marks()) if store is not None else {}
        self._is_online = False
        self._is_saying = False
        self._tasks = Tasks()

    def apply_to(self, state: ChatState) -> None:
        """What was read without a node is read, whatever the node has said that does not know it yet."""
        for key, seq in self._waiting.items():
            state.read(key, seq)

    def mark(self, key: TalkKey, seq: int) -> None:
        """The talk was read up to `seq`."""
        if seq > self._waiting.get(key, 0):
            self._keep(key, seq)
            self._say_soon()

    def went_online(self) -> None:
        """Requests can be made."""
        self._is_online = True
        self._say_soon()

    def went_offline(self) -> None:
        """Requests cannot be made."""
        self._is_online = False
        self._tasks.cancel_all()

    def forget_all(self) -> None:
        """The store has dropped everything."""
        self._waiting.clear()

    def _keep(self, key: TalkKey, seq: int) -> None:
        self._waiting[key] = seq
        if self._store is not None:
            self._store.set_read_mark(key, seq)

    def _drop(self, key: TalkKey, seq: int) -> None:
        if self._waiting.get(key) == seq:
            del self._waiting[key]
            if self._store is not None:
                self._store.set_read_mark(key, None)

    def _say_soon(self) -> None:
        if self._is_online and self._waiting and not self._is_saying:
            self._is_saying = True
            self._tasks.start(self._say_all())

    async def _say_all(self) -> None:
        try:
            while self._is_online and self._waiting:
                await self._say_one(*next(iter(self._waiting.items())))
        finally:
            self._is_saying = False

    async def _say_one(self, key: TalkKey, seq: int) -> None:
        try:
            await self._say(key, seq)
        except NotConnected:
            await sleep(self._clock, _RETRY_S)
        except RequestRefused as refusal:
            if refusal.is_temporary:
                await sleep(self._clock, refusal.pause_s(_RETRY_S))
            else:
                self._drop(key, seq)
        else:
            self._drop(key, seq)
