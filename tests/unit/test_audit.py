"""What is said of a report of known faults, and that code and packages are really looked at."""

from typing import Any

import pytest

from tools import audit


def _package(name: str, **found: Any) -> dict[str, Any]:
    return {"name": name, "version": "1.0", **found}


@pytest.mark.parametrize(
    ("packages", "status", "line"),
    [
        ([_package("a", vulns=[]), _package("b", vulns=[])], 0, "2 of 2 packages have no known fault"),
        ([_package("a", vulns=[]), _package("b", skip_reason="?")], 0, "1 of 2 packages have no known fault"),
        (
            [_package("a", skip_reason="?")],
            0,
            "skipped, for nobody can be asked about known faults from here",
        ),
        ([], 0, "skipped, for nobody can be asked about known faults from here"),
        (
            [_package("a", vulns=[{"id": "X-1", "fix_versions": ["1.1", "2.0"]}]), _package("b", vulns=[])],
            1,
            "a 1.0 has X-1; mended in 1.1, 2.0",
        ),
        ([_package("a", vulns=[{"id": "X-1"}])], 1, "a 1.0 has X-1; mended in no version yet"),
    ],
)
def test_a_known_fault_fails_and_a_list_that_cannot_be_reached_does_not(
    packages: list[dict[str, Any]], status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.judge(packages) == status
    assert capsys.readouterr().out == f"pip-audit: {line}\n"
