"""`python -m tests.mutants`: makes mutants, runs the tests on each, and says which ones were not noticed.

It ends with status 1 when of a group less than LEAST are noticed, or a mutant lives that is not known to be equivalent.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import attrs

from tests import figures
from tests.altered import REPOSITORY, Verdict, load_heavy_modules, path_of, run_altered
from tests.mutants.equivalents import EQUIVALENTS
from tests.mutants.groups import GROUPS, ON_SQLITE, Group
from tests.mutants.operators import Mutant, mutants_of, mutated

LEAST = 0.85
"""How many of a group's mutants must be noticed, those that are equal to the original counted as not noticed."""

TIMEOUT_S = 60.0
"""For one round of tests, which take a few seconds: a mutant that waits for ever is noticed after so long."""

MOST_CPU_S = 10
"""For one round of tests, which compute for a second or two: a mutant that loops for ever is noticed after so much."""


@attrs.frozen(kw_only=True)
class Judged:
    """A mutant and what became of it: which test noticed, or "" where none did."""

    mutant: Mutant
    noticed_by: str

    @property
    def lives(self) -> bool:
        """Whether no test noticed."""
        return not self.noticed_by


def main() -> int:
    """Do what the command line says; give the exit status."""
    options = _options()
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    load_heavy_modules()
    chosen = [group for group in GROUPS if not options.groups or group.name in options.groups]
    are_good = [_try_group(group, options.only, options.jobs) for group in chosen]
    return 0 if all(are_good) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "groups", nargs="*", help=f"of {', '.join(group.name for group in GROUPS)}; all if none"
    )
    parser.add_argument("--only", default="", help="only mutants whose name has this in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    options = parser.parse_args()
    unknown = set(options.groups) - {group.name for group in GROUPS}
    if unknown:
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    return options


def _try_group(group: Group, only: str, jobs: int) -> bool:
    """Judge a group's mutants and say so; whether it is as it should be."""
    unchanged = run_altered({}, [*ON_SQLITE, *group.tests], timeout_s=600)
    if unchanged.problem or unchanged.failed or not unchanged.passed:
        _say(f"{group.name}: the tests are not green without a mutant: {_reason(unchanged)}")
        return False
    began_s = time.monotonic()
    sources = [(target, (REPOSITORY / path_of(target.module)).read_text()) for target in group.targets]
    judged: list[Judged] = []
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting = [
            pool.submit(_judge, mutant, source, target.rounds)
            for target, source in sources
            for mutant in mutants_of(target.module, source)
            if only in mutant.name
        ]
        for future in waiting:
            judged.append(future.result())
            if judged[-1].lives:
                _tell(judged[-1].mutant)
    return _report(group, judged, time.monotonic() - began_s)


def _judge(mutant: Mutant, source: str, rounds: Sequence[Sequence[str]]) -> Judged:
    sources = {mutant.module: mutated(source, mutant.number)}
    for files in rounds:
        verdict = run_altered(sources, ["-x", *ON_SQLITE, *files], timeout_s=TIMEOUT_S, most_cpu_s=MOST_CPU_S)
        if _reason(verdict):
            return Judged(mutant=mutant, noticed_by=_reason(verdict))
    return Judged(mutant=mutant, noticed_by="")


def _reason(verdict: Verdict) -> str:
    return verdict.failed[0] if verdict.failed else verdict.problem


def _tell(mutant: Mutant) -> None:
    known = EQUIVALENTS.get(mutant.name)
    _say(f"  lives{' (equal: ' + known + ')' if known else ''}: line {mutant.line}, {mutant.name}")


def _report(group: Group, judged: Sequence[Judged], took_s: float) -> bool:
    _say(f"{group.name}:")
    for target in group.targets:
        of_module = [one for one in judged if one.mutant.module == target.module]
        if of_module:
            _say(f"  {target.module:<45} {_figures(of_module)}")
    _say(f"  {'all':<45} {_figures(judged)}; {took_s:.0f} s")
    figures.note("mutants", of=group.name, tried=len(judged), noticed=sum(not one.lives for one in judged))
    unknown = [one for one in judged if one.lives and one.mutant.name not in EQUIVALENTS]
    wrong = [one.mutant.name for one in judged if not one.lives and one.mutant.name in EQUIVALENTS]
    for name in wrong:
        _say(f"  is noticed, so it is not equal: {name}")
    return not unknown and not wrong and _rate(judged) >= LEAST


def _figures(judged: Sequence[Judged]) -> str:
    living = [one for one in judged if one.lives]
    equal = sum(one.mutant.name in EQUIVALENTS for one in living)
    return f"{len(judged):>4} made, {len(living):>3} live, {equal:>3} of these equal: {_rate(judged):.1%} noticed"


def _rate(judged: Sequence[Judged]) -> float:
    return sum(not one.lives for one in judged) / len(judged) if judged else 1.0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # it is a program


if __name__ == "__main__":
    sys.exit(main())
