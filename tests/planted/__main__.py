"""`python -m tests.planted [NAME …]`: plants each bug, and says whether the tests that are named for it have noticed.

It ends with status 1 when a test of a bug is red without it, or not red with it.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence

from tests import figures
from tests.altered import load_heavy_modules
from tests.planted.bug import Bug, not_passed, run_without_bug
from tests.planted.bugs import BUGS

TIMEOUT_S = 300.0
"""For the tests of one bug; those of MariaDB and Redis start a server first."""


def main() -> int:
    """Do what the command line says; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a bug; all if none")
    names = parser.parse_args().names
    unknown = set(names) - {bug.name for bug in BUGS}
    if unknown:
        parser.error(f"there is no bug {', '.join(sorted(unknown))}")
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    load_heavy_modules()
    return 0 if _plant_all([bug for bug in BUGS if bug.name in names or not names]) else 1


def _plant_all(bugs: Sequence[Bug]) -> bool:
    began_s = time.monotonic()
    unchanged = run_without_bug(bugs, timeout_s=len(bugs) * TIMEOUT_S)
    red = not_passed(unchanged, bugs)
    if red or unchanged.problem:
        _say("Without any bug these do not pass:", *red, unchanged.problem)
        return False
    _say(f"{len(unchanged.passed)} tests pass without a bug.")
    noticed = [_plant(bug) for bug in bugs]
    _say(
        f"{sum(noticed)} of {len(bugs)} bugs were noticed by every test named for them; {time.monotonic() - began_s:.0f} s"
    )
    figures.note("planted", tried=len(bugs), noticed=sum(noticed))
    return all(noticed)


def _plant(bug: Bug) -> bool:
    unnoticed = bug.unnoticed_by(TIMEOUT_S)
    _say(f"{'NOT NOTICED' if unnoticed else 'noticed':<12} {bug.name:<34} {bug.what}")
    for test in bug.tests:
        _say(f"    {'not red' if test in unnoticed else 'red':<9}{test}")
    return not unnoticed


def _say(*lines: str) -> None:
    print(*(line for line in lines if line), sep="\n    ", flush=True)  # noqa: T201  # it is a program


if __name__ == "__main__":
    sys.exit(main())
