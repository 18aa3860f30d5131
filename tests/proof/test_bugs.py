"""Each planted bug turns each of its tests red: all of them with NAIVECHAT_PROOF=1, as `make proof` has it, else those of a few."""

import os
import subprocess
import sys

import pytest

from tests.proof.bugs import BUGS, IN_SHORT
from tests.servers import REPOSITORY

ALL = os.environ.get("NAIVECHAT_PROOF") == "1"
FOUND = [
    pytest.param(name, test, id=f"{name}: {test}")
    for name, bug in BUGS.items()
    for test in bug.tests
    if ALL or name in IN_SHORT
]
A_TEST_FAILED = 1


@pytest.mark.parametrize(("name", "test"), FOUND)
def test_a_planted_bug_turns_its_test_red(name: str, test: str) -> None:
    command = [sys.executable, "-m", "tests.proof", name, test]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == A_TEST_FAILED, done.stdout
    assert " failed" in done.stdout, done.stdout


@pytest.mark.parametrize("name", BUGS)
def test_what_a_bug_breaks_is_there_to_be_broken(name: str) -> None:
    assert BUGS[name].source
