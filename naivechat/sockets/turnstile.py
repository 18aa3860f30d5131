"""Lets so many in at a time; who comes meanwhile waits in line, and is refused when the wait would be in vain.

After a failure all clients come back at one moment. In line they cost a node nothing, where a refusal costs them a pause and the
node another attempt.
"""

from collections import deque

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.domain.errors import Unavailable

PATIENCE_S = 8.0
"""A connection has 10 s to log in, and what comes behind the turnstile takes its time, too."""
MOST_WAITING = 50_000


@attrs.define(eq=False)
class _Waiting:
    turn: Deferred[None]
    until_s: float


class Turnstile:
    """Everybody who is let in by `enter` calls `leave`, once."""

    def __init__(self, clock: IReactorTime, most_inside: int) -> None:
        self._clock = clock
        self._most_inside = most_inside
        self._inside = 0
        self._is_letting_in = False
        self._line: deque[_Waiting] = deque()
        self._timer: IDelayedCall | None = None

    async def enter(self) -> bool:
        """Wait for one's turn, the first to come first; whether there was a wait. Unavailable after `PATIENCE_S`, or when the line is too long."""
        if self._inside < self._most_inside:
            self._inside += 1
            return False
        if len(self._line) >= MOST_WAITING:
            raise Unavailable("Too many people are logging in: try again.")
        waiting = _Waiting(Deferred(), self._clock.seconds() + PATIENCE_S)
        self._line.append(waiting)
        self._look_at_the_first()
        await waiting.turn
        return True

    def leave(self) -> None:
        """Give one's place to the first in line."""
        self._inside -= 1
        # Who leaves at once when let in comes back here: a loop lets the next in, not each the one behind.
        if not self._is_letting_in:
            self._is_letting_in = True
            while self._line and self._inside < self._most_inside:
                self._inside += 1
                self._line.popleft().turn.callback(None)
            self._is_letting_in = False

    def _look_at_the_first(self) -> None:
        if self._timer is None and self._line:
            delay_s = max(0.0, self._line[0].until_s - self._clock.seconds())
            self._timer = self._clock.callLater(delay_s, self._refuse_late)

    def _refuse_late(self) -> None:
        self._timer = None
        now_s = self._clock.seconds()
        while self._line and self._line[0].until_s <= now_s:
            self._line.popleft().turn.errback(Unavailable("Too many people are logging in: try again."))
        self._look_at_the_first()
