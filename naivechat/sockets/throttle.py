"""How fast a connection is read: so many bytes a second, and not at all for a moment after a refusal.

What comes too fast waits with whoever sends it: the connection is not read, so that its peer's own system holds it back.
"""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.domain.rates import Rate

BURST_S = 1.0
"""A second's worth of bytes may come at once, and the rest of whatever one read brings."""


class Throttle:
    """Is `over` while nothing should be read; `changed` is called whenever that has changed.

    Args:
        rate: bytes in a time; None for as many as come.
        paused: is called when bytes came too fast.
    """

    __slots__ = ("_call", "_changed", "_clock", "_cost_s", "_free_at_s", "_held_until_s", "_paused", "over")

    def __init__(
        self,
        clock: IReactorTime,
        rate: Rate | None,
        *,
        changed: Callable[[], None],
        paused: Callable[[], None],
    ) -> None:
        self.over = False
        self._clock = clock
        self._cost_s = rate.period_s / rate.count if rate is not None else 0.0
        self._free_at_s = self._held_until_s = -BURST_S
        self._changed = changed
        self._paused = paused
        self._call: IDelayedCall | None = None

    def took(self, count: int) -> None:
        """So many bytes were read."""
        if not self._cost_s:
            return
        now_s = self._clock.seconds()
        free_at_s = self._free_at_s
        if free_at_s < now_s:
            free_at_s = now_s
        self._free_at_s = free_at_s = free_at_s + count * self._cost_s
        if free_at_s - now_s > BURST_S and not self.over:
            self._paused()
            self._look()

    def hold(self, seconds: float) -> None:
        """Read nothing for so long, and for as long again with each further call."""
        self._held_until_s = max(self._held_until_s, self._clock.seconds()) + seconds
        if not self.over:
            self._look()

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _look(self) -> None:
        """Wait for what there is to wait for; meanwhile more may come of what was read before."""
        self._call = None
        wait_s = max(self._free_at_s - BURST_S, self._held_until_s) - self._clock.seconds()
        was_over, self.over = self.over, wait_s > 0.0
        if self.over:
            self._call = self._clock.callLater(wait_s, self._look)
        if self.over is not was_over:
            self._changed()
