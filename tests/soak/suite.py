"""All kinds of faults on one node with SQLite, one with MariaDB and three, again and again: `python -m tests.soak.suite --minutes 60`, or `make faults`."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import SystemRandom
from time import monotonic
from typing import Any

import attrs
import click

from tests import figures


@attrs.frozen(kw_only=True)
class SystemPlan:
    """One of the systems: its name and nodes in the figures, its part of a round's time, and what `tests.soak` is told."""

    database: str
    nodes: int
    share: float
    options: tuple[str, ...]


_ALONE = ("--people", "6", "--calm", "1", "4")
"""Where nearly every fault stops everything, so that there would be hardly a message in between."""
_TOGETHER = ("--people", "8", "--calm", "0.5", "2")

SYSTEMS = (
    SystemPlan(database="sqlite", nodes=1, share=0.2, options=("--db", "sqlite", *_ALONE)),
    SystemPlan(database="mariadb", nodes=1, share=0.2, options=("--nodes", "1", *_ALONE)),
    SystemPlan(database="mariadb", nodes=3, share=0.6, options=("--nodes", "3", *_TOGETHER)),
)
ROUND_MINUTES = 7.0
"""Of faults at most, in all systems together: the history of one's share is judged within seconds, and takes below 1 GiB of memory."""

SHORTEST_RUN_S = 20.0
FEWEST_KINDS = 19
HISTORIES = Path("var/soak")

PASSED, FAILED = "PASSED", "FAILED"

_ALWAYS = ("--at-once", "2", "--group-share", "0.1", "--lead-s", "6")


@click.command()
@click.option("--minutes", default=5.0, show_default=True, help="Rounds begin until so long after the first.")
@click.option("--patience", default=0.4, show_default=True, help="Scales how long each fault lasts.")
@click.option("--rate", default=1000.0, show_default=True, help="Messages a second in all.")
def main(minutes: float, patience: float, rate: float) -> None:
    """Run the systems one after the other, each time with another seed; a broken promise stops none of the others.

    The end tells how many faults of which kinds there were, and where the histories of runs that failed are.
    """
    noted = Path(os.environ.get("NAIVECHAT_FIGURES") or tempfile.mkstemp(prefix="naivechat-figures-")[1])
    os.environ["NAIVECHAT_FIGURES"] = str(noted)
    before = len(figures.read(noted)) if noted.exists() else 0
    until_s = monotonic() + 60 * minutes
    failed: list[str] = []
    while True:
        for system in SYSTEMS:
            seconds = max(SHORTEST_RUN_S, 60 * min(minutes, ROUND_MINUTES) * system.share)
            failed += run(system, seconds, noted, ["--patience", str(patience), "--rate", str(rate)])
        if monotonic() >= until_s:
            break
    lines = tuple(summary(figures.read(noted)[before:], failed))
    click.echo("\n".join(lines))
    sys.exit(lines[-1] != PASSED)


def run(system: SystemPlan, seconds: float, noted: Path, options: Sequence[str]) -> Iterator[str]:
    """One run; a sentence if it failed. One that ends without a word in `noted` is noted as such."""
    seed = SystemRandom().randrange(1_000_000)
    history = HISTORIES / str(seed) / "history.gz"
    command = [sys.executable, "-m", "tests.soak", *system.options, *_ALWAYS, *options]
    command += ["--seconds", str(seconds), "--seed", str(seed), "--history", str(history)]
    before = _size(noted)
    status = carry_out(command)
    if status and _size(noted) == before:
        figures.note(
            "faults-unfinished", database=system.database, nodes=system.nodes, seed=seed, status=status
        )
        yield f"seed {seed}: the run ended with status {status} before it was judged"
    elif status:
        yield f"seed {seed}: {history}, and the nodes' logs beside it"


def carry_out(command: Sequence[str]) -> int:
    """A program's status when it has ended. Ctrl-C ends it in order, so that it leaves no server and no folder behind."""
    with subprocess.Popen(command) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise


def summary(noted: Sequence[dict[str, Any]], failed: Sequence[str]) -> Iterator[str]:
    """What all runs together did, PASSED or FAILED last."""
    runs = [figure for figure in noted if figure["subject"] == "faults"]
    kinds: Counter[str] = Counter()
    for one in runs:
        kinds.update(one["kinds"])
    yield f"{len(kinds)} kinds of faults, {kinds.total()} in all: {', '.join(sorted(kinds))}"
    yield f"{sum(one['acked'] for one in runs)} messages acked in {len(runs)} runs"
    yield from failed
    yield FAILED if failed or len(kinds) < FEWEST_KINDS else PASSED


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


if __name__ == "__main__":
    main()
