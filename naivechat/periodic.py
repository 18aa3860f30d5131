"""Work that a node does again and again."""

from collections.abc import Awaitable, Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import ChatError

_log = Logger()


class Periodic:
    """Calls `work`, and again `every_s()` seconds after it has ended. A failure is logged and ends nothing.

    A refusal (storage or Redis away) is logged once, until the work has succeeded again.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[object]],
        every_s: Callable[[], float],
        clock: IReactorTime,
    ) -> None:
        self._name = name
        self._work = work
        self._every_s = every_s
        self._clock = clock
        self._call: IDelayedCall | None = None
        self._running: Deferred[None] | None = None
        self._again = False
        self._stopped = True
        self._refused = False

    def start(self) -> None:
        """Do it for the first time."""
        self._stopped = False
        self._run()

    async def stop(self) -> None:
        """Begin no more; wait for what is under way."""
        self._stopped = True
        if self._call is not None:
            self._call.cancel()
            self._call = None
        if self._running is not None:
            ended: Deferred[None] = Deferred()
            self._running.addBoth(lambda _: ended.callback(None))
            await ended

    def soon(self) -> None:
        """Do it at once, or once more right after what is under way."""
        if self._running is not None:
            self._again = True
        elif self._call is not None:
            self._call.reset(0)

    def _run(self) -> None:
        self._call = None
        running = self._running = Deferred.fromCoroutine(self._attempt())
        running.addErrback(self._failed)
        running.addBoth(self._ended)

    async def _attempt(self) -> None:
        await self._work()
        if self._refused:
            self._refused = False
            _log.info("{name}: works again", name=self._name)

    def _failed(self, failure: Failure) -> None:
        if not failure.check(ChatError):
            _log.failure("{name}: failed", failure, name=self._name)
        elif not self._refused:
            self._refused = True
            _log.warn("{name}: {error}", name=self._name, error=failure.value)

    def _ended(self, _: object) -> None:
        self._running = None
        if not self._stopped:
            self._call = self._clock.callLater(0 if self._again else self._every_s(), self._run)
        self._again = False
