"""What one thing costs, taken from the JSON of a bench run: the figures that sizing is worked out from."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

BUSY_TRANSACTIONS_PER_S = 500.0
"""The fixed rate of the bench: hardly two messages share a transaction there, and beyond it more and more do."""


class NotMeasured(Exception):
    """The run lacks a work or a subject that sizing needs."""


@attrs.frozen(kw_only=True)
class Spread:
    """What a message costs in microseconds: alone in its transaction, and in a full one."""

    alone_us: float
    shared_us: float

    def cores(self, per_s: float) -> float:
        """How many cores so many messages a second keep busy: the first 500 pay for transactions, the others for themselves."""
        transactions = min(per_s, BUSY_TRANSACTIONS_PER_S)
        return (transactions * (self.alone_us - self.shared_us) + per_s * self.shared_us) / 1e6


@attrs.frozen(kw_only=True)
class UnitCosts:
    """Microseconds of processor time, and bytes.

    node, database: a message from one person to another. crossing: what is more when they are on different nodes, of both
    nodes together. redis: a message that crosses, at a moderate rate. copy: one member of a group who is online.
    connection: somebody who is only there, for a second. login_node, login_database: a login by token.
    news_node, news_database: a transaction of another node, which each node reads of.
    base_bytes: a node without anybody. connection_bytes: each connection, without the kernel's buffers.
    record_bytes: a stored message with its indexes.
    """

    node: Spread
    database: Spread
    crossing: Spread
    redis: Spread
    copy_us: float
    connection_us: float
    login_node_us: float
    login_database_us: float
    news_node_us: float
    news_database_us: float
    base_bytes: float
    connection_bytes: float
    record_bytes: float


def unit_costs(run: Mapping[str, Any]) -> UnitCosts:
    """Those of one node and of two nodes on MariaDB.

    Args:
        run: the JSON of `python -m bench`.

    Raises:
        NotMeasured.
    """
    node = _spread(run, "mariadb", "node")
    across = _spread(run, "2-nodes", "node")
    idle = _idle(run, "mariadb")
    came, rest = idle["came"], idle["rest"]
    people = came["people"]
    connections = run["settings"]["connections"]
    return UnitCosts(
        node=node,
        database=_spread(run, "mariadb", "database"),
        crossing=Spread(
            alone_us=max(across.alone_us - node.alone_us, 0.0),
            shared_us=max(across.shared_us - node.shared_us, 0.0),
        ),
        redis=_spread(run, "2-nodes", "redis"),
        copy_us=_group_copy_us(run),
        connection_us=idle["rest_cpu_us"]["node"] / rest["seconds"] / connections,
        login_node_us=idle["came_cpu_us"]["node"] / people,
        login_database_us=idle["came_cpu_us"]["database"] / people,
        news_node_us=_reading(run, "mariadb", "reading what other nodes", "CPU of the node"),
        news_database_us=_reading(run, "mariadb", "reading what other nodes", "CPU of the database"),
        base_bytes=1e6 * _reading(run, "mariadb", "start of a node", "memory then"),
        connection_bytes=idle["bytes_a_connection"],
        record_bytes=_reading(run, "mariadb", "growth", "bytes on disk"),
    )


def _spread(run: Mapping[str, Any], subject: str, process: str) -> Spread:
    return Spread(
        alone_us=_cpu_us(run, subject, "fixed rate", process),
        shared_us=_cpu_us(run, subject, "saturated", process),
    )


def _cpu_us(run: Mapping[str, Any], subject: str, work: str, process: str) -> float:
    row = _first(
        [row for row in run["rows"] if (row["subject"], row["work"]) == (subject, work)], work, subject
    )
    return float(row["cpu_us"][process])


def _group_copy_us(run: Mapping[str, Any]) -> float:
    rows = [
        row
        for row in run["rows"]
        if row["subject"] == "mariadb"
        and row["work"].startswith("group of")
        and row["work"].endswith("saturated")
    ]
    return float(_first(rows, "group", "mariadb")["servers_us"])


def _idle(run: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
    return _first([each for each in run["idle"] if each["subject"] == subject], "idle", subject)


def _reading(run: Mapping[str, Any], subject: str, work: str, what: str) -> float:
    """The first of a work that begins so, of a figure that does."""
    readings = [
        each
        for each in run["readings"]
        if each["subject"] == subject and each["work"].startswith(work) and each["what"].startswith(what)
    ]
    return float(_first(readings, f"{work}: {what}", subject)["value"])


def _first(found: Sequence[Mapping[str, Any]], work: str, subject: str) -> Mapping[str, Any]:
    if not found:
        raise NotMeasured(f"the run has no {work!r} of {subject}")
    return found[0]
