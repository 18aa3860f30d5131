"""Many runs in sequence: what all of them did, and what becomes of those that fail."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests import figures
from tests.soak import suite
from tests.soak.suite import FAILED, FEWEST_KINDS, PASSED, SYSTEMS, run, summary

KINDS = {f"kind-{number}": 1 for number in range(FEWEST_KINDS)}


def noted(**more: Any) -> dict[str, Any]:
    return {"subject": "faults", "kinds": KINDS, "acked": 10, **more}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where figures go."""
    path = tmp_path / "figures.jsonl"
    monkeypatch.setenv("NAIVECHAT_FIGURES", str(path))
    return path


def ending(monkeypatch: pytest.MonkeyPatch, status: int, notes: bool) -> list[list[str]]:
    """Runs that end like this; their command lines."""
    commands: list[list[str]] = []

    def end(command: list[str]) -> int:
        commands.append(command)
        if notes:
            figures.note(**noted())
        return status

    monkeypatch.setattr(suite, "carry_out", end)
    return commands


def test_kinds_and_acks_of_all_runs_are_added() -> None:
    lines = list(summary([noted(), noted(), {"subject": "attack"}], []))
    assert lines[0].startswith(f"{FEWEST_KINDS} kinds of faults, {2 * FEWEST_KINDS} in all")
    assert lines[1:] == ["20 messages acked in 2 runs", PASSED]


def test_one_run_that_failed_fails_all_and_is_named() -> None:
    assert list(summary([noted(), noted()], ["seed 5: its history"]))[2:] == ["seed 5: its history", FAILED]


def test_too_few_kinds_of_faults_fail() -> None:
    assert list(summary([noted(kinds={"kill-node": 500})], []))[-1] == FAILED


def test_a_run_that_passes_says_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, 0, notes=True)
    assert list(run(SYSTEMS[0], 20, path, [])) == []


def test_a_run_that_fails_tells_where_its_history_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = ending(monkeypatch, 1, notes=True)
    (says,) = run(SYSTEMS[0], 20, path, [])
    (command,) = commands
    assert command[command.index("--history") + 1] in says
    assert command[command.index("--seed") + 1] in says


def test_a_run_that_ends_before_it_is_judged_is_noted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, -9, notes=False)
    (says,) = run(SYSTEMS[2], 20, path, [])
    assert "status -9" in says
    (figure,) = figures.read(path)
    assert (figure["subject"], figure["nodes"], figure["status"]) == ("faults-unfinished", 3, -9)


def test_every_run_has_a_seed_of_its_own(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = ending(monkeypatch, 0, notes=True)
    for _ in range(5):
        list(run(SYSTEMS[1], 20, path, []))
    assert len({command[command.index("--seed") + 1] for command in commands}) > 1


def test_the_status_of_a_run_is_what_its_process_ended_with() -> None:
    assert suite.carry_out([sys.executable, "-c", "raise SystemExit(3)"]) == 3
