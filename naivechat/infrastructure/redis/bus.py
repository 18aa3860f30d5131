"""The bus between nodes, on Redis's PUBLISH and SUBSCRIBE."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import uuid4

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from naivechat.domain.node_ports import BusReceiver
from naivechat.infrastructure.redis.address import make_endpoint, parse_redis_url
from naivechat.infrastructure.redis.commands import Commands
from naivechat.infrastructure.redis.connection import Site
from naivechat.infrastructure.redis.envelope import open_envelope
from naivechat.infrastructure.redis.head_count import HeadCount
from naivechat.infrastructure.redis.journal import OutageLog, SparseWarning
from naivechat.infrastructure.redis.publisher import Publisher
from naivechat.infrastructure.redis.subscriber import Subscriber

FIRST_CONNECTION_S = 2.0
MISSED_S = 0.5
"""When Redis comes back, all nodes say at about the same time that something was missed: they are heard as one."""


class RedisBus:
    """Implements `domain.node_ports.NodeBus` with two links: one receives, the other publishes and runs commands.

    Order is kept within a topic. Channels are `naivechat:<namespace>:bell:<topic>`, for PUBLISH knows no databases, and `…:missed`,
    where a node tells all others that they cannot have received everything from it.

    Args:
        url: as `parse_redis_url` takes it.
        instance: names this run of the node, 32 hexadecimal digits.

    Raises:
        RedisUrlError.
    """

    is_shared = True
    _log = Logger(namespace="naivechat.redis")

    def __init__(self, url: str, reactor: Any, *, instance: str | None = None) -> None:
        address = parse_redis_url(url)
        self.instance = instance or uuid4().hex
        self._sender = bytes.fromhex(self.instance)
        self.is_connected = False
        self.received = 0
        self.prefix = ""
        self._clock = reactor
        self._outage = OutageLog()
        site = Site(
            address=address, endpoint=make_endpoint(address, reactor), clock=reactor, outage=self._outage
        )
        self.commands = Commands(site, self._came, self._went)
        self._publisher = Publisher(self.commands, self._sender, self._look)
        self._subscriber = Subscriber(site, self._take, self._look)
        self._head_count = HeadCount(self._numsub, reactor)
        self._warn = SparseWarning(reactor, "something on the bus is dropped: {reason} ({count} times)")
        self._receiver: BusReceiver | None = None
        self._early_topics: set[str] = set()
        self._first: Deferred[None] | None = None
        self._telling: IDelayedCall | None = None

    @property
    def is_full(self) -> bool:
        """Whether Redis has no memory left, cannot save, or is a replica."""
        return self.commands.is_refused

    @property
    def published(self) -> int:
        """Payloads given to Redis so far."""
        return self._publisher.published

    @property
    def dropped(self) -> int:
        """Payloads not given to Redis, because it was away or did not follow."""
        return self._publisher.dropped

    async def start(self, namespace: str) -> None:
        """Connect, and meet the nodes of the same namespace; returns when that is done, or after 2 s, to go on trying."""
        self.prefix = f"naivechat:{namespace}:"
        self.commands.probe_channel = f"{self.prefix}probe"
        self._publisher.missed_channel = f"{self.prefix}missed"
        self._subscriber.listen(self._publisher.missed_channel)
        for topic in self._early_topics:
            self._subscriber.listen(self._channel(topic))
        self._first = Deferred()
        self.commands.start()
        self._subscriber.start()
        try:
            await self._first.addTimeout(FIRST_CONNECTION_S, self._clock)
        except TimeoutError:
            self._first = None

    async def stop(self) -> None:
        """Send what was published, at most for a second, and disconnect."""
        self._receiver = None
        await self._publisher.drain()
        await self.commands.stop()
        await self._subscriber.stop()
        self._forget_missed()

    def subscribe(self, receiver: BusReceiver) -> None:
        """Tell `receiver` what other nodes publish."""
        self._receiver = receiver

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to the other nodes that listen."""
        self._publisher.publish(self._channel(topic), payload)

    def listen(self, topic: str) -> None:
        """Receive a topic from now on."""
        if self.prefix:
            self._subscriber.listen(self._channel(topic))
        else:
            self._early_topics.add(topic)

    def unlisten(self, topic: str) -> None:
        """Receive a topic no more."""
        if self.prefix:
            self._subscriber.unlisten(self._channel(topic))
        else:
            self._early_topics.discard(topic)

    async def confirmed(self, topics: Collection[str]) -> bool:
        """Wait until all of `topics` are really received; False at once while the bus is away."""
        return await self._subscriber.confirmed([self._channel(topic) for topic in topics])

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        """How many nodes listen to each topic, by Redis's own count; None when it does not answer within 5 s."""
        return await self._head_count.of([self._channel(topic) for topic in topics])

    async def _numsub(self, channels: Sequence[str]) -> Sequence[int]:
        answer: list[Any] = await self.commands.run("PUBSUB", "NUMSUB", *channels)
        return answer[1::2]

    def _channel(self, topic: str) -> str:
        return f"{self.prefix}bell:{topic}"

    def _came(self) -> None:
        self._publisher.came()
        self._look()

    def _went(self) -> None:
        self._publisher.went()
        self._look()

    def _look(self) -> None:
        """See whether the bus has gone, or is back."""
        publishes = self.commands.is_up and not self._publisher.is_choked
        was_connected, self.is_connected = self.is_connected, publishes and self._subscriber.is_complete
        if not self.is_connected or was_connected:
            return
        self._outage.back()
        if self._first is not None and not self._first.called:
            self._first.callback(None)
        else:
            self._tell_restored()

    def _tell_restored(self) -> None:
        self._forget_missed()
        if self._receiver is not None:
            try:
                self._receiver.restored()
            except Exception:
                self._log.failure("the bus's restoration was not taken in")

    def _take(self, channel: bytes, data: bytes) -> None:
        """A message on any channel; Redis sends back what a node has said itself, where it listens, too."""
        if data.startswith(self._sender):
            return
        try:
            _, payloads = open_envelope(data)
        except ValueError as error:
            self._warn(str(error))
            return
        name = channel.decode()
        if name == self._publisher.missed_channel:
            self._tell_restored_soon()
        elif self._subscriber.wants(name):
            self._hand_on(name.removeprefix(f"{self.prefix}bell:"), iter(payloads))

    def _hand_on(self, topic: str, payloads: Iterator[bytes]) -> None:
        for payload in payloads:
            self.received += 1
            if self._receiver is None:
                return
            try:
                self._receiver.received(topic, payload)
            except Exception:
                self._log.failure("a payload was not taken in")

    def _tell_restored_soon(self) -> None:
        if self._telling is None and self._receiver is not None:
            self._telling = self._clock.callLater(MISSED_S, self._tell_restored)

    def _forget_missed(self) -> None:
        """What others said was missed has been told with something else, or is not told any more."""
        telling, self._telling = self._telling, None
        if telling is not None and telling.active():
            telling.cancel()
