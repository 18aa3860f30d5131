"""The nodes that are there, as an operator reads them: one line a node."""

import datetime
from collections.abc import Sequence

from naivechat.domain.node import NodeStatus

HEADINGS = ("NODE", "ADDRESSES", "VERSION", "UP SINCE", "CONNECTIONS", "USERS", "MSG/S", "HEARTBEAT")
_NUMBERS = frozenset({"CONNECTIONS", "USERS", "MSG/S"})
_GAP = "  "


def node_table(nodes: Sequence[NodeStatus], now_ms: int) -> tuple[str, ...]:
    """A line of headings, one for each node in the order given, and one with the sums where there are several.

    Times are UTC; heartbeats are so many seconds before `now_ms`, which is milliseconds since 1970 as the nodes' are.
    """
    rows = [HEADINGS, *(_row(node, now_ms) for node in nodes)]
    if len(nodes) > 1:
        rows.append(_sums(nodes))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return tuple(_line(row, widths) for row in rows)


def _row(node: NodeStatus, now_ms: int) -> tuple[str, ...]:
    started = datetime.datetime.fromtimestamp(node.started_at_ms / 1000, datetime.UTC)
    # Clocks of two machines differ: a heartbeat from the future is a fresh one.
    age_s = max(now_ms - node.beat_at_ms, 0) // 1000
    return (
        f"{node.name} (leaving)" if node.draining else node.name,
        " ".join(node.addresses) or "-",
        node.version,
        started.strftime("%Y-%m-%d %H:%M:%SZ"),
        *_figures(node.connections, node.users, node.messages_per_s),
        f"{age_s} s ago",
    )


def _sums(nodes: Sequence[NodeStatus]) -> tuple[str, ...]:
    figures = _figures(
        sum(node.connections for node in nodes),
        # Somebody with devices on two nodes counts on both.
        sum(node.users for node in nodes),
        sum(node.messages_per_s for node in nodes),
    )
    return (f"{len(nodes)} nodes", "", "", "", *figures, "")


def _figures(connections: int, users: int, messages_per_s: float) -> tuple[str, str, str]:
    return str(connections), str(users), f"{messages_per_s:.1f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if heading in _NUMBERS else cell.ljust(width)
        for heading, cell, width in zip(HEADINGS, row, widths, strict=True)
    )
    return _GAP.join(cells).rstrip()
