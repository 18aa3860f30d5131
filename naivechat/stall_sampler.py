"""How late a node's reactor comes to what is due: what a message or a login waits for, whoever holds the reactor up."""

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.domain.measure import Histogram

EVERY_S = 0.1
"""A stall this long is always seen; of shorter ones as many as people happen to meet."""


class StallSampler:
    """Counts in `stalls` by how much a call that is due ten times a second comes late.

    A sample costs some 80 microseconds, for nearly always it wakes the node up. A millisecond is usual: the reactor sleeps in
    whole ones.

    turned_at_s: when the reactor was last seen to turn, by its own clock.
    """

    def __init__(self, stalls: Histogram, clock: IReactorTime) -> None:
        self.turned_at_s = clock.seconds()
        self._stalls = stalls
        self._clock = clock
        self._call: IDelayedCall | None = None

    def start(self) -> None:
        """Begin to sample, with the reactor's next turn."""
        self.turned_at_s = self._clock.seconds()
        self._call = self._clock.callLater(0, self._turn)

    def stop(self) -> None:
        """Sample no more; nothing happens if it has not begun."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _sample(self) -> None:
        self._stalls.observe(self._clock.seconds() - self.turned_at_s - EVERY_S)
        self._turn()

    def _turn(self) -> None:
        self.turned_at_s = self._clock.seconds()
        self._call = self._clock.callLater(EVERY_S, self._sample)
