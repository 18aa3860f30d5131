"""Operations on the nodes and their figures."""

from typing import Annotated

import attrs
import msgspec
from msgspec import Meta

from naivechat.application.cluster import Cluster, ClusterFigures
from naivechat.application.node_control import NodeControl
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import LogLevel
from naivechat.domain.operator import ActingOperator
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.shapes import Moment, NodeName, Part, View


class NodePlace(Part, frozen=True, kw_only=True):
    """A node, by its name."""

    name: NodeName


class HistoryQuery(Part, frozen=True, kw_only=True):
    """Which points of the history: those later than `since_ms`."""

    since_ms: Moment = 0


class NewLogLevel(Part, frozen=True, kw_only=True):
    """From which level on a node logs."""

    level: LogLevel


class FiguresView(View, frozen=True, kw_only=True):
    """All nodes at one moment. p99: of the slowest node, in ms; null where there was nothing to measure."""

    at_ms: int
    nodes: int
    connections: int
    users: int
    messages_per_s: float
    log_queue_length: int
    commit_p99_ms: float | None
    delivery_p99_ms: float | None


class OverviewView(View, frozen=True, kw_only=True):
    """All nodes now, and what the one that answers stands on. bus_connected: null where there are no other nodes."""

    node: str
    database_up: bool
    bus_connected: bool | None
    figures: FiguresView


class HistoryView(View, frozen=True, kw_only=True):
    """Points of up to an hour, the oldest first."""

    points: tuple[FiguresView, ...]


class NodeView(View, frozen=True, kw_only=True):
    """A node as it was at its last heartbeat; what a node of an earlier version does not say is null, or "" for log_level."""

    name: str
    addresses: tuple[str, ...]
    version: str
    started_at_ms: int
    beat_at_ms: int
    connections: int
    users: int
    messages_per_s: float
    draining: bool
    log_level: str
    log_queue_length: int | None
    commit_p50_ms: float | None
    commit_p99_ms: float | None
    delivery_p50_ms: float | None
    delivery_p99_ms: float | None


class NodesView(View, frozen=True, kw_only=True):
    """The living nodes, by name."""

    nodes: Annotated[tuple[NodeView, ...], Meta(min_length=1)]


@attrs.frozen(kw_only=True)
class NodeOperations:
    """What is asked and done about nodes. A node does what it is told a moment later: its next heartbeat says whether it has."""

    _cluster: Cluster
    _control: NodeControl

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        node = "/nodes/{name}"
        return (
            Operation("get_overview", "GET", "/overview", self.get_overview),
            Operation("get_history", "GET", "/overview/history", self.get_history),
            Operation("list_nodes", "GET", "/nodes", self.list_nodes),
            Operation(
                "drain_node",
                "POST",
                f"{node}/drain",
                self.drain,
                status=202,
            ),
            Operation(
                "resume_node",
                "POST",
                f"{node}/resume",
                self.resume,
                status=202,
            ),
            Operation(
                "set_log_level",
                "PUT",
                f"{node}/log-level",
                self.set_log_level,
                status=202,
            ),
        )

    async def get_overview(self) -> OverviewView:
        """How all nodes are now."""
        own = self._cluster.own_figures()
        return OverviewView(
            node=self._cluster.own_name,
            database_up=own.database_up,
            bus_connected=own.bus_connected,
            figures=_figures(self._cluster.sum_up()),
        )

    async def get_history(self, query: HistoryQuery) -> HistoryView:
        """How they were in the last hour."""
        return HistoryView(points=tuple(map(_figures, self._cluster.list_since(query.since_ms))))

    async def list_nodes(self) -> NodesView:
        """The living nodes."""
        return NodesView(nodes=tuple(map(_node, self._cluster.list_nodes())))

    async def drain(self, by: ActingOperator, place: NodePlace) -> None:
        """Let a node take no more connections and send its people to the others."""
        await self._control.drain(by, place.name)

    async def resume(self, by: ActingOperator, place: NodePlace) -> None:
        """Let it take connections again."""
        await self._control.resume(by, place.name)

    async def set_log_level(self, by: ActingOperator, place: NodePlace, body: NewLogLevel) -> None:
        """From which level on it logs, until it is started anew."""
        await self._control.set_log_level(by, place.name, body.level)


def _figures(figures: ClusterFigures) -> FiguresView:
    return msgspec.convert(figures, FiguresView, from_attributes=True)


def _node(node: NodeStatus) -> NodeView:
    return msgspec.convert(node, NodeView, from_attributes=True)
