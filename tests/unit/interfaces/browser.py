"""A browser in memory: bytes to a site and back."""

import attrs
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from naivechat.interfaces.site import BoundedSite


class _Wire(StringTransport):
    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Nothing waits here."""


@attrs.frozen
class Answer:
    """One answer: header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def parse(cls, received: bytes) -> "Answer":
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return cls(int(first.split()[1]), headers, body)


class Browser:
    """One connection to a site."""

    def __init__(self, site: BoundedSite) -> None:
        self.wire = _Wire()
        channel = site.buildProtocol(None)
        assert channel is not None
        self.channel = channel
        self.channel.makeConnection(self.wire)

    def send(self, data: bytes) -> None:
        self.channel.dataReceived(data)

    def received(self) -> bytes:
        data: bytes = self.wire.value()
        self.wire.clear()
        return data

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Send a request whole, and give its answer."""
        lines = [f"{method} {path} HTTP/1.1", "Host: node", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)
        return Answer.parse(self.received())

    def leave(self) -> None:
        self.channel.connectionLost(Failure(ConnectionDone()))


def advance(clock: Clock, seconds: float) -> None:
    clock.pump([1.0] * int(seconds))
