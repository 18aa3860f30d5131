"""What `tests.reliability` writes of the runs with faults: sums by system, what nodes cost, and which runs failed or tell nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

Figures = dict[str, Any]

_COST_HEAD = (
    "| system | a node's memory, the same process | restarted | its descriptors, the same process | restarted "
    "| slowest p99 of send → ack, in calm |"
)


def sums(runs: Sequence[Figures], unfinished: Sequence[Figures]) -> Iterator[str]:
    """A row for each system, all its runs together; runs that ended before they were judged count as telling nothing."""
    if runs or unfinished:
        yield "| system | runs | time | faults | sent | acked | promises broken | runs that tell nothing |"
        yield "|---|---|---|---|---|---|---|---|"
    silent = Counter(map(system_of, unfinished))
    for system, found in _by_system([*runs, *unfinished]).items():
        judged = [run for run in found if "acked" in run]
        useless = sum(bool(run["invalid"]) for run in judged) + silent[system]
        yield (
            f"| {system} | {len(found)} | {_duration(sum(run['seconds'] for run in judged))} "
            f"| {sum(sum(run['kinds'].values()) for run in judged):,} "
            f"| {sum(run['sent'] for run in judged):,} | {sum(run['acked'] for run in judged):,} "
            f"| {sum(map(_broken, judged))} | {useless} |"
        )


def failures(runs: Sequence[Figures], unfinished: Sequence[Figures]) -> Iterator[str]:
    """A line for each run that broke a promise, tells nothing or was not judged, with its seed."""
    for run in runs:
        says = [f"{count} x {kind}" for kind, count in sorted(run["violations"].items())]
        says += [f"{run['complaints']} complaints of nodes"] if run["complaints"] else []
        says += [f"tells nothing: {reason}" for reason in run["invalid"]]
        if says:
            yield f"- seed {run['seed']}, {system_of(run)}: {'; '.join(says)}."
    for run in unfinished:
        yield f"- seed {run['seed']}, {system_of(run)}: ended with status {run['status']} before it was judged."


def costs(runs: Sequence[Figures]) -> Iterator[str]:
    """A row for each system: of the node that grew most, what it was before faults, with everybody logged in, and after them."""
    runs = [run for run in runs if run.get("vitals")]
    if runs:
        yield _COST_HEAD
        yield "|---|---|---|---|---|---|"
    for system, found in _by_system(runs).items():
        nodes = [node for run in found for node in run["vitals"]]
        cells = [
            _worst(nodes, what, is_restarted)
            for what in ("memory_kb", "descriptors")
            for is_restarted in (False, True)
        ]
        p99s_ms = [run["calm_p99_ms"] for run in found if run["calm_p99_ms"] is not None]
        slowest = f"{max(p99s_ms):.0f} ms" if p99s_ms else "–"
        yield f"| {system} | {' | '.join(cells)} | {slowest} |"


def kinds(runs: Sequence[Figures]) -> Iterator[str]:
    """How many faults of each kind there were, and how many found nothing to strike."""
    struck, skipped = _count(runs, "kinds"), _count(runs, "skipped")
    if struck:
        yield f"{struck.total():,} faults of {len(struck)} kinds: "
        yield _listed(struck)
    if skipped:
        yield f"{skipped.total():,} more found nothing to strike, and are not counted: {_listed(skipped)}"


def system_of(run: Figures) -> str:
    """A system as people call it."""
    name = {"sqlite": "SQLite", "mariadb": "MariaDB and Redis"}.get(run["database"], "MariaDB elsewhere")
    return f"{run['nodes']} {'node' if run['nodes'] == 1 else 'nodes'}, {name}"


def _by_system(runs: Sequence[Figures]) -> dict[str, list[Figures]]:
    systems: dict[str, list[Figures]] = {}
    for run in runs:
        systems.setdefault(system_of(run), []).append(run)
    return systems


def _broken(run: Figures) -> int:
    return sum(run["violations"].values()) + int(run["complaints"])


def _worst(nodes: Sequence[Figures], what: str, is_restarted: bool) -> str:
    spans = [node[what] for node in nodes if node["is_restarted"] is is_restarted]
    if not spans:
        return "–"
    before, after = max(spans, key=lambda span: span[1] - span[0])
    if what == "memory_kb":
        return f"{before / 1024:.1f} → {after / 1024:.1f} MiB"
    return f"{before} → {after}"


def _count(runs: Sequence[Figures], what: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(run.get(what, {}))
    return counts


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())) + "."


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"
