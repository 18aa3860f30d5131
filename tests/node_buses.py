"""Buses between nodes in memory: one hub joins the buses of several nodes in one process.

    hub = MemoryHub()
    here, there = hub.bus(), hub.bus()
    here.publish("user:ann", b"...")
    hub.deliver()

What is published waits until the test delivers it, or arrives at once with `MemoryHub(immediate=True)`.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence

import attrs

from naivechat.domain.node_ports import BusReceiver


@attrs.frozen(eq=False)
class Delivery:
    """A payload on its way to one bus."""

    to: "MemoryBus"
    topic: str
    payload: bytes


Meddle = Callable[[Sequence[Delivery]], Iterable[Delivery]]


class MemoryHub:
    """Carries payloads between its buses.

    immediate: deliver when something is published, not when the test says so; still never within the receiving of another.
    meddle: what becomes of everything that waits when it is delivered: the test may leave out, double or reorder.
    """

    def __init__(self, *, immediate: bool = False, meddle: Meddle = tuple) -> None:
        self.immediate = immediate
        self.meddle = meddle
        self.buses: list[MemoryBus] = []
        self._waiting: deque[Delivery] = deque()
        self._is_delivering = False

    def bus(self) -> "MemoryBus":
        """The bus of one more node, which is connected."""
        bus = MemoryBus(self)
        self.buses.append(bus)
        return bus

    def cut(self) -> None:
        """The bus is away for all; what is on its way is lost."""
        for bus in self.buses:
            bus.cut()

    def restore(self) -> None:
        """The bus is back for all."""
        for bus in self.buses:
            bus.restore()

    def deliver(self) -> int:
        """Deliver all that waits and whatever is published meanwhile: how many payloads arrived."""
        arrived = 0
        self._is_delivering = True
        try:
            while self._waiting:
                waiting = tuple(self._waiting)
                self._waiting.clear()
                arrived += sum(delivery.to.take(delivery) for delivery in self.meddle(waiting))
        finally:
            self._is_delivering = False
        return arrived

    @property
    def waiting(self) -> int:
        """How many payloads are on their way."""
        return len(self._waiting)

    def deliver_one(self, number: int, times: int = 1) -> None:
        """Deliver one of those that wait so many times, 0 to lose it; the others go on waiting."""
        delivery = self._waiting[number]
        del self._waiting[number]
        for _ in range(times):
            delivery.to.take(delivery)

    def carry(self, sender: "MemoryBus", topic: str, payload: bytes) -> None:
        """Put a payload on its way to all other buses that listen now."""
        for bus in self.buses:
            if bus is not sender and bus.hears(topic):
                self._waiting.append(Delivery(bus, topic, payload))
        if self.immediate and not self._is_delivering:
            self.deliver()

    def lose(self, bus: "MemoryBus") -> None:
        """Lose what is on its way to a bus."""
        self._waiting = deque(delivery for delivery in self._waiting if delivery.to is not bus)


class MemoryBus:
    """Implements `domain.node_ports.NodeBus`; made by `MemoryHub.bus`. published: all payloads with their topics, carried or not."""

    is_shared = True

    def __init__(self, hub: MemoryHub) -> None:
        self.is_connected = True
        self.topics: set[str] = set()
        self.published: list[tuple[str, bytes]] = []
        self._hub = hub
        self._receiver: BusReceiver | None = None

    async def start(self, namespace: str) -> None:
        """It is connected from the beginning."""

    async def stop(self) -> None:
        """Receive no more."""
        self._receiver = None
        self.cut()

    def subscribe(self, receiver: BusReceiver) -> None:
        self._receiver = receiver

    def publish(self, topic: str, payload: bytes) -> None:
        self.published.append((topic, payload))
        if self.is_connected:
            self._hub.carry(self, topic, payload)

    def listen(self, topic: str) -> None:
        self.topics.add(topic)

    def unlisten(self, topic: str) -> None:
        self.topics.discard(topic)

    async def confirmed(self, topics: Collection[str]) -> bool:
        return self.is_connected and self.topics.issuperset(topics)

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        if not self.is_connected:
            return None
        return tuple(sum(bus.hears(topic) for bus in self._hub.buses) for topic in topics)

    def cut(self) -> None:
        """The bus is away for this node; what is on its way to it is lost."""
        self.is_connected = False
        self._hub.lose(self)

    def restore(self) -> None:
        """The bus is back for this node, which hears of it."""
        if not self.is_connected:
            self.is_connected = True
            if self._receiver is not None:
                self._receiver.restored()

    def hears(self, topic: str) -> bool:
        """Whether what is published now would arrive."""
        return self.is_connected and topic in self.topics

    def take(self, delivery: Delivery) -> bool:
        """Receive a payload, unless nobody listens any more; whether it arrived."""
        if self._receiver is None or not self.hears(delivery.topic):
            return False
        self._receiver.received(delivery.topic, delivery.payload)
        return True
