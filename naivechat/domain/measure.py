"""What a node counts of its own work: cheap enough to be done for every request, read by whoever shows figures.

Histograms count durations below bounds, as Prometheus does, so two of them can be subtracted and quantiles read from the rest.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import attrs

from naivechat.domain.limits import REFUSING

BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds; a last bucket has what took longer."""


@attrs.define
class Histogram:
    """How many durations there were, by bucket: `counts[i]` took more than `BOUNDS_S[i-1]` and at most `BOUNDS_S[i]`."""

    counts: list[int] = attrs.Factory(lambda: [0] * (len(BOUNDS_S) + 1))
    sum_s: float = 0.0

    def observe(self, duration_s: float) -> None:
        """Count one; a negative one, of a clock that was set back, is none at all."""
        duration_s = max(duration_s, 0.0)
        self.counts[bisect_left(BOUNDS_S, duration_s)] += 1
        self.sum_s += duration_s

    def snapshot(self) -> tuple[int, ...]:
        """The counts of this moment."""
        return tuple(self.counts)


def quantile_s(counts: Sequence[int], part: float) -> float | None:
    """What `part` (0 to 1) of the durations did not exceed, as well as buckets tell; None when there were none.

    Within a bucket durations are taken to lie evenly; of the last, unbounded one only its lower bound is known.
    """
    wanted = part * sum(counts)
    if not wanted:
        return None
    below = 0
    for index, count in enumerate(counts[:-1]):
        if count and below + count >= wanted:
            lower_s = BOUNDS_S[index - 1] if index else 0.0
            return lower_s + (BOUNDS_S[index] - lower_s) * (wanted - below) / count
        below += count
    return BOUNDS_S[-1]


@attrs.frozen(kw_only=True)
class Measures:
    """What a node has done since its start.

    refused: what was too much, by the limit's name. logins: by outcome, `ok` or a refusal's code in small letters. requests: answered ones, by the command's name.
    errors: answers that are refusals, by code. commit: transactions of the message log. delivery: from the beginning of a
    message's transaction until it was written to its receivers here and given to the bus. stall: how late the reactor came to
    what was due, sampled. stalls: how often nothing was done for a second, by why: `reactor` where a line of ours held it up,
    `process` where the process did not run. webhook_deliveries: by result.
    """

    logins: Counter[str] = attrs.field(factory=Counter)
    requests: Counter[str] = attrs.field(factory=Counter)
    errors: Counter[str] = attrs.field(factory=Counter)
    refused: Counter[str] = attrs.field(factory=lambda: Counter(dict.fromkeys(REFUSING, 0)))
    commit: Histogram = attrs.field(factory=Histogram)
    delivery: Histogram = attrs.field(factory=Histogram)
    stalls: Counter[str] = attrs.field(factory=Counter)
    webhook_deliveries: Counter[str] = attrs.field(factory=Counter)
    stall: Histogram = attrs.field(factory=Histogram)
