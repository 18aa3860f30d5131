"""How often somebody may do something: counted by a key (a person, an address), in memory that has a bound.

Times are seconds of any clock that does not go back. What is counted for a key that has rested long enough is the same as
what is counted for a new one: such keys are dropped, so only those that are busy take room.

Two rules. `Buckets` let a burst through and then a steady rate; they are for what people do all day, and cost one look into a
dictionary. `Windows` never let more than the count through in any period; they are for what is dear and seldom.
"""

from collections import deque

import attrs

MOST_KEPT = 10_000
"""Keys that windows know at once; beyond, those with the fewest counts are forgotten."""
SWEPT_FROM = 1_024
"""Keys from which on buckets look for rested ones."""
_SLACK_S = 1e-6
"""Sums of floating-point times are at least this exact: whoever comes exactly at the rate is never refused."""


@attrs.frozen
class Rate:
    """So many in a period, in seconds: `Rate(5, 900)` is five in a quarter of an hour."""

    count: int
    period_s: float


class Buckets:
    """A bucket for each key, full at first: `burst` at once, then as many as flow in at `rate`.

    In any time of t seconds at most `burst` + t × rate are let through, and whoever stays at the rate is never refused.
    Kept of each bucket is one number: when it will be full again.
    """

    def __init__(self, rate: Rate, burst: int) -> None:
        self._cost_s = rate.period_s / rate.count
        self._reserve_s = self._cost_s * (burst - 1) + _SLACK_S
        self._full_at_s: dict[str, float] = {}
        self._swept_from = SWEPT_FROM

    def __len__(self) -> int:
        return len(self._full_at_s)

    def take(self, key: str, now_s: float) -> float:
        """Take one. 0.0: it was there; else nothing was taken, and one will be there after so many seconds."""
        full_at_s = self._full_at_s.get(key, now_s)
        if full_at_s < now_s:
            full_at_s = now_s
        wait_s = full_at_s - now_s - self._reserve_s
        if wait_s > 0.0:
            return wait_s
        self._full_at_s[key] = full_at_s + self._cost_s
        if len(self._full_at_s) > self._swept_from:
            self._sweep(now_s)
        return 0.0

    def _sweep(self, now_s: float) -> None:
        self._full_at_s = {key: at_s for key, at_s in self._full_at_s.items() if at_s > now_s}
        # Half of them new before the next look: so a look costs each newcomer little, however many are busy.
        self._swept_from = max(SWEPT_FROM, 2 * len(self._full_at_s))


class Windows:
    """At most `rate.count` for each key in any `rate.period_s` seconds."""

    def __init__(self, rate: Rate, *, most_kept: int = MOST_KEPT) -> None:
        self._rate = rate
        self._most_kept = most_kept
        self._taken_s: dict[str, deque[float]] = {}

    def __len__(self) -> int:
        return len(self._taken_s)

    def wait_s(self, key: str, now_s: float) -> float:
        """How many seconds until one more may be taken; 0.0: now."""
        taken_s = self._taken_s.get(key)
        if taken_s is None or len(taken_s) < self._rate.count:
            return 0.0
        return max(taken_s[0] + self._rate.period_s - now_s, 0.0)

    def take(self, key: str, now_s: float) -> float:
        """Take one. 0.0: it was there; else nothing was taken, and one will be there after so many seconds."""
        wait_s = self.wait_s(key, now_s)
        if wait_s > 0.0:
            return wait_s
        if key not in self._taken_s and len(self._taken_s) >= self._most_kept:
            self._make_room(now_s)
        self._taken_s.setdefault(key, deque(maxlen=self._rate.count)).append(now_s)
        return 0.0

    def take_back(self, key: str) -> None:
        """The last one taken does not count; nothing happens where none is known."""
        taken_s = self._taken_s.get(key)
        if taken_s is None:
            return
        taken_s.pop()
        if not taken_s:
            del self._taken_s[key]

    def _make_room(self, now_s: float) -> None:
        """Drop what has rested; where that is not enough the tenth with the fewest counts, the longest ago first."""
        since_s = now_s - self._rate.period_s
        busy = {key: taken_s for key, taken_s in self._taken_s.items() if taken_s[-1] > since_s}
        if len(busy) >= self._most_kept:
            ranked = sorted(busy, key=lambda key: (len(busy[key]), busy[key][-1]))
            for key in ranked[: max(self._most_kept // 10, 1)]:
                del busy[key]
        self._taken_s = busy
