"""What a run says at its end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from tests.figures import note
from tests.history.event import Event, Fault, Recv, Send
from tests.history.verdict import Verdict, smallest_witnesses

RECOVERY_S = 5.0
"""So long after a fault messages are still counted as sent during it."""


@attrs.frozen(kw_only=True)
class Result:
    """A run that has ended. `complaints`: what the nodes' logs say that healthy nodes never say."""

    seed: int
    events: Sequence[Event]
    verdict: Verdict
    complaints: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all promises were kept, and the run can tell."""
        return self.verdict.passed and not self.complaints

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was done to the system, in time."""
        return tuple(event for event in self.events if isinstance(event, Fault))


def note_result(plan: Any, result: Result) -> None:
    """Keep a run's figures, where somebody wants them."""
    verdict = result.verdict
    note(
        "faults",
        database=plan.database or "mariadb",
        nodes=1 if plan.database == "sqlite" else plan.nodes,
        seconds=plan.seconds,
        seed=plan.seed,
        kinds=dict(Counter(fault.kind for fault in result.faults if fault.happened)),
        sent=verdict.sent,
        acked=verdict.acked,
        violations={str(kind): count for kind, count in verdict.counts.items()},
        invalid=list(verdict.invalid),
        complaints=len(result.complaints),
    )


def describe(result: Result) -> str:
    """The whole report."""
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    verdict = result.verdict
    yield f"seed {result.seed}: {len(result.faults)} faults, {len(result.events)} events"
    yield from _timeline(result.faults)
    yield f"messages: {verdict.sent} sent, {verdict.acked} acked"
    yield from _latencies(result.events, result.faults)
    if verdict.violations:
        yield from (f"{count} x {kind}" for kind, count in sorted(verdict.counts.items()))
        yield from _witnesses(result)
    else:
        yield "lost 0, doubled 0, out of order 0, leaked 0"
    yield from (f"a node complains: {complaint}" for complaint in result.complaints[:5])
    yield from (f"invalid: {reason}" for reason in verdict.invalid)
    yield "PASSED" if result.passed else "FAILED"


def _timeline(faults: Iterable[Fault]) -> Iterator[str]:
    by_kind: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_kind[fault.kind].append(fault)
    for kind, found in sorted(by_kind.items()):
        times = " ".join(f"{fault.began_at_s:.0f}-{fault.ended_at_s:.0f}" for fault in found)
        yield f"  {kind:<16}{len(found):>4}  at {times} s"


def _latencies(events: Iterable[Event], faults: Sequence[Fault]) -> Iterator[str]:
    sent: dict[bytes, Send] = {}
    calm_s: list[float] = []
    troubled_s: list[float] = []
    for event in events:
        if isinstance(event, Send):
            sent.setdefault(event.msg_uuid, event)
        elif isinstance(event, Recv) and event.record.msg_uuid in sent:
            send = sent[event.record.msg_uuid]
            if send.user_id != event.user_id:
                (troubled_s if _is_troubled(send.at_s, faults) else calm_s).append(event.at_s - send.at_s)
    yield f"sent to shown without faults: {_percentiles(calm_s)}"
    yield f"sent to shown with faults:    {_percentiles(troubled_s)}"


def _is_troubled(at_s: float, faults: Iterable[Fault]) -> bool:
    return any(fault.began_at_s <= at_s <= fault.ended_at_s + RECOVERY_S for fault in faults)


def _percentiles(values_s: list[float]) -> str:
    if not values_s:
        return "none"
    ranked = sorted(values_s)
    p50_s, p99_s = (ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.99))
    return f"p50 {p50_s * 1000:.0f} ms, p99 {p99_s * 1000:.0f} ms, of {len(ranked)}"


def _witnesses(result: Result) -> Iterator[str]:
    for witness in smallest_witnesses(result.events, result.verdict.violations):
        violation = witness.violation
        name = violation.msg_uuid.hex() if violation.msg_uuid else ""
        yield f"{violation.kind}: {violation.talk_id} {violation.seq or ''} {name}: {violation.says}"
        yield from (f"    {event}" for event in witness.events)
