"""How many mutants of the most important modules the tests notice: `python -m tests.proof.mutants`, or `make mutants`.

Neither mutmut nor cosmic-ray is used: each mutant is a process that is forked from one which has imported the libraries
already, and is given its module from memory; a mutant of the domain takes a second so, and no file is ever changed.
"""

import importlib
import os
import signal
import sys
import time
from collections import Counter
from random import Random

import attrs
import click
import pytest

from tests import figures
from tests.proof.mutations import Mutant, mutants_of
from tests.proof.other_source import import_otherwise, path_of

LONGEST_S = 120
LEAST = 0.85

LIBRARIES = ("cbor2", "hypothesis.strategies", "msgspec", "pycddl", "pymysql", "twisted.internet.testing")
"""Imported once for all mutants; none of them brings a reactor, which no two processes may share."""

_PROTOCOL = (
    "tests/attacks/test_corpus.py",
    "tests/unit/protocol/test_frame.py",
    "tests/unit/protocol/test_fields.py",
    "tests/unit/protocol/test_packets.py",
    "tests/unit/protocol/test_codec.py",
)
_RULES = (
    "tests/unit/domain/test_group.py",
    "tests/unit/domain/test_appending.py",
    "tests/unit/application/test_groups.py",
    "tests/unit/application/test_messages.py",
    "tests/attacks/test_matrix.py",
)
_LOG = (
    "tests/unit/infrastructure/test_message_log.py",
    "tests/contract/test_log.py",
    "tests/contract/test_groups.py",
    "tests/contract/test_agreement.py",
)


@attrs.frozen
class Subject:
    """Modules, and the tests that are to notice changes of them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


SUBJECTS: dict[str, Subject] = {
    "codec": Subject(
        tuple(f"naivechat.protocol.{name}" for name in ("codec", "conversion", "frame", "shape")), _PROTOCOL
    ),
    "authorisation": Subject(("naivechat.domain.group", "naivechat.domain.appending"), _RULES),
    "message log": Subject(
        ("naivechat.infrastructure.sql.message_log", "naivechat.infrastructure.sql.records"), _LOG
    ),
}
_IN_THIS_PROCESS = "not MariaDB and not database"


@click.command()
@click.option("--only", type=click.Choice(sorted(SUBJECTS)), help="One subject alone.")
@click.option("--sample", default=1.0, show_default=True, help="Share of the mutants, chosen at random.")
@click.option("--seed", default=1, show_default=True, help="Repeats a choice.")
def main(only: str | None, sample: float, seed: int) -> None:
    """Tell of each mutant that no test notices, and what share was noticed."""
    random, shares = Random(seed), {}
    for library in LIBRARIES:
        importlib.import_module(library)
    for name in [only] if only else SUBJECTS:
        counts = _try_all(SUBJECTS[name], random, sample)
        shares[name] = counts["noticed"] / max(1, counts.total())
        click.echo(
            f"{name}: {counts['noticed']} of {counts.total()} mutants were noticed, {shares[name]:.1%}"
        )
        figures.note("mutants", of=name, sample=sample, noticed=counts["noticed"], tried=counts.total())
    if min(shares.values()) < LEAST:
        sys.exit(1)


def _try_all(subject: Subject, random: Random, sample: float) -> Counter[str]:
    counts: Counter[str] = Counter()
    if _status(subject, "", None):
        click.echo("the tests fail without any mutant")
        sys.exit(1)
    for module in subject.modules:
        for mutant in mutants_of(path_of(module).read_text()):
            if random.random() >= sample:
                continue
            is_noticed = _status(subject, module, mutant) != 0
            counts["noticed" if is_noticed else "unnoticed"] += 1
            if not is_noticed:
                click.echo(f"  {module}:{mutant.line}: {mutant.what}")
    return counts


def _status(subject: Subject, module: str, mutant: Mutant | None) -> int:
    """How the tests end: 0 if none fails. What takes too long has been noticed."""
    child = os.fork()
    if not child:
        os.setsid()
        _be_mutant(subject, module, mutant)
    until_s = time.monotonic() + LONGEST_S
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        if time.monotonic() > until_s:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)


def _be_mutant(subject: Subject, module: str, mutant: Mutant | None) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    status = 1
    try:
        if mutant is not None:
            import_otherwise(module, mutant.tree)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-k", _IN_THIS_PROCESS]
        status = int(pytest.main([*options, *subject.tests]))
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
