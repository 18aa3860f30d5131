"""Every kind of fault by name: what it strikes, how, and how often it is chosen beside others."""

from collections.abc import Awaitable, Callable, Iterator

import attrs

from tests.soak import database_faults, faults, node_faults, wire_faults
from tests.soak.scene import Outcome, Scene


@attrs.frozen
class FaultKind:
    """A fault: what it strikes, and how. None is the outcome when there was nothing to strike."""

    strikes: str
    happen: Callable[[Scene], Awaitable[Outcome | None]]
    weight: float = 1.0


FAULTS: dict[str, FaultKind] = {
    "kill-node": FaultKind("nodes", faults.kill_node, 3),
    "kill-all-nodes": FaultKind("nodes", faults.kill_all_nodes, 0.5),
    "restart-node": FaultKind("nodes", faults.restart_node, 2),
    "roll-nodes": FaultKind("nodes", faults.roll_nodes, 0.5),
    "stop-node": FaultKind("nodes", faults.stop_node, 2),
    "stop-node-long": FaultKind("nodes", faults.stop_node_long, 0.3),
    "turn-clock": FaultKind("nodes", node_faults.turn_clock),
    "exhaust-files": FaultKind("nodes", node_faults.exhaust_files),
    "kill-redis": FaultKind("bus", faults.kill_redis),
    "stop-redis": FaultKind("bus", faults.stop_redis),
    "flush-redis": FaultKind("bus", faults.flush_redis),
    "change-redis-password": FaultKind("bus", faults.change_redis_password),
    "cut-bus": FaultKind("bus", faults.cut_bus),
    "delay-bus": FaultKind("bus", faults.delay_bus),
    "spoil-bus": FaultKind("bus", faults.spoil_bus),
    "kill-database": FaultKind("database", faults.kill_database),
    "stop-database": FaultKind("database", faults.stop_database),
    "lose-commits": FaultKind("database", database_faults.lose_commits, 2),
    "fill-connections": FaultKind("database", database_faults.fill_connections),
    "deadlock-database": FaultKind("database", database_faults.deadlock_database),
    "cut-database": FaultKind("database", wire_faults.cut_database),
    "delay-database": FaultKind("database", wire_faults.delay_database),
    "silence-database": FaultKind("database", wire_faults.silence_database),
    "fill-disk": FaultKind("disk", database_faults.fill_disk),
    "lock-file": FaultKind("disk", database_faults.lock_file),
    "drop-clients": FaultKind("clients", faults.drop_clients, 2),
    "cut-frames": FaultKind("clients", wire_faults.cut_frames),
    "delay-clients": FaultKind("clients", wire_faults.delay_clients),
    "dribble-clients": FaultKind("clients", wire_faults.dribble_clients),
    "silence-clients": FaultKind("clients", wire_faults.silence_clients),
}
"""`weight` is how often a kind is chosen."""


def possible(kinds: tuple[str, ...], database: str) -> Iterator[str]:
    """Those of the kinds that a system has parts for: on SQLite, on a MariaDB of its own (""), or on one elsewhere (its URL)."""
    absent = {"sqlite": {"bus", "database"}, "": {"disk"}}.get(database, {"disk", "database"})
    return (kind for kind in kinds if FAULTS[kind].strikes not in absent)
