"""Between the nodes and Redis: carries everything, and can be told to do it badly."""

from random import Random
from typing import Any

from tests.soak.resp import MESSAGE, split_replies
from tests.soak.tcp_proxy import HOST, End, TcpProxy

__all__ = ["HOST", "BusProxy"]


class BusProxy(TcpProxy):
    """A proxy that knows published messages.

    Attributes:
        loss: share (0…1) of published messages that each of these happens to: dropped, doubled, swapped with the next.
        spoiled: messages that were dropped, doubled or swapped so far.
    """

    def __init__(self, reactor: Any, redis_port: int, random: Random) -> None:
        super().__init__(reactor, redis_port, random)
        self.loss = 0.0
        self.spoiled = 0

    def make_end(self, other: End | None = None) -> End:
        """One end of a connection."""
        return _BusEnd(self, other)

    def mend(self) -> None:
        """Carry everything well again."""
        super().mend()
        self.loss = 0.0


class _BusEnd(End):
    """A node's end, or Redis's, from which published messages come."""

    _rest = b""
    _held = b""

    def filtered(self, data: bytes) -> bytes:
        if not self.is_server:
            return data
        replies, self._rest = split_replies(self._rest + data)
        return b"".join(self._spoiled(reply) for reply in replies)

    def _spoiled(self, reply: bytes) -> bytes:
        held, self._held = self._held, b""
        if self.proxy.loss and reply.startswith(MESSAGE):
            chance = self.proxy.random.random() / self.proxy.loss
            self.proxy.spoiled += chance < 3
            if chance < 1:
                return held
            if chance < 2:
                return reply + held + reply
            if chance < 3 and not held:
                self._held = reply
                return b""
        return reply + held
