"""How many nodes, and how much of everything else, so many people online need: `python -m bench.capacity`.

The arithmetic is in `bench.plan`, and every assumption of it is an option.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs

from bench.document import add_place
from bench.plan import Habits, Machines, Plan, full_at, plan
from bench.unit_costs import NotMeasured, UnitCosts, unit_costs

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_LIMITED = ("the database's commits", "the database's cores", "Redis")
"""What cannot be had more than once."""


def report(people: Sequence[int], costs: UnitCosts, habits: Habits, machines: Machines) -> str:
    """The table, and what is full when."""
    lines = table([plan(each, costs, habits, machines) for each in people])
    full = {part: full_at(part, costs, habits, machines) for part in _LIMITED}
    told = [f"{part} {people:,}" for part, people in sorted(full.items(), key=_first_full) if people]
    sentence = (
        f"People online when a part is full: {', '.join(told)}." if told else "Nothing is full at 10⁸ people."
    )
    return "\n".join([*lines, "", sentence])


def _first_full(part: tuple[str, int | None]) -> float:
    return part[1] or math.inf


def table(plans: Sequence[Plan]) -> Iterator[str]:
    """A Markdown table: a line a figure, a column a size."""
    yield f"| people online | {' | '.join(f'{each.flow.people:,}' for each in plans)} |"
    yield f"|---|{'---:|' * len(plans)}"
    for name, shown in _FIGURES:
        yield f"| {name} | {' | '.join(shown(each) for each in plans)} |"


_FIGURES: Sequence[tuple[str, Callable[[Plan], str]]] = (
    (
        "messages to friends / copies in groups, a second",
        lambda it: f"{it.flow.direct:,.0f} / {it.flow.copies:,.0f}",
    ),
    (
        "logins / notices of friends who come and go, a second",
        lambda it: f"{it.flow.logins:,.1f} / {it.flow.notices:,.0f}",
    ),
    ("nodes", lambda it: f"{it.nodes:,}"),
    ("… busy, % of a core each", lambda it: f"{100 * it.node_cores:.0f}"),
    ("… memory each, kernel's included, MB", lambda it: f"{it.node_bytes / 1e6:,.0f}"),
    ("Redis, % of its core", lambda it: f"{100 * it.redis_cores:.1f}"),
    ("database, cores kept busy", lambda it: f"{it.database_cores:.2f}"),
    ("… commits a second", lambda it: f"{it.commits_per_s:,.0f}"),
    ("… transactions that nodes read of, a second", lambda it: f"{it.news_per_s:,.0f}"),
    ("… messages a day, millions", lambda it: f"{it.records_a_day / 1e6:,.1f}"),
    ("… which need a day, GB", lambda it: f"{it.record_bytes_a_day / 1e9:,.2f}"),
    ("network of clients, Mbit/s", lambda it: f"{it.flow.bits / 1e6:,.1f}"),
    (
        "nearest to its limit, and how much of that is used",
        lambda it: f"{it.first}, {100 * it.parts[it.first]:.0f} %",
    ),
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument(
        "--json", type=Path, default=Path("bench/measured.json"), help="a run of the bench (%(default)s)"
    )
    parser.add_argument(
        "--people", type=int, nargs="+", default=SIZES, help="how many are online (%(default)s)"
    )
    add_place(parser, "docs/capacity.md#sizes")
    for kind in (Habits, Machines):
        for field in attrs.fields(kind):
            name = f"--{field.name.replace('_', '-')}"
            parser.add_argument(name, type=type(field.default), default=field.default, help="(%(default)s)")
    return parser.parse_args(arguments)


def main() -> None:
    """Print the table, or write it."""
    options = parse(sys.argv[1:])
    habits = Habits(**{field.name: getattr(options, field.name) for field in attrs.fields(Habits)})
    machines = Machines(**{field.name: getattr(options, field.name) for field in attrs.fields(Machines)})
    try:
        costs = unit_costs(json.loads(options.json.read_text()))
    except NotMeasured as error:
        sys.exit(f"bench.capacity: {error}")
    lines = report(options.people, costs, habits, machines)
    print(lines)
    if options.into:
        options.into.put(lines)


if __name__ == "__main__":
    main()
