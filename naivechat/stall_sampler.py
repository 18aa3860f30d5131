"""How late a node's reactor comes to what is due: what a message or a login waits for, whoever holds the reactor up."""

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.domain.measure import Histogram

EVERY_S = 0.1
"""A stall this long is always seen; of shorter ones as many as people happen to meet."""


class StallSampler:
    """Counts in `stalls` by how much a call that is due ten times a second comes late.

    A sample costs some microseconds. A millisecond is usual: the reactor sleeps in whole ones.
    """

    def __init__(self, stalls: Histogram, clock: IReactorTime) -> None:
        self._stalls = stalls
        self._clock = clock
        self._due_s = 0.0
        self._call: IDelayedCall | None = None

    def start(self) -> None:
        """Begin to sample."""
        self._due_s = self._clock.seconds() + EVERY_S
        self._call = self._clock.callLater(EVERY_S, self._sample)

    def stop(self) -> None:
        """Sample no more; nothing happens if it has not begun."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _sample(self) -> None:
        self._stalls.observe(self._clock.seconds() - self._due_s)
        self.start()
