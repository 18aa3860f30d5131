"""Counts who listens to channels, for all who want to know at one time by one question.

Whoever logs in asks for friends, and many log in at once. While a question is under way the others wait, and the next one is
theirs: it is asked after they came, so what it tells is as new as they need it.
"""

from collections.abc import Awaitable, Callable, Sequence

import attrs
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.redis.connection import within

COUNT_S = 5.0
CHANNELS_A_COUNT = 1_000

_log = Logger(namespace="naivechat.redis")


@attrs.define(eq=False)
class _Asked:
    channels: tuple[str, ...]
    until_s: float
    answer: Deferred[tuple[int, ...] | None]


class HeadCount:
    """Asks `numsub` for at most `CHANNELS_A_COUNT` channels at a time: it answers how many listen to each, in their order."""

    def __init__(
        self, numsub: Callable[[Sequence[str]], Awaitable[Sequence[int]]], clock: IReactorTime
    ) -> None:
        self._numsub = numsub
        self._clock = clock
        self._waiting: list[_Asked] = []
        self._is_asking = False

    async def of(self, channels: Sequence[str]) -> tuple[int, ...] | None:
        """How many listen to each; None when that is not answered within 5 s."""
        if not channels:
            return ()
        asked = _Asked(tuple(channels), self._clock.seconds() + COUNT_S, Deferred())
        self._waiting.append(asked)
        if not self._is_asking:
            self._is_asking = True
            Deferred.fromCoroutine(self._work_off()).addErrback(_report)
        return await asked.answer

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting, []
                await self._answer(together)
        finally:
            self._is_asking = False

    async def _answer(self, together: list[_Asked]) -> None:
        channels = tuple(dict.fromkeys(channel for asked in together for channel in asked.channels))
        left_s = max(0.0, together[0].until_s - self._clock.seconds())
        try:
            counts = dict(
                zip(channels, await within(self._clock, left_s, self._count(channels)), strict=True)
            )
        except (Unavailable, TimeoutError):
            for asked in together:
                asked.answer.callback(None)
        except Exception:
            failure = Failure()
            for asked in together:
                asked.answer.errback(failure)
        else:
            for asked in together:
                asked.answer.callback(tuple(counts[channel] for channel in asked.channels))

    async def _count(self, channels: Sequence[str]) -> list[int]:
        counts: list[int] = []
        for start in range(0, len(channels), CHANNELS_A_COUNT):
            counts += await self._numsub(channels[start : start + CHANNELS_A_COUNT])
        return counts


def _report(failure: Failure) -> None:
    _log.failure("listeners were not counted", failure)
