"""txredisapi's protocol, tamed.

What of it had to be: AUTH and SELECT are our own, because txredisapi gives up for good when one fails. Payloads stay bytes. The
parser's error closes the connection instead of being logged. An answer that nobody waits for is no good sign either.
Messages and answers to (UN)SUBSCRIBE, of which one command gets as many as it named channels, never pass through its queue.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import hiredis
import txredisapi
from twisted.internet.interfaces import ITCPTransport
from twisted.python.failure import Failure


def pack(*words: str | bytes) -> bytes:
    """A command as Redis reads it."""
    packed: bytes = hiredis.pack_command(words)  # type: ignore[arg-type]  # its annotation means one word
    return packed


class Waiting(Protocol):
    """Whoever waits for one answer: a Deferred, or something cheaper."""

    def callback(self, reply: Any) -> None:
        """Here it is; it may be an exception."""


class _Replies(txredisapi.ReplyQueue):  # type: ignore[misc]
    """txredisapi's queue; its list takes the longer to serve the next one the more wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[Waiting] = deque()

    def put(self, reply: Any) -> None:
        self.waiting.popleft().callback(reply)


class RedisProtocol(txredisapi.HiredisProtocol):  # type: ignore[misc]
    """A connection to Redis that answers in bytes, integers, lists and None.

    has_heard: something was read since this was last set to False. reason: why the connection was lost, in words.
    """

    def __init__(self) -> None:
        super().__init__(charset=None, convertNumbers=False)
        self.replyQueue = _Replies()
        self.has_heard = False
        self.reason = ""

    def connectionMade(self) -> None:
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
            self.transport.setTcpKeepAlive(True)
        super().connectionMade()

    def dataReceived(self, data: bytes, unpause: bool = False) -> None:
        self.has_heard = True
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self.replyReceived(reply)
        except txredisapi.InvalidData:
            self.abort("what it says is not Redis's protocol")

    def replyReceived(self, reply: Any) -> None:
        if self.replyQueue.waiting:
            self.replyQueue.put(reply)
        else:
            self.abort(f"it said unasked: {reply}" if isinstance(reply, Exception) else "it answered unasked")

    def connectionLost(self, reason: Failure) -> None:
        self.reason = self.reason or reason.getErrorMessage()
        super().connectionLost(reason)

    def abort(self, reason: str) -> None:
        """Close the connection at once."""
        self.reason = self.reason or reason
        self.transport.abortConnection()

    def write(self, commands: Iterable[bytes], waiting: Iterable[Waiting]) -> None:
        """Send packed commands, with who waits for their answers."""
        self.replyQueue.waiting.extend(waiting)
        self.transport.write(b"".join(commands))


class SubscriberProtocol(RedisProtocol):
    """A connection that receives channels.

    Args:
        received: called with channel and payload of each message.
        confirmed: called with the channel of each answer to SUBSCRIBE and UNSUBSCRIBE.
    """

    def __init__(self, received: Callable[[bytes, bytes], None], confirmed: Callable[[str], None]) -> None:
        super().__init__()
        self._received = received
        self._confirmed = confirmed

    def replyReceived(self, reply: Any) -> None:
        match reply:
            case [b"message", channel, payload]:
                self._received(channel, payload)
            case [b"subscribe" | b"unsubscribe", channel, _]:
                self._confirmed(channel.decode())
            case _:
                super().replyReceived(reply)

    def ask(self, command: str, channels: Iterable[str]) -> None:
        """Send SUBSCRIBE or UNSUBSCRIBE for some channels."""
        self.write([pack(command, *channels)], ())
