"""What a connection has to say and its peer has not taken yet: never without a bound."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

MOST_WAITING_BYTES = 1024 * 1024


class Transport(Protocol):
    """What is written to; camelCase because Twisted's are meant."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def loseConnection(self) -> None:
        """Close when everything is sent."""

    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None:
        """Tell `producer` when too much waits to be sent."""

    def unregisterProducer(self) -> None:
        """Tell nobody."""


@implementer(IPushProducer)
class Outbox:
    """Writes frames to a transport while that takes them, and keeps them in order while it does not.

    `congested` is True while the transport's own buffer is full. A frame that is to wait behind a full
    `MOST_WAITING_BYTES` is dropped with all that waits, and `overflowed` is called, once. `changed` is called when
    `congested` has changed.
    """

    def __init__(
        self, transport: Transport, changed: Callable[[], None], overflowed: Callable[[], None]
    ) -> None:
        self.congested = False
        self._transport = transport
        self._changed = changed
        self._overflowed = overflowed
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._closed = False
        transport.registerProducer(self, True)

    def write(self, frame: bytes) -> None:
        """Send a frame behind all that came before; after `close` nothing happens."""
        if self._closed:
            return
        if not self.congested:
            self._transport.write(frame)
        elif self._waiting_bytes < MOST_WAITING_BYTES:
            self._waiting.append(frame)
            self._waiting_bytes += len(frame)
        else:
            self._clear()
            self._overflowed()

    def close(self, farewell: bytes = b"") -> None:
        """Write what waits, then `farewell`, and end the connection when the peer has taken all of it."""
        if self._closed:
            return
        self._closed = True
        self._transport.unregisterProducer()
        self._transport.write(b"".join((*self._waiting, farewell)))
        self._clear()
        self._transport.loseConnection()

    def lost(self) -> None:
        """The connection is gone: forget everything."""
        self._closed = True
        self._clear()

    def pauseProducing(self) -> None:
        self.congested = True
        self._changed()

    def resumeProducing(self) -> None:
        self.congested = False
        while self._waiting and not self.congested:
            frame = self._waiting.popleft()
            self._waiting_bytes -= len(frame)
            self._transport.write(frame)
        if not self.congested:
            self._changed()

    def stopProducing(self) -> None:
        self.lost()

    def _clear(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0
