"""Coroutines that run on their own: the place where a coroutine becomes a Deferred."""

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.client.errors import Stopped


class Tasks:
    """Runs coroutines that nobody awaits; their failures are logged, and all of them can be cancelled.

    Being cancelled, and the client's own end, are no failures.
    """

    _log = Logger()

    def __init__(self) -> None:
        self._running: set[Deferred[None]] = set()

    def start(self, coroutine: Coroutine[Deferred[Any], Any, Any]) -> Deferred[None]:
        """Run a coroutine until it waits, and on from there when it may.

        Returns:
            A Deferred that fires with None at its end and never fails; cancelling it cancels the coroutine.
        """
        task: Deferred[None] = Deferred.fromCoroutine(coroutine)
        self._running.add(task)
        task.addErrback(self._report)
        task.addBoth(lambda _: self._running.discard(task))
        return task

    def cancel_all(self) -> None:
        """Cancel whatever still runs."""
        for task in tuple(self._running):
            task.cancel()

    def _report(self, failure: Failure) -> None:
        if not failure.check(CancelledError, Stopped):
            self._log.failure("A task of the client failed", failure)


async def sleep(clock: IReactorTime, delay_s: float) -> None:
    """Wait `delay_s` seconds."""
    await deferLater(clock, delay_s, lambda: None)
