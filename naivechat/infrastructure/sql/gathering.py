"""Many callers, one unit of work: what is asked while one runs is answered together by the next.

A transaction of one login costs a hop to a thread, a beginning, a commit and a statement for each thing that is read. When many
log in at once, a few statements for all of them cost hardly more than for one. Whoever comes alone waits for nobody.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import ChatError, Unavailable

K = TypeVar("K")
V = TypeVar("V")

MOST_TOGETHER = 64
MOST_WAITING = 10_000
ASK_DEADLINE_S = 8.0
"""What could not begin by then is refused: as `pool.UNIT_DEADLINE_S`."""

Answering: TypeAlias = Callable[[tuple[K, ...]], Awaitable[Sequence[V]]]
"""Answers several keys at once: an answer for each, in their order."""

_log = Logger()


@attrs.define(eq=False)
class _Asked(Generic[K, V]):
    """A key, and who waits for its answer; `is_alone` when it was among others whose unit failed."""

    key: K
    waiting: Deferred[V]
    deadline_s: float
    is_alone: bool = False


class Gathering(Generic[K, V]):
    """Asks `answer` for the keys of all who wait, the first to come first; one call at a time, of at most `MOST_TOGETHER` keys."""

    def __init__(self, answer: Answering[K, V], clock: IReactorTime) -> None:
        self._answer = answer
        self._clock = clock
        self._asked: deque[_Asked[K, V]] = deque()
        self._is_running = False

    async def ask(self, key: K) -> V:
        """The answer to `key`. Unavailable when too many wait, or the database is away; otherwise what `answer` raises."""
        if not self._is_running:
            return await self._ask_alone(key)
        if len(self._asked) >= MOST_WAITING:
            raise Unavailable("The node is overwhelmed: try again.")
        waiting: Deferred[V] = Deferred()
        self._asked.append(_Asked(key, waiting, self._clock.seconds() + ASK_DEADLINE_S))
        return await waiting

    async def _ask_alone(self, key: K) -> V:
        """In the caller's own coroutine, as nobody else is there: another one would be a tenth of what a login costs the reactor."""
        self._is_running = True
        try:
            (answer,) = await self._answer((key,))
        except ChatError as refusal:
            self._refuse_all_if_away(refusal)
            raise
        finally:
            self._is_running = bool(self._asked)
            if self._is_running:
                Deferred.fromCoroutine(self._work_off()).addErrback(_report)
        return answer

    async def _work_off(self) -> None:
        try:
            while self._asked:
                await self._run(self._take())
        finally:
            self._is_running = False

    def _take(self) -> list[_Asked[K, V]]:
        taken = [self._asked.popleft()]
        while (
            self._asked and len(taken) < MOST_TOGETHER and not (taken[0].is_alone or self._asked[0].is_alone)
        ):
            taken.append(self._asked.popleft())
        return taken

    async def _run(self, taken: list[_Asked[K, V]]) -> None:
        now_s = self._clock.seconds()
        _refuse([asked for asked in taken if asked.deadline_s <= now_s], Unavailable())
        timely = [asked for asked in taken if asked.deadline_s > now_s]
        if not timely:
            return
        try:
            answers = await self._answer(tuple(asked.key for asked in timely))
        except ChatError as refusal:
            _refuse(timely, refusal)
            self._refuse_all_if_away(refusal)
        except Exception as error:
            self._separate(timely, error)
        else:
            for asked, answer in zip(timely, answers, strict=True):
                asked.waiting.callback(answer)

    def _refuse_all_if_away(self, refusal: ChatError) -> None:
        """What has queued up during an outage would only wait for the next timeout."""
        if isinstance(refusal, Unavailable):
            waiting, self._asked = list(self._asked), deque()
            _refuse(waiting, refusal)

    def _separate(self, taken: list[_Asked[K, V]], error: Exception) -> None:
        """Only the guilty one of several fails: each is tried again, alone."""
        if len(taken) == 1:
            taken[0].waiting.errback(error)
            return
        for asked in taken:
            asked.is_alone = True
        self._asked.extendleft(reversed(taken))


def _refuse(several: Sequence[_Asked[K, V]], refusal: ChatError) -> None:
    for asked in several:
        asked.waiting.errback(refusal)


def _report(failure: Failure) -> None:
    _log.failure("what was asked together was not answered", failure)
