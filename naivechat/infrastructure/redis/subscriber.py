"""The link that receives."""

from collections.abc import Callable, Collection

from twisted.internet.defer import TimeoutError
from twisted.internet.interfaces import IDelayedCall

from naivechat.infrastructure.redis.connection import Link, Site
from naivechat.infrastructure.redis.protocol import SubscriberProtocol
from naivechat.infrastructure.redis.subscriptions import Subscriptions

CHANNELS_A_COMMAND = 1_000
CONFIRMED_S = 5.0


class Subscriber:
    """Keeps channels subscribed, over all reconnections.

    Args:
        received: called with channel and data of each message.
        changed: called when `is_complete` may have changed.
    """

    def __init__(
        self, site: Site, received: Callable[[bytes, bytes], None], changed: Callable[[], None]
    ) -> None:
        self._clock = site.clock
        self._received = received
        self._changed = changed
        self._subscriptions = Subscriptions()
        self._protocol: SubscriberProtocol | None = None
        self._asking: IDelayedCall | None = None
        self._link: Link[SubscriberProtocol] = Link(site, self)
        self.start, self.stop = self._link.start, self._link.stop
        self.wants = self._subscriptions.wants

    @property
    def is_complete(self) -> bool:
        """Whether the link is up and everything subscribed again."""
        return self._subscriptions.is_complete

    def listen(self, channel: str) -> None:
        """Receive a channel; Redis is asked with the next turn of the loop."""
        self._subscriptions.listen(channel)
        self._ask_soon()

    def unlisten(self, channel: str) -> None:
        """Receive a channel no more."""
        self._subscriptions.unlisten(channel)
        self._ask_soon()

    async def confirmed(self, channels: Collection[str]) -> bool:
        """Wait until all are received; False when they are not, within 5 s."""
        waiting = self._subscriptions.wait(channels)
        try:
            return await waiting.addTimeout(CONFIRMED_S, self._clock)
        except TimeoutError:
            return False

    def build(self) -> SubscriberProtocol:
        """A protocol for the next connection."""
        return SubscriberProtocol(self._received, self._confirm)

    async def probe(self, protocol: SubscriberProtocol) -> None:
        """Subscribing shows whether it is allowed."""

    def came(self, protocol: SubscriberProtocol) -> None:
        """The link is up: subscribe everything, a portion each turn of the loop."""
        self._protocol = protocol
        self._subscriptions.begin()
        self._ask_soon()
        self._changed()

    def went(self) -> None:
        """The link is lost."""
        self._protocol = None
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._subscriptions.end()
        self._changed()

    def _confirm(self, channel: str) -> None:
        was_complete = self.is_complete
        self._subscriptions.confirm(channel)
        if self.is_complete and not was_complete:
            self._changed()

    def _ask_soon(self) -> None:
        if self._asking is None and self._subscriptions.has_changes:
            self._asking = self._clock.callLater(0, self._ask)

    def _ask(self) -> None:
        self._asking = None
        changes = self._subscriptions.take_changes(CHANNELS_A_COMMAND)
        assert self._protocol is not None
        if changes.subscribe:
            self._protocol.ask("SUBSCRIBE", changes.subscribe)
        if changes.unsubscribe:
            self._protocol.ask("UNSUBSCRIBE", changes.unsubscribe)
        self._ask_soon()
