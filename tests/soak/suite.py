"""All kinds of faults on one node with SQLite, one with MariaDB and three: `python -m tests.soak.suite --minutes 5`, or `make faults`."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

from tests import figures

SYSTEMS = (("--db", "sqlite", "--people", "5"), ("--nodes", "1"), ("--nodes", "3"))
SHARES = (0.2, 0.2, 0.6)
"""Of the time, for each of the systems."""

FEWEST_KINDS = 19


@click.command()
@click.option("--minutes", default=5.0, show_default=True, help="How long in all.")
@click.option(
    "--patience", default=0.4, show_default=True, help="Scales how long each fault lasts; 1 for a night."
)
@click.option("--rate", default=30.0, show_default=True, help="Messages a second in all.")
def main(minutes: float, patience: float, rate: float) -> None:
    """Run one after the other; the end tells how many faults of which kinds there were."""
    noted = Path(os.environ.get("NAIVECHAT_FIGURES") or tempfile.mkstemp(prefix="naivechat-figures-")[1])
    before = len(figures.read(noted)) if noted.exists() else 0
    failed = 0
    for system, share in zip(SYSTEMS, SHARES, strict=True):
        seconds = max(20.0, 60 * minutes * share)
        command = [
            sys.executable,
            "-m",
            "tests.soak",
            *system,
            "--seconds",
            str(seconds),
            "--rate",
            str(rate),
        ]
        command += ["--patience", str(patience), "--calm", "0.5", "2", "--at-once", "2"]
        failed += subprocess.run(
            command, env={**os.environ, "NAIVECHAT_FIGURES": str(noted)}, check=False
        ).returncode
    kinds: Counter[str] = Counter()
    for run in figures.read(noted)[before:]:
        kinds.update(run["kinds"])
    click.echo(f"{len(kinds)} kinds of faults, {kinds.total()} in all: {', '.join(sorted(kinds))}")
    if failed or len(kinds) < FEWEST_KINDS:
        click.echo("FAILED")
        sys.exit(1)
    click.echo("PASSED")


if __name__ == "__main__":
    main()
