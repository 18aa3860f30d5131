"""What a connection has to say and its peer has not taken yet: never without a bound.

Frames of one turn leave in one write, but for the first after a rest, which leave at once. On a bare TCP transport that holds
nothing they go straight to the kernel: Twisted's `write` would ask the reactor to be told when the kernel takes them, which
costs three calls of it for what one does.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet.abstract import FileDescriptor
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from naivechat.sockets.turn import Turn

MOST_WAITING_BYTES = 1024 * 1024
PORTION_BYTES = 64 * 1024


@implementer(IPushProducer)
class Outbox:
    """Writes frames to a transport while that takes them, and keeps them in order while it does not.

    `congested` is True while the transport is full, or, a bare one, holds anything. A frame that is to wait behind a full
    `MOST_WAITING_BYTES` is dropped with all that waits, and `overflowed` is called, once. `changed` is called when
    `congested` has changed.
    """

    __slots__ = (
        "_changed",
        "_closed",
        "_is_bare",
        "_overflowed",
        "_transport",
        "_turn",
        "_waiting",
        "_waiting_bytes",
        "congested",
    )

    def __init__(
        self, transport: Any, turn: Turn, changed: Callable[[], None], overflowed: Callable[[], None]
    ) -> None:
        self.congested = False
        self._transport = transport
        self._turn = turn
        self._changed = changed
        self._overflowed = overflowed
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._is_bare = isinstance(transport, FileDescriptor)
        # A pull producer is called whenever the transport has got rid of all it held, however little: that is what direct
        # sending needs to know. It says itself when the transport holds something.
        transport.registerProducer(self, not self._is_bare)

    def write(self, frame: bytes) -> None:
        """Send a frame behind all that came before, with the end of the turn; after `close` nothing happens."""
        if self._closed or not frame:
            return
        if self.congested and self._waiting_bytes >= MOST_WAITING_BYTES:
            self._clear()
            self._overflowed()
            return
        if not self._waiting and not self.congested:
            if self._turn.leaves_alone():
                self._send(frame)
                return
            self._turn.at_end(self._flush)
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)
        if self._waiting_bytes >= PORTION_BYTES:
            self._flush()

    def write_alone(self, frame: bytes) -> None:
        """As `write`, but where nothing waits it leaves at once: nothing else is likely to be written in this turn."""
        if self._waiting or self.congested or self._closed or not frame:
            self.write(frame)
        else:
            self._send(frame)

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
        if self.congested:
            self.congested = False
            self._flush()
            if not self.congested:
                self._changed()

    def stopProducing(self) -> None:
        self.lost()

    def _flush(self) -> None:
        """Write what waits, until the transport is full."""
        while self._waiting and not self.congested:
            self._send(self._take_portion())

    def _take_portion(self) -> bytes:
        if self._waiting_bytes <= PORTION_BYTES:
            portion = b"".join(self._waiting)
            self._clear()
            return portion
        frames = [self._waiting.popleft()]
        size = len(frames[0])
        while self._waiting and size + len(self._waiting[0]) <= PORTION_BYTES:
            size += len(self._waiting[0])
            frames.append(self._waiting.popleft())
        self._waiting_bytes -= size
        return b"".join(frames)

    def _send(self, data: bytes) -> None:
        if not self._is_bare:
            self._transport.write(data)
        elif self._transport.connected:
            taken = self._transport.writeSomeData(data)
            if taken != len(data):
                # It may be an exception: then the connection is lost, and writing lets the reactor find out.
                self._transport.write(data[taken:] if isinstance(taken, int) else data)
                self.pauseProducing()

    def _clear(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0
