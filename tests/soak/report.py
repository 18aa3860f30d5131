"""What a run says at its end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from tests.figures import note
from tests.history.event import Event, Fault
from tests.history.verdict import Verdict, smallest_witnesses
from tests.soak.latency import Latencies, percentile_s
from tests.soak.vitals import Course

_NONE_SKIPPED: Mapping[str, int] = {}


@attrs.frozen(kw_only=True)
class Result:
    """A run that has ended.

    complaints: what the nodes' logs say that healthy nodes never say. skipped: how many faults of each kind found nothing to
    strike. nodes: what each cost before and after. unsent: messages that devices did not try to send, as too many waited.
    absent: devices that were not logged in at the end, and why.
    """

    seed: int
    events: Sequence[Event]
    verdict: Verdict
    complaints: tuple[str, ...] = ()
    skipped: Mapping[str, int] = _NONE_SKIPPED
    nodes: tuple[Course, ...] = ()
    unsent: int = 0
    absent: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all promises were kept, and the run can tell."""
        return not self.verdict.violations and not self.invalid and not self.complaints

    @property
    def invalid(self) -> tuple[str, ...]:
        """Why the run tells nothing. A fault that found nothing to strike is no reason, unless most found nothing."""
        struck, skipped = len(self.faults), sum(self.skipped.values())
        too_few = (f"{skipped} faults found nothing to strike, {struck} did",) if skipped > struck else ()
        return self.verdict.invalid + too_few

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was done to the system, in time."""
        return tuple(event for event in self.events if isinstance(event, Fault))


def note_result(plan: Any, result: Result) -> None:
    """Keep a run's figures, where somebody wants them."""
    verdict = result.verdict
    calm_s = Latencies.of(result.events, result.faults).calm_acks_s
    p99_s = percentile_s(calm_s, 0.99)
    note(
        "faults",
        database=plan.database or "mariadb",
        nodes=1 if plan.database == "sqlite" else plan.nodes,
        seconds=plan.seconds,
        seed=plan.seed,
        kinds=dict(Counter(fault.kind for fault in result.faults if fault.happened)),
        skipped=dict(result.skipped),
        sent=verdict.sent,
        acked=verdict.acked,
        violations={str(kind): count for kind, count in verdict.counts.items()},
        invalid=list(result.invalid),
        complaints=len(result.complaints),
        vitals=[
            {
                "memory_kb": [node.before.memory_kb, node.after.memory_kb],
                "descriptors": [node.before.descriptors, node.after.descriptors],
                "is_restarted": node.is_restarted,
            }
            for node in result.nodes
        ],
        calm_acks=len(calm_s),
        calm_p99_ms=None if p99_s is None else round(p99_s * 1_000, 1),
    )


def describe(result: Result) -> str:
    """The whole report."""
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    verdict = result.verdict
    yield f"seed {result.seed}: {len(result.faults)} faults, {len(result.events)} events"
    yield from _timeline(result.faults)
    if result.skipped:
        yield "  nothing to strike: " + ", ".join(f"{kind} {n}" for kind, n in sorted(result.skipped.items()))
    yield f"messages: {verdict.sent} sent, {verdict.acked} acked, {result.unsent} more not tried"
    yield from _latencies(Latencies.of(result.events, result.faults))
    yield from _nodes(result.nodes)
    if verdict.violations:
        yield from (f"{count} x {kind}" for kind, count in sorted(verdict.counts.items()))
        yield from _witnesses(result)
    else:
        yield "lost 0, doubled 0, out of order 0, leaked 0"
    yield from (f"not logged in at the end: {device}" for device in result.absent)
    yield from (f"a node complains: {complaint}" for complaint in result.complaints[:5])
    yield from (f"invalid: {reason}" for reason in result.invalid)
    yield "PASSED" if result.passed else "FAILED"


def _timeline(faults: Iterable[Fault]) -> Iterator[str]:
    by_kind: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_kind[fault.kind].append(fault)
    for kind, found in sorted(by_kind.items()):
        times = " ".join(f"{fault.began_at_s:.0f}-{fault.ended_at_s:.0f}" for fault in found)
        yield f"  {kind:<16}{len(found):>4}  at {times} s"


def _latencies(latencies: Latencies) -> Iterator[str]:
    yield f"sent to acked without faults: {_percentiles(latencies.calm_acks_s)}"
    yield f"sent to acked with faults:    {_percentiles(latencies.troubled_acks_s)}"
    yield f"sent to shown without faults: {_percentiles(latencies.calm_shows_s)}"
    yield f"sent to shown with faults:    {_percentiles(latencies.troubled_shows_s)}"


def _percentiles(values_s: Sequence[float]) -> str:
    p50_s, p99_s = (percentile_s(values_s, share) for share in (0.5, 0.99))
    if p50_s is None or p99_s is None:
        return "none"
    return f"p50 {p50_s * 1000:.0f} ms, p99 {p99_s * 1000:.0f} ms, of {len(values_s)}"


def _nodes(nodes: Iterable[Course]) -> Iterator[str]:
    for number, node in enumerate(nodes):
        before, after = node.before, node.after
        process = "another process" if node.is_restarted else "the same process"
        yield (
            f"node {number}, {process}: {before.memory_kb / 1024:.1f} to {after.memory_kb / 1024:.1f} MiB, "
            f"{before.descriptors} to {after.descriptors} descriptors"
        )


def _witnesses(result: Result) -> Iterator[str]:
    for witness in smallest_witnesses(result.events, result.verdict.violations):
        violation = witness.violation
        name = violation.msg_uuid.hex() if violation.msg_uuid else ""
        yield f"{violation.kind}: {violation.talk_id} {violation.seq or ''} {name}: {violation.says}"
        yield from (f"    {event}" for event in witness.events)
