"""The end of a turn of the reactor, when what was written in it leaves together."""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

REST_S: Final = 0.0005
"""Between two batches of a busy node hardly more is written alone than this lets through: two frames each."""
MOST_ALONE: Final = 2
"""Of a message that comes alone, two frames are written: a push and an ack."""

_log = Logger()


class Turn:
    """Calls back at the end of the current turn: before the reactor waits for anything new, so nobody waits for that.

    Where so little is written that nothing would be joined, the call is not worth waiting for.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._written_s = clock.seconds() - REST_S
        self._left_alone = 0
        self._calls: list[Callable[[], None]] = []

    def leaves_alone(self) -> bool:
        """Whether what is to be written now should leave at once: as do the first frames after nothing was written for a while."""
        now_s = self._clock.seconds()
        if now_s - self._written_s >= REST_S:
            self._left_alone = MOST_ALONE
        self._written_s = now_s
        self._left_alone -= 1
        return self._left_alone >= 0

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
