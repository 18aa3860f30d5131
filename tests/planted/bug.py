"""A bug: what is wrong, which words of which module make it, and who must notice."""

from collections.abc import Sequence

import attrs

from tests.altered import REPOSITORY, Verdict, path_of, run_altered


@attrs.frozen(kw_only=True)
class Bug:
    """A bug that somebody might write.

    what: what users would suffer. module, right, wrong: where, and which words take the place of which; `right` stands there once.
    tests: node ids, of which each must fail.
    """

    name: str
    what: str
    module: str
    right: str
    wrong: str
    tests: tuple[str, ...]

    def source(self) -> str:
        """The module with the bug in it.

        Raises:
            ValueError: the words are not there, or more than once: the code has changed, and the bug is to be planted anew.
        """
        text = (REPOSITORY / path_of(self.module)).read_text()
        found = text.count(self.right)
        if found != 1:
            raise ValueError(f"{self.name}: {self.module} has its words {found} times, not once")
        return text.replace(self.right, self.wrong)

    def missing_tests(self) -> tuple[str, ...]:
        """Those of `tests` that no file has."""
        return tuple(test for test in self.tests if not _is_there(test))

    def unnoticed_by(self, timeout_s: float) -> tuple[str, ...]:
        """Plant it and run its tests; those that did not fail."""
        verdict = run_altered({self.module: self.source()}, self.tests, timeout_s=timeout_s)
        return tuple(test for test in self.tests if not _is_among(test, verdict.failed))


def _is_there(test: str) -> bool:
    path, *classes, function = test.split("::")
    file = REPOSITORY / path
    text = file.read_text() if file.is_file() else ""
    return f"def {function}(" in text and all(f"class {name}(" in text for name in classes)


def run_without_bug(bugs: Sequence[Bug], timeout_s: float) -> Verdict:
    """Run the tests of all bugs on the code as it is."""
    return run_altered({}, sorted({test for bug in bugs for test in bug.tests}), timeout_s=timeout_s)


def not_passed(verdict: Verdict, bugs: Sequence[Bug]) -> tuple[str, ...]:
    """The tests of bugs that failed, or did not run: a server is not there."""
    tests = sorted({test for bug in bugs for test in bug.tests})
    return tuple(
        test for test in tests if _is_among(test, verdict.failed) or not _is_among(test, verdict.passed)
    )


def _is_among(test: str, node_ids: Sequence[str]) -> bool:
    return any(node_id == test or node_id.startswith(f"{test}[") for node_id in node_ids)
