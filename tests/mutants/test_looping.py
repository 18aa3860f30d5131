"""A mutant that never ends is given up."""

import os
import subprocess
import sys

from tests.altered import REPOSITORY


def test_what_loops_for_ever_dies_after_so_much_computing() -> None:
    script = (
        "from tests.altered import run_altered\n"
        "sources = {'naivechat.domain.names': 'while True:\\n    pass\\n'}\n"
        "print(run_altered(sources, ['tests/unit/domain/test_names.py'], timeout_s=300, most_cpu_s=2).problem)"
    )
    # Lines of an altered module are no lines of ours: coverage must not count them.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("dies", "")
