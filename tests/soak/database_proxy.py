"""Between one node and its MariaDB: can lose the answer to a commit that was made."""

from random import Random
from typing import Any

from tests.soak.tcp_proxy import End, TcpProxy

COMMIT = b"\x03COMMIT"
"""How a client of MySQL asks for it: the command's byte, and the statement."""


class DatabaseProxy(TcpProxy):
    """A proxy that knows commits.

    Attributes:
        to_lose: of so many commits to come the answer is lost, and the connection with it. lost: how often that has happened.
    """

    def __init__(self, reactor: Any, database_port: int, random: Random) -> None:
        super().__init__(reactor, database_port, random)
        self.to_lose = self.lost = 0

    def make_end(self, other: End | None = None) -> End:
        """One end of a connection."""
        return _DatabaseEnd(self, other)

    def mend(self) -> None:
        """Carry everything well again."""
        super().mend()
        self.to_lose = 0


class _DatabaseEnd(End):
    """A node's end, or the database's."""

    is_doomed = False

    def filtered(self, data: bytes) -> bytes:
        if not self.is_server:
            if self.proxy.to_lose and COMMIT in data:
                self.proxy.to_lose -= 1
                self.is_doomed = True
            return data
        if isinstance(self.other, _DatabaseEnd) and self.other.is_doomed:
            # The database has answered, so it has committed: nobody hears of it.
            self.proxy.lost += 1
            self.other.abort()
            return b""
        return data
