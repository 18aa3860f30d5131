"""Orders of operators between nodes: one topic a node on the bus, `node:<instance>`, and one JSON object an order.

Nodes of neighbouring versions understand each other: an order that is not known, or anything else that comes there, is logged and
changes nothing.
"""

import json
from collections.abc import Callable

from twisted.logger import Logger

from naivechat.domain.errors import NotFound, Unavailable
from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel
from naivechat.domain.node_ports import NodeBus

PREFIX = "node:"

_log = Logger()


class BusOrderLine:
    """Implements `domain.node_order.OrderLine`, and hears the orders for this node.

    Args:
        instance: names this run of the node.
        take: is given what others have ordered.
    """

    def __init__(self, bus: NodeBus, instance: str, take: Callable[[NodeOrder], None]) -> None:
        self._bus = bus
        self._topic = PREFIX + instance
        self._take = take

    def listen(self) -> None:
        """Hear orders from now on."""
        self._bus.listen(self._topic)

    def concerns(self, topic: str) -> bool:
        """Whether what comes on a topic is an order for this node."""
        return topic == self._topic

    def received(self, payload: bytes) -> None:
        """Another node has sent an order."""
        try:
            order = decode(payload)
        except ValueError as error:
            _log.warn("an order is not understood: {error}", error=str(error))
            return
        self._take(order)

    async def send(self, instance: str, order: NodeOrder) -> None:
        """Tell another node. Unavailable, NotFound."""
        topic = PREFIX + instance
        listeners = await self._bus.count_listeners((topic,)) if self._bus.is_connected else None
        if listeners is None:
            raise Unavailable("The bus between the nodes is away: try again.")
        if listeners == (0,):
            raise NotFound("This node hears no orders: it has gone, or its version knows none.")
        self._bus.publish(topic, encode(order))


def encode(order: NodeOrder) -> bytes:
    """An order as it travels."""
    match order:
        case Drain():
            fields = {"order": "drain"}
        case Resume():
            fields = {"order": "resume"}
        case SetLogLevel():
            fields = {"order": "log_level", "level": order.level.value}
    return json.dumps(fields, separators=(",", ":")).encode()


def decode(payload: bytes) -> NodeOrder:
    """The order that has travelled.

    Raises:
        ValueError: it is none, or one of a later version.
    """
    try:
        fields = json.loads(payload)
        name = fields["order"]
        if name == "log_level":
            return SetLogLevel(LogLevel(fields["level"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("not an order") from None
    if name == "drain":
        return Drain()
    if name == "resume":
        return Resume()
    raise ValueError("an order of another version")
