"""Between clients and one node: can end a connection in the middle of what a client says."""

from random import Random
from typing import Any

from tests.soak.tcp_proxy import End, TcpProxy


class DoorProxy(TcpProxy):
    """A proxy that cuts frames.

    Attributes:
        cut_short: the chance (0…1) that a connection dies within the next piece that its client sends. deaths: how many have.
    """

    def __init__(self, reactor: Any, node_port: int, random: Random) -> None:
        super().__init__(reactor, node_port, random)
        self.cut_short = 0.0
        self.deaths = 0

    def make_end(self, other: End | None = None) -> End:
        """One end of a connection."""
        return _DoorEnd(self, other)

    def mend(self) -> None:
        """Carry everything well again."""
        super().mend()
        self.cut_short = 0.0


class _DoorEnd(End):
    """A client's end, or the node's."""

    _is_dead = False

    def filtered(self, data: bytes) -> bytes:
        if self._is_dead:
            return b""
        if not self.is_server and self.proxy.random.random() < self.proxy.cut_short:
            self._is_dead = True
            self.proxy.deaths += 1
            data = data[: self.proxy.random.randrange(len(data))]
            self.proxy.reactor.callLater(0, self._die)
        return data

    def _die(self) -> None:
        """The node gets what was said so far, and then nothing more."""
        if self.other is not None:
            self.other.transport.loseConnection()
        self.abort()
