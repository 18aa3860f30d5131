"""Writes the figures of a long run into docs/reliability.md: `python -m tests.reliability var/reliability.jsonl`, part of `make reliability`."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests import figures

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by make reliability -->", "<!-- end of figures -->"

Figures = dict[str, Any]


def render(noted: Sequence[Figures]) -> str:
    """The tables, as Markdown."""
    by_subject: dict[str, list[Figures]] = {}
    for figure in noted:
        by_subject.setdefault(figure["subject"], []).append(figure)
    tables = (
        _runs(by_subject.get("faults", [])),
        _kinds(by_subject.get("faults", [])),
        _floods(by_subject.get("flood", [])),
        _counts(by_subject.get("attack", [])),
        _enumeration(by_subject.get("enumeration", [])),
    )
    return "\n\n".join("\n".join(table) for table in map(list, tables) if table)


def write(page: Path, noted: Sequence[Figures]) -> None:
    """Put the tables between the two marks of the page."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{render(noted)}\n\n{END}{after}")


def _runs(runs: Sequence[Figures]) -> Iterator[str]:
    if runs:
        yield "| system | time | faults | sent | acked | promises broken | seed |"
        yield "|---|---|---|---|---|---|---|"
    for run in runs:
        system = f"{run['nodes']} {'node' if run['nodes'] == 1 else 'nodes'}, {_name(run['database'])}"
        broken = sum(run["violations"].values()) + run["complaints"]
        state = "" if not run["invalid"] else " (the run tells nothing)"
        faults = sum(run["kinds"].values())
        yield (
            f"| {system} | {run['seconds']:.0f} s | {faults:,} | {run['sent']:,} | {run['acked']:,} "
            f"| {broken}{state} | {run['seed']} |"
        )


def _name(database: str) -> str:
    return {"sqlite": "SQLite", "mariadb": "MariaDB and Redis"}.get(database, "MariaDB elsewhere")


def _kinds(runs: Sequence[Figures]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(run["kinds"])
    if counts:
        yield f"{counts.total():,} faults of {len(counts)} kinds: "
        yield ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())) + "."


def _floods(floods: Sequence[Figures]) -> Iterator[str]:
    if floods:
        yield "| hostile peers | for | attempts | bystanders' messages, all shown | their p99 | the node's memory grew by |"
        yield "|---|---|---|---|---|---|"
    for flood in floods:
        yield (
            f"| {flood['kind']} | {flood['seconds']} s | {flood['attempts']:,} | {flood['messages']:,} "
            f"| {flood['p99_ms']:.0f} ms | {flood['growth_kb'] / 1024:.1f} MiB |"
        )


def _counts(attacks: Sequence[Figures]) -> Iterator[str]:
    if attacks:
        yield "| attack | tried | got in |"
        yield "|---|---|---|"
    for attack in attacks:
        yield f"| {attack['kind']} | {attack['tried']:,} | {attack['got_in']} |"


def _enumeration(measured: Sequence[Figures]) -> Iterator[str]:
    if measured:
        yield "| request | samples of each | difference of the median cost | p by permutations |"
        yield "|---|---|---|---|"
    for one in measured:
        yield f"| {one['of']} | {one['samples']:,} | {one['difference']:.1%} | {one['p']:.2f} |"


if __name__ == "__main__":
    write(PAGE, figures.read(Path(sys.argv[1])))
