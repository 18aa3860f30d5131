"""The command line: `python -m bench`, or `make bench ARGS="…"`."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.cpu import CpuClock
from bench.load import Load, Measured
from bench.node import SUBJECTS, Subject, has_mariadb
from bench.people import names_of
from bench.report import Row, as_json, as_markdown, describe_machine, percentile_ms

SATURATED, TRICKLED = "saturated", "fixed rate"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--subjects", default="relay,sqlite,mariadb", help="which, by commas (%(default)s)")
    parser.add_argument("--pairs", type=int, default=50, help="pairs of people (%(default)s)")
    parser.add_argument("--in-flight", type=int, default=8, help="messages on their way a pair (%(default)s)")
    parser.add_argument("--text-bytes", type=int, default=100, help="length of a message (%(default)s)")
    parser.add_argument(
        "--rate", type=float, default=500, help="messages a second at a fixed rate (%(default)s)"
    )
    parser.add_argument(
        "--seconds", type=float, default=10, help="how long each work is measured (%(default)s)"
    )
    parser.add_argument("--warm-up", type=float, default=2, help="seconds before that (%(default)s)")
    parser.add_argument(
        "--json", type=Path, default=Path("var/bench.json"), help="where JSON goes (%(default)s)"
    )
    return parser.parse_args(arguments)


def measure(subject_name: str, subject: Subject, options: argparse.Namespace) -> list[Row]:
    """Both works on a subject that has started."""
    names = names_of(options.pairs)
    rows = []
    for work in (SATURATED, TRICKLED):
        clock = CpuClock({**subject.pids, "generator": os.getpid()})
        load = Load(subject.sockets, names, text_bytes=options.text_bytes, at_marks=clock.mark)
        measured = _run(load, work, options)
        load.settle()
        rows.append(_row(subject_name, work, measured, clock.between_marks_us()))
    return rows


def _run(load: Load, work: str, options: argparse.Namespace) -> Measured:
    if work == SATURATED:
        return load.saturate(
            in_flight=options.in_flight, warm_up_s=options.warm_up, measured_s=options.seconds
        )
    return load.trickle(per_second=options.rate, warm_up_s=options.warm_up, measured_s=options.seconds)


def _row(subject: str, work: str, measured: Measured, used_us: Mapping[str, int]) -> Row:
    return Row(
        subject=subject,
        work=work,
        delivered=measured.delivered,
        per_second=measured.delivered / measured.seconds,
        ack_p50_ms=percentile_ms(measured.acked_after_s, 50),
        ack_p99_ms=percentile_ms(measured.acked_after_s, 99),
        delivery_p50_ms=percentile_ms(measured.delivered_after_s, 50),
        delivery_p99_ms=percentile_ms(measured.delivered_after_s, 99),
        cpu_us={name: us / max(measured.delivered, 1) for name, us in used_us.items()},
    )


def main() -> None:
    """Measure what is asked for; the table goes to standard output."""
    options = parse(sys.argv[1:])
    rows: list[Row] = []
    versions: list[str] = []
    for name in options.subjects.split(","):
        if name == "mariadb" and not has_mariadb():
            print("MariaDB is not installed: left out", file=sys.stderr)
            continue
        print(f"measuring {name} …", file=sys.stderr)
        with SUBJECTS[name](names_of(options.pairs)) as subject:
            rows += measure(name, subject, options)
            versions += [subject.version] if subject.version else []
    machine = describe_machine(versions)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps(as_json(rows, machine, " ".join(["python -m bench", *sys.argv[1:]])), indent=2) + "\n"
    )
    print(as_markdown(rows, machine))


if __name__ == "__main__":
    main()
