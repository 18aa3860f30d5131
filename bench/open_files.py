"""How many files processes may have open: a connection is one, here and at a node."""

import argparse
import resource
from collections.abc import Callable, Collection, Mapping

_OTHERS = 256
"""Beside connections: databases, logs, libraries, and connections of works before."""


class TooMany(Exception):
    """The system allows a process fewer open files than there are to be connections."""


def allow_files(options: argparse.Namespace, works: Collection[str]) -> None:
    """Let this process, and those it starts, open as many files as the largest of these works needs.

    Raises:
        TooMany.
    """
    most = max((count(options) for work, count in _CONNECTIONS.items() if work in works), default=0)
    wanted = most + 2 * options.pairs + _OTHERS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise TooMany(f"{wanted} open files are needed, {hard} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_CONNECTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "pairs": lambda options: 2 * options.pairs,
    "many-pairs": lambda options: 2 * options.many_pairs,
    "large-group": lambda options: int(options.large_group),
    "growth": lambda options: 2 * max(options.pairs, *options.growth_pairs),
    "idle": lambda options: int(options.connections),
    "presence": lambda options: int(options.logins),
}
