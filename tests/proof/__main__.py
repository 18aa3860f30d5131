"""Run tests with a bug: `python -m tests.proof "no uniqueness" tests/unit/domain/test_appending.py`."""

import sys

import pytest

from tests.proof.bugs import BUGS
from tests.proof.other_source import import_otherwise


def main() -> None:
    """The status is pytest's: 1 when a test failed, as one must."""
    name, *tests = sys.argv[1:]
    bug = BUGS[name]
    import_otherwise(bug.module, bug.source)
    quiet = ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "--no-cov"]
    sys.exit(pytest.main([*quiet, *(tests or bug.tests)]))


if __name__ == "__main__":
    main()
