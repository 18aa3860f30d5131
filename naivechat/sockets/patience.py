"""How long a connection may let a node wait."""

import math
from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from naivechat.sockets.vigil import Vigil

LOGIN_TIMEOUT_S = 10.0
IDLE_TIMEOUT_S = 90.0
FRAME_TIMEOUT_S = 15.0


class Patience:
    """Calls `ended` once: without a login in 10 s, without a whole frame for 90 s after it, or 15 s into an unfinished one.

    It may be a second later. Bytes alone extend nothing, so a peer that dribbles is closed too. A later deadline is only noted:
    when the vigil looks at the one before it, it is asked to look again.
    """

    __slots__ = ("_clock", "_deadline", "_ended", "_frame_deadline", "_logged_in", "_vigil", "_watched_by")

    def __init__(self, clock: IReactorTime, vigil: Vigil, ended: Callable[[], None]) -> None:
        self._clock = clock
        self._vigil = vigil
        self._ended = ended
        self._logged_in = False
        self._deadline = clock.seconds() + LOGIN_TIMEOUT_S
        self._frame_deadline = math.inf
        self._watched_by: int | None = vigil.watch(self, self._deadline)

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
        if self._watched_by is not None:
            self._vigil.forget(self, self._watched_by)
            self._watched_by = None

    def look(self) -> None:
        """The vigil's: end it, if a deadline is over."""
        self._watched_by = None
        if self._clock.seconds() >= min(self._deadline, self._frame_deadline):
            self._ended()
        else:
            self._look_again()

    def _look_again(self) -> None:
        self.stop()
        self._watched_by = self._vigil.watch(self, min(self._deadline, self._frame_deadline))
