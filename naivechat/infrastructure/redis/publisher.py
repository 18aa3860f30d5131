"""Publishing: what is rung in one turn of the loop goes out in one write, and what waits is bounded."""

from collections import deque
from collections.abc import Callable
from typing import Any, Final

import txredisapi
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IDelayedCall

from naivechat.infrastructure.redis.commands import Commands
from naivechat.infrastructure.redis.envelope import MOST_PAYLOAD_BYTES, seal
from naivechat.infrastructure.redis.protocol import pack

MOST_UNANSWERED = 10_000
MOST_WAITING_BYTES = 8 << 20
LEAVING_S = 1.0


class Publisher:
    """Sends payloads to channels, in order within each channel; several for one channel travel together.

    Args:
        missed_channel: where it says that others have missed something of this node.
        changed: called when `is_choked` has changed.

    published: payloads that were given to Redis. dropped: payloads that were not, because it is away or does not follow.
    """

    def __init__(self, commands: Commands, instance: bytes, changed: Callable[[], None]) -> None:
        self.missed_channel = ""
        self.is_choked = False
        self.published = 0
        self.dropped = 0
        self._commands = commands
        self._instance = instance
        self._changed = changed
        self._waiting: dict[str, list[bytes]] = {}
        self._unanswered: Final[deque[int]] = deque()
        self._bytes = 0
        self._others_missed = False
        self._flushing: IDelayedCall | None = None
        self._drained: Deferred[None] | None = None

    def publish(self, channel: str, payload: bytes) -> None:
        """Send a payload with the next turn, or drop it."""
        if not self._commands.is_up or self.is_choked or len(payload) > MOST_PAYLOAD_BYTES:
            self._drop(1)
            return
        self._waiting.setdefault(channel, []).append(payload)
        self._bytes += len(payload)
        if self._flushing is None:
            self._flushing = self._commands.clock.callLater(0, self._flush)
        if self._bytes > MOST_WAITING_BYTES or self._count > MOST_UNANSWERED:
            self.is_choked = True
            self._changed()

    def came(self) -> None:
        """The link is up: others hear that they have missed something, if so."""
        self._announce()

    def went(self) -> None:
        """The link is lost: nobody knows what of the unanswered has arrived."""
        self._drop(sum(map(len, self._waiting.values())))
        self._others_missed = self._others_missed or bool(self._unanswered)
        self._waiting.clear()
        self._unanswered.clear()
        self._bytes = 0
        self.is_choked = False
        self._fire_drained()

    async def drain(self) -> None:
        """Wait until all has been answered, at most a second."""
        self._flush()
        if self._unanswered:
            self._drained = Deferred()
            try:
                await self._drained.addTimeout(LEAVING_S, self._commands.clock)
            except TimeoutError:
                self._drained = None

    def callback(self, reply: Any) -> None:
        """Redis has answered the oldest PUBLISH: this object waits for all of them, which spares a Deferred for each."""
        if not self._unanswered:
            return
        self._bytes -= self._unanswered.popleft()
        if isinstance(reply, txredisapi.ResponseError):
            self._others_missed = True
            self._commands.abort(str(reply))
        elif (
            self.is_choked and self._bytes <= MOST_WAITING_BYTES // 2 and self._count <= MOST_UNANSWERED // 2
        ):
            self.is_choked = False
            self._announce()
            self._changed()
        if not self._unanswered:
            self._fire_drained()

    @property
    def _count(self) -> int:
        return len(self._unanswered) + len(self._waiting)

    def _flush(self) -> None:
        if self._flushing is not None and self._flushing.active():
            self._flushing.cancel()
        self._flushing = None
        waiting, self._waiting = self._waiting, {}
        if not waiting or not self._commands.is_up:
            return
        self.published += sum(map(len, waiting.values()))
        self._bytes -= sum(len(payload) for payloads in waiting.values() for payload in payloads)
        self._send(
            [
                pack("PUBLISH", channel, envelope)
                for channel, payloads in waiting.items()
                for envelope in seal(self._instance, payloads)
            ]
        )

    def _send(self, commands: list[bytes]) -> None:
        sizes = [len(command) for command in commands]
        self._unanswered.extend(sizes)
        self._bytes += sum(sizes)
        self._commands.write(commands, [self] * len(commands))

    def _announce(self) -> None:
        if self._others_missed and self._commands.is_up:
            self._others_missed = False
            self._send([pack("PUBLISH", self.missed_channel, self._instance)])

    def _drop(self, count: int) -> None:
        if count:
            self.dropped += count
            self._others_missed = True

    def _fire_drained(self) -> None:
        if self._drained is not None:
            drained, self._drained = self._drained, None
            drained.callback(None)
