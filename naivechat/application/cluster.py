"""All nodes together, as their operator sees them from any one of them: now, and over the last hour."""

from collections import deque
from collections.abc import Callable, Iterable

import attrs

from naivechat.application.figures import EVERY_S
from naivechat.application.nodes import Nodes
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.domain.ports import Clock

KEPT = int(3_600 / EVERY_S)
"""Points of one hour."""


@attrs.frozen(kw_only=True)
class ClusterFigures:
    """All nodes at one moment. p99: of the node where it is worst, in ms; None where none has said one."""

    at_ms: int
    nodes: int
    connections: int
    users: int
    messages_per_s: float
    log_queue_length: int
    commit_p99_ms: float | None
    delivery_p99_ms: float | None


@attrs.define(kw_only=True)
class Cluster:
    """The nodes as this one knows them by its last heartbeat: asking costs nothing, and the others need not be there.

    own_figures: this node's latest.
    """

    _nodes: Nodes
    _own_figures: Callable[[], Figures]
    _clock: Clock
    _points: deque[ClusterFigures] = attrs.field(init=False, factory=lambda: deque(maxlen=KEPT))

    @property
    def own_name(self) -> str:
        """How this node is called."""
        return self._nodes.now.name

    def list_nodes(self) -> tuple[NodeStatus, ...]:
        """The living nodes by name, this one included."""
        return tuple(sorted((self._nodes.own, *self._nodes.now.others), key=lambda node: node.name))

    def own_figures(self) -> Figures:
        """This node's latest figures: its database and its bus among them."""
        return self._own_figures()

    def sum_up(self) -> ClusterFigures:
        """All nodes now."""
        nodes = self.list_nodes()
        return ClusterFigures(
            at_ms=self._clock(),
            nodes=len(nodes),
            connections=sum(node.connections for node in nodes),
            users=sum(node.users for node in nodes),
            messages_per_s=round(sum(node.messages_per_s for node in nodes), 1),
            log_queue_length=sum(node.log_queue_length or 0 for node in nodes),
            commit_p99_ms=_worst(node.commit_p99_ms for node in nodes),
            delivery_p99_ms=_worst(node.delivery_p99_ms for node in nodes),
        )

    async def take(self) -> None:
        """Add a point to the history; to be called every `figures.EVERY_S` seconds."""
        self._points.append(self.sum_up())

    def list_since(self, at_ms: int = 0) -> tuple[ClusterFigures, ...]:
        """The points later than `at_ms`, the oldest first; at most those of an hour."""
        return tuple(point for point in self._points if point.at_ms > at_ms)


def _worst(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
