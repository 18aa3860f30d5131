"""Planted bugs: that all can be planted, and that a few, one of each kind, are noticed; `make planted` plants all."""

import os
import subprocess
import sys

import attrs
import pytest

from tests.altered import REPOSITORY, AlteredModules
from tests.planted.bug import Bug
from tests.planted.bugs import BUGS

FEW = (
    "gap-after-refusal",
    "no-uniqueness",
    "ack-before-commit",
    "pushed-twice",
    "membership-not-asked-to-write",
    "who-left-reads-on",
    "tokens-outlive-a-new-password",
    "wildcards-not-escaped",
    "frames-without-end",
    "old-socket-unbinds-new",
    "served-without-a-login",
    "not-subscribed-again",
)


def planting(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Plant in a process of its own: in this one, what is to be another has been imported."""
    # Lines of an altered module are no lines of ours: coverage must not count them.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_fits_the_code_and_names_tests_that_are_there(bug: Bug) -> None:
    compile(bug.source(), bug.module, "exec")
    assert bug.right != bug.wrong
    assert bug.tests
    assert bug.missing_tests() == ()


def test_bugs_have_names_of_their_own() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS)


def test_a_few_bugs_of_each_kind_turn_their_tests_red() -> None:
    done = planting("-m", "tests.planted", *FEW)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(FEW)} of {len(FEW)} bugs were noticed" in done.stdout


def test_a_bug_that_no_test_notices_is_told_of() -> None:
    unnoticing = "tests/unit/domain/test_talk.py::test_both_friends_name_the_same_log"
    script = (
        "from tests.planted.bug import Bug\n"
        "bug = Bug(name='none', what='', module='naivechat.domain.names', right='LONGEST_NAME = 32',\n"
        f"          wrong='LONGEST_NAME = 16 + 16', tests=({unnoticing!r},))\n"
        "print(bug.unnoticed_by(60))"
    )
    assert planting("-c", script).stdout.strip() == f"({unnoticing!r},)"


def test_a_bug_whose_words_are_not_there_once_is_refused() -> None:
    for words in ("no such words", "def "):
        with pytest.raises(ValueError, match="not once"):
            attrs.evolve(BUGS[0], right=words).source()


def test_a_test_that_is_not_there_is_named() -> None:
    away = ("tests/unit/test_rooms.py::TestNone::test_none", "tests/none.py::test_none")
    assert attrs.evolve(BUGS[0], tests=away).missing_tests() == away


def test_a_module_that_was_imported_already_cannot_be_another_one() -> None:
    with pytest.raises(ValueError, match=r"imported already: tests\.planted\.bugs"):
        AlteredModules({"tests.planted.bugs": ""})
