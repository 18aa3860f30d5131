"""The yardstick of durable delivery: the least that Twisted and PyMySQL can do with the same frames.

`python -m bench.storing_relay mysql://…` does as `bench.relay` does, but a frame is stored before its ack and its delivery are
written: all that wait by one INSERT and one commit, in a thread, which begins when the one before has ended. Nothing is decoded,
numbered or checked.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pymysql
from pymysql.constants import CLIENT
from twisted.internet import reactor as installed_reactor
from twisted.internet.protocol import Factory, Protocol

from bench.frames import ACK, DELIVERY
from bench.relay import changed, cut
from naivechat.infrastructure.sql.lane import Lane
from naivechat.infrastructure.sql.mysql_url import mysql_arguments

_reactor: Any = installed_reactor


class Peer(Protocol):
    """One connection; the other of its pair has the next number, or the one before."""

    factory: "StoringRelay"

    def __init__(self) -> None:
        self._buffer = bytearray()

    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)  # type: ignore[union-attr]
        self._number = len(self.factory.peers)
        self.factory.peers.append(self)

    def dataReceived(self, data: bytes) -> None:
        self._buffer += data
        frames, used = cut(self._buffer)
        del self._buffer[:used]
        self.factory.take(self._number, frames)

    def send(self, data: bytes) -> None:
        """Straight to the kernel: what it does not take of a few frames is no yardstick's to handle."""
        assert self.transport is not None
        if self.transport.writeSomeData(data) != len(data):  # type: ignore[attr-defined]
            raise AssertionError("a connection takes no more")


class StoringRelay(Factory):
    """Frames that wait to be stored, and where they came from."""

    protocol = Peer

    def __init__(self, url: str) -> None:
        self.peers: list[Peer] = []
        self._connection = pymysql.connect(**mysql_arguments(url), client_flag=CLIENT.MULTI_STATEMENTS)
        self._cursor = self._connection.cursor()
        self._cursor.execute(
            "CREATE TABLE relayed (seq BIGINT AUTO_INCREMENT PRIMARY KEY, frame BLOB NOT NULL)"
        )
        self._lane = Lane(_reactor, 1, "store")
        self._waiting: list[tuple[int, bytes]] = []
        self._is_storing = False

    def take(self, number: int, frames: Sequence[bytes]) -> None:
        """Frames of a connection wait; they are stored at once if nothing else is."""
        self._waiting += [(number, frame) for frame in frames]
        if not self._is_storing:
            self._store()

    def _store(self) -> None:
        self._is_storing = bool(self._waiting)
        if self._is_storing:
            batch, self._waiting = self._waiting, []
            self._lane.run(lambda: self._insert(batch)).addCallback(self._pass_on)

    def _insert(self, batch: Sequence[tuple[int, bytes]]) -> Sequence[tuple[int, bytes]]:
        rows = ",".join([f"(0x{frame.hex()})" for _, frame in batch])
        self._cursor.execute(f"INSERT INTO relayed (frame) VALUES {rows};COMMIT")
        while self._cursor.nextset():
            pass
        return batch

    def _pass_on(self, batch: Sequence[tuple[int, bytes]]) -> None:
        outgoing: defaultdict[int, list[bytes]] = defaultdict(list)
        for number, frame in batch:
            outgoing[number].append(changed(frame, ACK))
            outgoing[number ^ 1].append(changed(frame, DELIVERY))
        for number, frames in outgoing.items():
            self.peers[number].send(b"".join(frames))
        self._store()


def main() -> None:
    """Say the port and relay."""
    port = _reactor.listenTCP(0, StoringRelay(sys.argv[1]), interface="127.0.0.1", backlog=512)
    print(port.getHost().port, flush=True)
    _reactor.run()


if __name__ == "__main__":
    main()
