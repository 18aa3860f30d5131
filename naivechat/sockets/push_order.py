"""The records of each log are pushed in rising seq, whatever order the events come in."""

from collections import OrderedDict
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import ChatError
from naivechat.domain.events import MessageStored
from naivechat.domain.message import Message
from naivechat.domain.ports import MessageLog
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User

MOST_TALKS = 50_000
MOST_WAITING = 256
"""Events of one talk that wait while what is missing before them is read; more are left to the next reading."""

_log = Logger()


class PushOrder:
    """Passes each talk's records to `push` by rising seq, each at most once; those that were missed are read from the log first.

    Of a talk that was not heard of lately, whatever comes is the beginning. `missed` is called with a talk of which more
    was missed than can be read.
    """

    def __init__(
        self, log: MessageLog, push: Callable[[MessageStored], None], missed: Callable[[TalkId], None]
    ) -> None:
        self._log = log
        self._push = push
        self._missed = missed
        self._pushed: OrderedDict[TalkId, int] = OrderedDict()
        self._waiting: dict[TalkId, dict[int, MessageStored]] = {}

    def stored(self, event: MessageStored) -> None:
        """A record stands in the log."""
        talk_id, seq = event.message.talk_id, event.message.seq
        waiting = self._waiting.get(talk_id)
        if waiting is not None:
            if len(waiting) < MOST_WAITING:
                waiting[seq] = event
            return
        pushed = self._pushed.get(talk_id, seq - 1)
        if seq == pushed + 1:
            self._pass_on(event)
        elif seq > pushed:
            self._waiting[talk_id] = {seq: event}
            Deferred.fromCoroutine(self._fill(talk_id)).addErrback(_report, talk_id)

    def _pass_on(self, event: MessageStored) -> None:
        talk_id = event.message.talk_id
        self._pushed[talk_id] = event.message.seq
        self._pushed.move_to_end(talk_id)
        if len(self._pushed) > MOST_TALKS:
            self._pushed.popitem(last=False)
        self._push(event)

    async def _fill(self, talk_id: TalkId) -> None:
        waiting = self._waiting[talk_id]
        try:
            while waiting:
                event = waiting.pop(min(waiting))
                await self._read_up_to(event)
                self._pass_on_next(event)
        finally:
            del self._waiting[talk_id]

    async def _read_up_to(self, event: MessageStored) -> None:
        talk_id, seq = event.message.talk_id, event.message.seq
        pushed = self._pushed.get(talk_id, seq - 1)
        if seq <= pushed + 1:
            return
        for message, sender in await self._list_missing(talk_id, pushed, seq):
            self._pass_on_next(MessageStored(message=message, sender=sender))
        if self._pushed[talk_id] + 1 < seq:
            self._missed(talk_id)

    async def _list_missing(
        self, talk_id: TalkId, after_seq: int, before_seq: int
    ) -> tuple[tuple[Message, User], ...]:
        try:
            return await self._log.list_between(talk_id, after_seq, before_seq)
        except ChatError as error:
            _log.warn("missed records of a talk could not be read: {error}", error=error)
        except Exception:
            _log.failure("missed records of talk {talk_id} could not be read", talk_id=talk_id)
        return ()

    def _pass_on_next(self, event: MessageStored) -> None:
        if event.message.seq > self._pushed.get(event.message.talk_id, 0):
            self._pass_on(event)


def _report(failure: Failure, talk_id: TalkId) -> None:
    _log.failure("records of talk {talk_id} were not pushed", failure, talk_id=talk_id)
