"""Sending no faster than the node takes it.

Talks send side by side until one is told that it is too fast. Whoever is told so then waits in one line for all talks, where one
request at a time is made, when the node said it may: a thousand waiting talks ask as often as one.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from twisted.internet.defer import DeferredLock
from twisted.internet.interfaces import IReactorTime

from naivechat.client.errors import RequestRefused
from naivechat.client.tasks import sleep
from naivechat.protocol.errors import ErrorCode

_LEAST_PAUSE_S = 0.05
_Q = TypeVar("_Q")
_A = TypeVar("_A")


class Pace(Generic[_Q, _A]):
    """Makes requests by `ask`, again and again while it raises RATE_LIMITED; called like `ask`."""

    def __init__(self, clock: IReactorTime, ask: Callable[[_Q], Awaitable[_A]]) -> None:
        self._clock = clock
        self._ask = ask
        self._line = DeferredLock()
        self._not_before_s = 0.0

    async def __call__(self, request: _Q) -> _A:
        """The answer. Raises whatever else `ask` raises."""
        if not self._line.locked:
            try:
                return await self._ask(request)
            except RequestRefused as refusal:
                self._wait_for(refusal)
        await self._line.acquire()
        try:
            return await self._ask_in_line(request)
        finally:
            self._line.release()

    async def _ask_in_line(self, request: _Q) -> _A:
        while True:
            wait_s = self._not_before_s - self._clock.seconds()
            if wait_s > 0.0:
                await sleep(self._clock, wait_s)
            try:
                return await self._ask(request)
            except RequestRefused as refusal:
                self._wait_for(refusal)

    def _wait_for(self, refusal: RequestRefused) -> None:
        if refusal.code != ErrorCode.RATE_LIMITED:
            raise refusal
        self._not_before_s = self._clock.seconds() + refusal.pause_s(_LEAST_PAUSE_S)
