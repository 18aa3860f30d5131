"""The end of a turn of the reactor, when what was written in it leaves together."""

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

_log = Logger()


class Turn:
    """Calls back at the end of the current turn: before the reactor waits for anything new, so nobody waits for that."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._calls: list[Callable[[], None]] = []

    def at_end(self, call: Callable[[], None]) -> None:
        """Make this call at the end of the turn; what it writes itself may leave with the next one."""
        if not self._calls:
            self._clock.callLater(0, self._end)
        self._calls.append(call)

    def _end(self) -> None:
        calls, self._calls = self._calls, []
        for call in calls:
            try:
                call()
            except Exception:
                _log.failure("what was written in a turn was not sent")
