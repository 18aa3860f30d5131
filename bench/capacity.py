"""How many nodes, and how much of everything else, so many people online need: `python -m bench.capacity`.

The arithmetic is in `plan`; what it starts from is measured (`bench.unit_costs`) or assumed (`Habits`, `Machines`), and every
assumption is an option.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from bench.document import add_place
from bench.traffic import bytes_a_copy, bytes_a_heartbeat, bytes_a_message
from bench.unit_costs import BUSY_TRANSACTIONS_PER_S, NotMeasured, UnitCosts, unit_costs

MOST_NODES = 1_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_HEARTBEAT_S = 30


@attrs.frozen(kw_only=True)
class Habits:
    """What each person online does in the busiest hour."""

    direct_per_hour: float = 30
    to_groups_per_hour: float = 10
    members_online: float = 20
    logins_per_hour: float = 2
    friends_online: float = 20
    busy_hours_a_day: float = 8


@attrs.frozen(kw_only=True)
class Machines:
    """How far they may be used. most_connections: of a node, so that its end is no storm that the others cannot take."""

    share_used: float = 0.6
    database_cores: float = 8
    commits_per_s: float = 10_000
    most_connections: int = 20_000
    kernel_bytes: float = 8_000


@attrs.frozen(kw_only=True)
class Flow:
    """What people do together, a second.

    A message to a group is stored once and delivered as copies; friends get notices of whoever comes and goes.
    """

    people: int
    direct: float
    to_groups: float
    copies: float
    logins: float
    notices: float

    @property
    def stored(self) -> float:
        """Messages of both kinds."""
        return self.direct + self.to_groups

    @property
    def bits(self) -> float:
        """What travels between clients and nodes."""
        heartbeats = self.people / _HEARTBEAT_S
        in_bytes = (
            self.direct * bytes_a_message() + self.copies * bytes_a_copy() + heartbeats * bytes_a_heartbeat()
        )
        return 8 * in_bytes


@attrs.frozen(kw_only=True)
class Plan:
    """What the busiest hour needs. Cores are those that are kept busy; `parts`: how much of each part's limit is used."""

    flow: Flow
    nodes: int
    node_cores: float
    node_bytes: float
    redis_cores: float
    database_cores: float
    commits_per_s: float
    news_per_s: float
    records_a_day: float
    record_bytes_a_day: float
    parts: Mapping[str, float]

    @property
    def first(self) -> str:
        """The part that is nearest to its limit."""
        return max(self.parts, key=lambda name: self.parts[name])


def flow_of(people: int, habits: Habits) -> Flow:
    """So many people of these habits."""
    to_groups = people * habits.to_groups_per_hour / 3600
    logins = people * habits.logins_per_hour / 3600
    return Flow(
        people=people,
        direct=people * habits.direct_per_hour / 3600,
        to_groups=to_groups,
        copies=to_groups * habits.members_online,
        logins=logins,
        notices=2 * logins * habits.friends_online,
    )


def plan(people: int, costs: UnitCosts, habits: Habits, machines: Machines) -> Plan:
    """With as few nodes as are enough; with `MOST_NODES` where none are, for what they read of each other grows with them."""
    nodes = max(1, math.ceil(people / machines.most_connections))
    while True:
        planned = _with_nodes(nodes, flow_of(people, habits), costs, habits, machines)
        if planned.parts["nodes"] <= 1 or nodes >= MOST_NODES:
            return planned
        wanted = math.floor(nodes * planned.parts["nodes"])
        nodes = min(max(nodes + 1, wanted), MOST_NODES)


def _with_nodes(nodes: int, flow: Flow, costs: UnitCosts, habits: Habits, machines: Machines) -> Plan:
    # What is for a friend crosses to one other node at most, a message to a group to each that has a member.
    crossings = (flow.direct + flow.notices) * (nodes - 1) / nodes
    crossings += flow.to_groups * min(nodes - 1, habits.members_online)
    commits = nodes * min(flow.stored / nodes, BUSY_TRANSACTIONS_PER_S)
    news = commits * (nodes - 1)
    node_cores = _node_cores(nodes, flow, crossings, news, costs)
    redis_cores = nodes * costs.redis.cores(crossings / nodes)
    database_cores = nodes * costs.database.cores(flow.stored / nodes)
    database_cores += (flow.logins * costs.login_database_us + news * costs.news_database_us) / 1e6
    a_day = flow.stored * 3600 * habits.busy_hours_a_day
    return Plan(
        flow=flow,
        nodes=nodes,
        node_cores=node_cores,
        node_bytes=costs.base_bytes + flow.people / nodes * (costs.connection_bytes + machines.kernel_bytes),
        redis_cores=redis_cores,
        database_cores=database_cores,
        commits_per_s=commits,
        news_per_s=news,
        records_a_day=a_day,
        record_bytes_a_day=a_day * costs.record_bytes,
        parts=_parts(machines, node_cores, redis_cores, database_cores, commits),
    )


def _parts(
    machines: Machines, node_cores: float, redis_cores: float, database_cores: float, commits: float
) -> dict[str, float]:
    used = {
        "nodes": node_cores,
        "Redis": redis_cores,
        "the database's cores": database_cores / machines.database_cores,
        "the database's commits": commits / machines.commits_per_s,
    }
    return {name: share / machines.share_used for name, share in used.items()}


def _node_cores(nodes: int, flow: Flow, crossings: float, news: float, costs: UnitCosts) -> float:
    """Of each node."""
    others_us = (
        (flow.copies + flow.notices) * costs.copy_us
        + flow.people * costs.connection_us
        + flow.logins * costs.login_node_us
        + news * costs.news_node_us
    )
    return (
        costs.node.cores(flow.stored / nodes)
        + costs.crossing.cores(crossings / nodes)
        + others_us / nodes / 1e6
    )


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
    lines = "\n".join(table([plan(people, costs, habits, machines) for people in options.people]))
    print(lines)
    if options.into:
        options.into.put(lines)


if __name__ == "__main__":
    main()
