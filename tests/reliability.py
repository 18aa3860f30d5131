"""Writes the figures of long runs into docs/reliability.md, as `make reliability` does: `python -m tests.reliability var/reliability`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from tests import fault_tables, figures

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by make reliability -->", "<!-- end of figures -->"

PARTS = ("faults", "attacks", "planted", "mutants")
"""What a release is asked; `make reliability` keeps the figures of each in a file of its own."""

Figures = dict[str, Any]


def render(noted: Sequence[Figures]) -> str:
    """The tables, as Markdown."""
    by_subject: dict[str, list[Figures]] = {}
    for figure in noted:
        by_subject.setdefault(figure["subject"], []).append(figure)
    runs, unfinished = by_subject.get("faults", []), by_subject.get("faults-unfinished", [])
    tables = (
        fault_tables.sums(runs, unfinished),
        fault_tables.failures(runs, unfinished),
        fault_tables.costs(runs),
        fault_tables.kinds(runs),
        _floods(by_subject.get("flood", [])),
        _counts(by_subject.get("attack", [])),
        _enumeration(by_subject.get("enumeration", [])),
        _planted(by_subject.get("planted", [])),
        _mutants(by_subject.get("mutants", [])),
    )
    return "\n\n".join("\n".join(table) for table in map(list, tables) if table)


def write(page: Path, noted: Sequence[Figures]) -> None:
    """Put the tables between the two marks of the page."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{render(noted)}\n\n{END}{after}")


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


def _planted(runs: Sequence[Figures]) -> Iterator[str]:
    for run in runs:
        yield f"{run['noticed']} of {run['tried']} planted bugs were noticed by every test that is named for them."


def _mutants(subjects: Sequence[Figures]) -> Iterator[str]:
    if subjects:
        yield "| code | mutants tried | noticed |"
        yield "|---|---|---|"
    for one in subjects:
        yield f"| {one['of']} | {one['tried']:,} | {one['noticed']:,} ({one['noticed'] / one['tried']:.1%}) |"


def main(paths: Sequence[str]) -> None:
    """Write the document from these files, or from a folder once it holds all of PARTS; else say what is not there yet."""
    files = [Path(path) for path in paths]
    if len(files) == 1 and files[0].is_dir():
        files = [files[0] / f"{part}.jsonl" for part in PARTS]
        missing = ", ".join(file.name for file in files if not file.exists())
        if missing:
            click.echo(f"no figures yet in {missing}: {PAGE.name} stays as it was")
            return
    write(PAGE, [figure for file in files for figure in figures.read(file)])


if __name__ == "__main__":
    main(sys.argv[1:])
