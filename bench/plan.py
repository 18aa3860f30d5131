"""How much of everything so many people online need: the arithmetic.

What it starts from is measured (`bench.unit_costs`) or assumed (`Habits`, `Machines`).
"""

import math
from collections.abc import Mapping

import attrs

from bench.traffic import bytes_a_copy, bytes_a_heartbeat, bytes_a_message
from bench.unit_costs import BUSY_TRANSACTIONS_PER_S, UnitCosts

MOST_NODES = 1_000
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


def full_at(part: str, costs: UnitCosts, habits: Habits, machines: Machines) -> int | None:
    """How many people it takes, to two digits, until as much of a part is used as may be; None if not even 10⁸ do."""
    step = 1_000
    while step < 10**8:
        for people in range(step, 10 * step, step // 10):
            if plan(people, costs, habits, machines).parts[part] > 1:
                return people
        step *= 10
    return None
