"""How workers are started: as this process was, but each as one node with a name, a log file and an admin port of its own."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from naivechat.settings import Settings
from naivechat.workers import WORKER_VARIABLE, WorkerPlan

LONGEST_NAME = 61
"""Characters of the name before the dash and the number."""

_RUN_TWISTD = "from twisted.scripts.twistd import run; run()"
_TAKEN_OVER = ("reactor", "rundir", "logger", "prefix")


def make_plans(
    settings: Settings,
    port: int | None,
    *,
    arguments: Sequence[str],
    twistd: Mapping[str, Any],
    environment: Mapping[str, str],
    folder: str,
) -> tuple[WorkerPlan, ...]:
    """A plan for each of `settings.workers`.

    Args:
        port: the one that all share; None where `settings.listen` names it.
        arguments: what was given behind `naivechat` on the command line.
        twistd: its options.
        folder: in which it was started, which file names are relative to.
    """
    plans = []
    for number in range(1, settings.workers + 1):
        name = f"{settings.node_name[:LONGEST_NAME]}-{number}"
        log = _log_arguments(twistd, number)
        own = _own_arguments(settings, port, name, number)
        command = (sys.executable, "-c", _RUN_TWISTD, "--nodaemon", "--pidfile=", *log)
        plans.append(
            WorkerPlan(
                name=name,
                command=(*command, "naivechat", *arguments, *own),
                environment={**environment, WORKER_VARIABLE: "1"},
                folder=folder,
            )
        )
    return tuple(plans)


def _own_arguments(settings: Settings, port: int | None, name: str, number: int) -> Iterator[str]:
    """Behind what all were given, which they take the place of."""
    yield from ("--workers", "1", "--shared-port", "--node-name", name)
    if port is not None:
        yield from ("--port", str(port))
    if settings.admin_port:
        yield from ("--admin-port", str(settings.admin_port + number - 1))


def _log_arguments(twistd: Mapping[str, Any], number: int) -> Iterator[str]:
    """To the terminal and to the system's log all write together; a file each rotates for itself."""
    for name in _TAKEN_OVER:
        if twistd.get(name):
            yield from (f"--{name}", str(twistd[name]))
    if twistd.get("syslog"):
        yield "--syslog"
    elif twistd.get("logfile") not in (None, "-") or not twistd.get("nodaemon"):
        file = Path(twistd.get("logfile") or "twistd.log")
        yield from ("--logfile", str(file.with_stem(f"{file.stem}-{number}")))
