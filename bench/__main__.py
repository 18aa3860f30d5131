"""The command line: `python -m bench`, or `make bench ARGS="…"`."""

import argparse
import functools
import json
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from bench.document import add_place
from bench.report import Figure, Results, as_json, as_markdown, describe_machine
from bench.site import Missing, site_of
from bench.works import WORKS, measure

_DEFAULT_WORKS = [work for work in WORKS if work != "desktop"]


def _whole_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


_SIZES: Sequence[tuple[str, Callable[[str], object], object, str]] = (
    ("--seconds", float, 5, "how long people write in each work"),
    ("--warm-up", float, 1, "seconds before that"),
    ("--pairs", int, 50, "pairs: how many; the group has twice as many members"),
    ("--many-pairs", int, 1_000, "many-pairs: how many"),
    ("--large-group", int, 1_000, "large-group: members, an even number"),
    ("--in-flight", int, 8, "saturated: messages on their way a pair, and in the group"),
    ("--text-bytes", int, 100, "length of a message"),
    ("--rate", float, 500, "fixed rate: messages a second in all pairs"),
    ("--group-rate", float, 20, "fixed rate: messages a second in the group"),
    ("--offline", int, 10_000, "offline: messages to somebody who is not there"),
    ("--passwords", int, 200, "logins: people who log in by password"),
    ("--password-rate", float, 20, "logins: people a second who log in by password beside a chat"),
    ("--logins", int, 2_000, "logins: people who log in by token"),
    ("--rich-talks", int, 500, "rich: talks of somebody, the groups' among them"),
    ("--rich-friends", int, 2_000, "rich: friends"),
    ("--rich-groups", int, 50, "rich: groups"),
    ("--searched", int, 100_000, "rich: people to search among"),
    ("--stored", _whole_numbers, "10000,1000000", "growth: messages that were stored before, by commas"),
    ("--growth-pairs", _whole_numbers, "10,100,1000", "growth: pairs, by commas"),
    ("--connections", int, 2_000, "idle: how many"),
    ("--idle-seconds", float, 20, "idle: how long they rest"),
    ("--back", int, 2_000, "idle: how many come back after kill -9"),
    ("--starts", int, 7, "desktop: how often the program is started, of each kind"),
    ("--rest-seconds", float, 20, "desktop: how long it is watched at rest"),
    ("--minutes", int, 60, "desktop: how much chat it lives through, much faster than people chat"),
)
"""Options, their types and defaults, and what they are about."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "works", nargs="*", default=_DEFAULT_WORKS, help=f"of {', '.join(WORKS)} (all but desktop)"
    )
    parser.add_argument(
        "--subjects",
        default="c-relay,relay,sqlite,mariadb,2-nodes",
        help="which, by commas; 2-nodes … are on MariaDB and Redis (%(default)s)",
    )
    add_outputs(parser, "var/bench.json")
    add_sizes(parser, [name for name, *_ in _SIZES])
    options = parser.parse_args(arguments)
    if unknown := set(options.works) - set(WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    try:
        options.sites = {subject: site_of(subject) for subject in options.subjects.split(",")}
    except ValueError as error:
        parser.error(str(error))
    return options


def add_outputs(parser: argparse.ArgumentParser, default: str) -> None:
    """The options that say where a report goes."""
    parser.add_argument(
        "--json",
        type=Path,
        default=Path(default),
        help="where JSON goes; the tables go beside it, as .md, if not into a document (%(default)s)",
    )
    add_place(parser, "docs/performance.md#everything")


def add_sizes(parser: argparse.ArgumentParser, names: Collection[str]) -> None:
    """Those of the options by which works are made bigger and smaller."""
    for name, kind, default, meaning in _SIZES:
        if name in names:
            parser.add_argument(name, type=kind, default=default, help=f"{meaning} (%(default)s)")


def measure_desktop(options: argparse.Namespace) -> list[Figure]:
    """The desktop client on screens of its own.

    Raises:
        Missing: this machine has no tkinter, no Xvfb or no Openbox.
    """
    try:
        # A server has no tkinter, and needs none for the other works.
        from bench.desktop import measure as measure_all
    except ImportError as error:
        raise Missing("this Python has no tkinter, or lacks packages of the desktop client") from error
    return measure_all(options)


def main() -> None:
    """Measure what is asked for; the tables go to standard output, too."""
    options = parse(sys.argv[1:])
    results = Results()
    for subject in options.sites:
        unless_missing(subject, functools.partial(measure, subject, options, results))
    if "desktop" in options.works:
        unless_missing("desktop", lambda: results.figures.extend(measure_desktop(options)))
    write_report(results, "python -m bench", options)


def write_report(results: Results, program: str, options: argparse.Namespace) -> None:
    """To the files that the options name, and to standard output."""
    machine = describe_machine(results.versions)
    command = " ".join([program, *sys.argv[1:]])
    settings = _sizes(options)
    report = as_markdown(results, machine, command, settings)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(as_json(results, machine, command, settings), indent=2) + "\n")
    print(report)
    if options.into:
        options.into.put(report)
    else:
        options.json.with_suffix(".md").write_text(report + "\n")


def unless_missing(subject: str, run: Callable[[], object]) -> None:
    """Measure a subject, if what it needs is there."""
    print(f"measuring {subject} …", file=sys.stderr)
    try:
        run()
    except Missing as reason:
        print(f"{subject} is left out: {reason}", file=sys.stderr)


def _sizes(options: argparse.Namespace) -> dict[str, object]:
    return {name: value for name, value in vars(options).items() if name not in ("sites", "json", "into")}


if __name__ == "__main__":
    main()
