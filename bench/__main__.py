"""The command line: `python -m bench`, or `make bench ARGS="…"`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import chatter, idle
from bench.idle import Idle
from bench.report import RELAYS, Figure, Row, as_json, as_markdown, describe_machine
from bench.site import Missing, site_of

WORKS = ("pairs", "group", "idle", "desktop")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "works", nargs="*", default=["pairs", "group"], help=f"of {', '.join(WORKS)} (pairs group)"
    )
    parser.add_argument(
        "--subjects",
        default="c-relay,relay,sqlite,mariadb,3-nodes",
        help="which, by commas; 2-nodes … are on MariaDB and Redis (%(default)s)",
    )
    parser.add_argument(
        "--seconds", type=float, default=10, help="how long each work is measured (%(default)s)"
    )
    parser.add_argument("--warm-up", type=float, default=2, help="seconds before that (%(default)s)")
    parser.add_argument(
        "--json", type=Path, default=Path("var/bench.json"), help="where JSON goes (%(default)s)"
    )
    _add_sizes(parser)
    options = parser.parse_args(arguments)
    if unknown := set(options.works) - set(WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    try:
        options.sites = {subject: site_of(subject) for subject in options.subjects.split(",")}
    except ValueError as error:
        parser.error(str(error))
    return options


def _add_sizes(parser: argparse.ArgumentParser) -> None:
    whole, figures = int, float
    for name, kind, default, meaning in (
        ("--pairs", whole, 50, "pairs: how many; the group has twice as many members"),
        ("--in-flight", whole, 8, "saturated: messages on their way a pair, and in the group"),
        ("--text-bytes", whole, 100, "length of a message"),
        ("--rate", figures, 500, "fixed rate: messages a second in all pairs"),
        ("--group-rate", figures, 20, "fixed rate: messages a second in the group"),
        ("--connections", whole, 10_000, "idle: how many"),
        ("--idle-seconds", figures, 30, "idle: how long they rest"),
        ("--back", whole, 5_000, "idle: how many come back after kill -9"),
        ("--starts", whole, 7, "desktop: how often the program is started, of each kind"),
        ("--rest-seconds", figures, 20, "desktop: how long it is watched at rest"),
        ("--minutes", whole, 60, "desktop: how much chat it lives through, much faster than people chat"),
    ):
        parser.add_argument(name, type=kind, default=default, help=f"{meaning} (%(default)s)")


def measure(subject: str, options: argparse.Namespace, rows: list[Row], idles: list[Idle]) -> tuple[str, ...]:
    """All works that are wanted and that a subject can do, the idle ones on a fresh one; the versions of its servers."""
    versions: tuple[str, ...] = ()
    if {"pairs", "group"} & set(options.works):
        with options.sites[subject]() as site:
            rows += chatter.measure(subject, site, options.works, options)
            versions = site.versions
    if "idle" in options.works and subject not in (*RELAYS, "sqlite"):
        idle.allow_files(options.connections + idle.OTHER_FILES)
        with options.sites[subject]() as site:
            idles.append(idle.measure(subject, site, options))
            versions = site.versions
    return versions


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
    """Measure what is asked for; the tables go to standard output."""
    options = parse(sys.argv[1:])
    rows: list[Row] = []
    idles: list[Idle] = []
    figures: list[Figure] = []
    versions: dict[str, None] = {}
    subjects = list(options.sites) if {"pairs", "group", "idle"} & set(options.works) else []
    subjects += ["desktop"] if "desktop" in options.works else []
    for subject in subjects:
        print(f"measuring {subject} …", file=sys.stderr)
        try:
            if subject == "desktop":
                figures += measure_desktop(options)
            else:
                versions.update(dict.fromkeys(measure(subject, options, rows, idles)))
        except Missing as reason:
            print(f"{subject} is left out: {reason}", file=sys.stderr)
    machine = describe_machine(tuple(versions))
    command = " ".join(["python -m bench", *sys.argv[1:]])
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(as_json(rows, idles, machine, command, figures), indent=2) + "\n")
    print(as_markdown(rows, idles, machine, figures))


if __name__ == "__main__":
    main()
