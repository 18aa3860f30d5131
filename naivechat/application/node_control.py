"""What operators do to nodes: to the one that they are connected to, and from there to any other."""

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.nodes import Nodes
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import Forbidden, NotFound
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import (
    Drain,
    LogLevel,
    NodeOrder,
    NodeSwitches,
    OrderLine,
    Resume,
    SetLogLevel,
)
from naivechat.domain.operator import ActingOperator


@attrs.frozen(kw_only=True)
class NodeControl:
    """The living nodes and their switches.

    What is asked for is written down before it is done: an entry of the audit log says what an operator wanted, the node's next
    heartbeat whether it is so. Each method raises Forbidden for viewers, NotFound for a name that no living node has,
    Unavailable when the audit log or, for another node, the bus is away.
    """

    _nodes: Nodes
    _switches: NodeSwitches
    _line: OrderLine
    _audit: AuditTrail

    def list_nodes(self) -> tuple[NodeStatus, ...]:
        """All nodes by name, as they were at this node's last heartbeat."""
        return tuple(sorted((self._nodes.own, *self._nodes.now.others), key=lambda node: node.name))

    async def drain(self, by: ActingOperator, name: str) -> None:
        """Let a node take no more connections and send its people to the others; it stays up."""
        await self._tell(by, name, Drain(), AuditAction.NODE_DRAIN)

    async def resume(self, by: ActingOperator, name: str) -> None:
        """Let a drained node take connections again."""
        await self._tell(by, name, Resume(), AuditAction.NODE_RESUME)

    async def set_log_level(self, by: ActingOperator, name: str, level: LogLevel) -> None:
        """Let a node log from this level on."""
        order = SetLogLevel(level)
        await self._tell(by, name, order, AuditAction.NODE_LOG_LEVEL, level=level.value)

    async def _tell(
        self, by: ActingOperator, name: str, order: NodeOrder, action: AuditAction, **detail: str
    ) -> None:
        if not by.may_change:
            raise Forbidden
        node = next((node for node in self.list_nodes() if node.name == name), None)
        if node is None:
            raise NotFound("There is no such node.")
        await self._audit.record(by, action, name, **detail)
        if node.instance == self._nodes.own.instance:
            self._switches.carry_out(order)
        else:
            await self._line.send(node.instance, order)
