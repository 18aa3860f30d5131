"""How late the nodes' reactors were, as they tell it themselves by `naivechat_reactor_stall_seconds`."""

import itertools
import re
import urllib.request
from collections.abc import Sequence

from bench.readings import Reading
from bench.site import Site
from naivechat.domain.measure import BOUNDS_S, quantile_s

_BUCKET = re.compile(r'^naivechat_reactor_stall_seconds_bucket\{le="[^"]+"\} (\S+)$', re.M)
WORK = "stalls of the reactor"


def read_stalls(site: Site) -> tuple[int, ...]:
    """Samples of all nodes since their start, by bucket of `BOUNDS_S`; nothing of a relay."""
    each = [_counts_in(_metrics_of(node.admin_url)) for node in site.nodes]
    return tuple(map(sum, zip(*each, strict=True)))


def stall_readings(subject: str, work: str, before: Sequence[int], after: Sequence[int]) -> list[Reading]:
    """What came between two moments; since its start of a node that was started meanwhile."""
    between = [late - early for early, late in zip(before, after, strict=True)]
    counts = after if min(between, default=0) < 0 else between
    if not sum(counts):
        return []
    longest = max(index for index, count in enumerate(counts) if count)
    figures = (
        ("99 % at most", quantile_s(counts, 0.99) or 0.0),
        ("the longest, at most", (*BOUNDS_S, float("inf"))[longest]),
    )
    return [
        Reading(work=WORK, subject=subject, what=f"{work}: {what}", value=1000 * value_s, unit="ms")
        for what, value_s in figures
    ]


def _metrics_of(admin_url: str) -> str:
    with urllib.request.urlopen(f"{admin_url}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


def _counts_in(metrics: str) -> list[int]:
    up_to = [int(float(count)) for count in _BUCKET.findall(metrics)]
    return [count - below for below, count in itertools.pairwise([0, *up_to])]
