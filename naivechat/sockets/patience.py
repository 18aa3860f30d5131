"""How long a connection may let a node wait."""

import math
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

LOGIN_TIMEOUT_S = 10.0
IDLE_TIMEOUT_S = 90.0
FRAME_TIMEOUT_S = 15.0


class Patience:
    """Calls `ended` once: without a login in 10 s, without a whole frame for 90 s after it, or 15 s into an unfinished one.

    Bytes alone extend nothing, so a peer that dribbles is closed too. One timer serves all three: a later deadline is
    only noted, and the timer looks again when it fires, so a frame costs no timer.
    """

    def __init__(self, clock: IReactorTime, ended: Callable[[], None]) -> None:
        self._clock = clock
        self._ended = ended
        self._logged_in = False
        self._deadline = clock.seconds() + LOGIN_TIMEOUT_S
        self._frame_deadline = math.inf
        self._timer: IDelayedCall | None = clock.callLater(LOGIN_TIMEOUT_S, self._look)

    def login_done(self) -> None:
        """From now on only idleness counts."""
        self._logged_in = True
        self.frame_done()

    def frame_done(self) -> None:
        """A whole frame has come."""
        if self._logged_in:
            self._deadline = self._clock.seconds() + IDLE_TIMEOUT_S
        self._frame_deadline = math.inf

    def frame_begun(self) -> None:
        """An unfinished frame is there; calling it again for the same one changes nothing."""
        if self._frame_deadline == math.inf:
            self._frame_deadline = self._clock.seconds() + FRAME_TIMEOUT_S
            self._look_again()

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._clock.seconds() >= min(self._deadline, self._frame_deadline):
            self._ended()
        else:
            self._look_again()

    def _look_again(self) -> None:
        self.stop()
        due = min(self._deadline, self._frame_deadline)
        self._timer = self._clock.callLater(max(0.0, due - self._clock.seconds()), self._look)
