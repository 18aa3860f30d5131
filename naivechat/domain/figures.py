"""The figures of a node: what it has counted up to a moment, and what that says of the time between two moments."""

from collections.abc import Sequence

import attrs

from naivechat.domain.measure import quantile_s


@attrs.frozen(kw_only=True)
class Totals:
    """A node at one moment.

    at_ms: wall clock. connections: open ones, logged in or not. users: people with a session. log_queue_length: entries that
    wait for a transaction. bus_connected: None where there are no other nodes. bus_full: it keeps nothing. database_up: whether the last look at it
    succeeded. stored, logins, errors, published, received, dropped: since the start. commit, delivery: counts of histograms.
    """

    at_ms: int
    connections: int = 0
    users: int = 0
    log_queue_length: int = 0
    bus_connected: bool | None = None
    bus_full: bool = False
    database_up: bool = True
    stored: int = 0
    logins: int = 0
    errors: int = 0
    published: int = 0
    received: int = 0
    dropped: int = 0
    commit: tuple[int, ...] = ()
    delivery: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Figures:
    """A node between two moments, the later of which is `at_ms`.

    Rates are for one second. p50 and p99 are milliseconds; None where nothing was committed or delivered.
    """

    at_ms: int
    connections: int = 0
    users: int = 0
    log_queue_length: int = 0
    bus_connected: bool | None = None
    database_up: bool = True
    messages_per_s: float = 0.0
    logins_per_s: float = 0.0
    errors_per_s: float = 0.0
    bus_dropped_per_s: float = 0.0
    commit_p50_ms: float | None = None
    commit_p99_ms: float | None = None
    delivery_p50_ms: float | None = None
    delivery_p99_ms: float | None = None


def figures_between(before: Totals, after: Totals) -> Figures:
    """What happened between two moments of one node."""
    elapsed_s = max(after.at_ms - before.at_ms, 1) / 1000
    commit = _difference(before.commit, after.commit)
    delivery = _difference(before.delivery, after.delivery)

    def rate(earlier: int, later: int) -> float:
        return round((later - earlier) / elapsed_s, 2)

    return Figures(
        at_ms=after.at_ms,
        connections=after.connections,
        users=after.users,
        log_queue_length=after.log_queue_length,
        bus_connected=after.bus_connected,
        database_up=after.database_up,
        messages_per_s=rate(before.stored, after.stored),
        logins_per_s=rate(before.logins, after.logins),
        errors_per_s=rate(before.errors, after.errors),
        bus_dropped_per_s=rate(before.dropped, after.dropped),
        commit_p50_ms=_quantile_ms(commit, 0.5),
        commit_p99_ms=_quantile_ms(commit, 0.99),
        delivery_p50_ms=_quantile_ms(delivery, 0.5),
        delivery_p99_ms=_quantile_ms(delivery, 0.99),
    )


def _difference(before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    earlier = before or (0,) * len(after)
    return tuple(late - early for early, late in zip(earlier, after, strict=True))


def _quantile_ms(counts: Sequence[int], part: float) -> float | None:
    duration_s = quantile_s(counts, part)
    return None if duration_s is None else round(duration_s * 1000, 2)
