"""How soon one transaction of the message log may follow another.

What a transaction costs hardly depends on how much it stores, so under load fewer and larger ones are cheaper. Where there is
little to store, waiting would spare little and keep people waiting.
"""

from twisted.internet.interfaces import IReactorTime

SPACING_S = 0.002
MANY_A_SECOND = 1_000
_WEIGHT = 1 / 16


class Pace:
    """Keeps transactions `SPACING_S` apart while more than `MANY_A_SECOND` entries are stored."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._begun_s = clock.seconds()
        self._usual_s = 1.0
        self._usual_count = 1.0

    def wait_s(self) -> float:
        """How long to wait before the next one begins; 0 when it may begin at once."""
        if self._usual_s * MANY_A_SECOND >= self._usual_count:
            return 0.0
        return max(0.0, self._begun_s + SPACING_S - self._clock.seconds())

    def begin(self, count: int) -> None:
        """A transaction of so many entries begins."""
        now_s = self._clock.seconds()
        self._usual_s += (now_s - self._begun_s - self._usual_s) * _WEIGHT
        self._usual_count += (count - self._usual_count) * _WEIGHT
        self._begun_s = now_s
