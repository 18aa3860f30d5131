"""A connection of the web site: HTTP/1.1 with an end to every wait.

Rules of the file:

- a request, with its body, is there `request_s` after its first byte, or after the connection's beginning; a byte now and then
  does not put that off;
- a connection without a request is closed after `idle_s`;
- a peer that does not take what is written for `stalled_s` is cut off, with all that waits for it;
- after a refusal nothing of what the peer still sends is looked at.
"""

from typing import Any

import attrs
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http

# Twisted's classes of the web have few annotations: mypy is to take them as they are.
_HTTPChannel: Any = http.HTTPChannel


@attrs.frozen(kw_only=True)
class Limits:
    """What a site takes: connections, bytes of a body and of a form, headers and their bytes, and seconds."""

    connections: int = 200
    body_bytes: int = 1024 * 1024
    form_bytes: int = 64 * 1024
    headers: int = 100
    header_bytes: int = 16 * 1024
    request_s: float = 20.0
    idle_s: float = 30.0
    stalled_s: float = 30.0


class Channel(_HTTPChannel):  # type: ignore[misc]
    """The server's end of one connection."""

    site: Any
    _is_refused = False
    _is_answering = False
    _deadline: IDelayedCall | None = None
    _stalled: IDelayedCall | None = None

    def connectionMade(self) -> None:
        self.maxHeaders = self.site.limits.headers
        self.totalHeadersSize = self.site.limits.header_bytes
        super().connectionMade()
        self._await_request()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._request_is_there()
        self._stall_ended()
        self.site.channel_gone(self)
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._await_request()
        super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:
        if not self._is_refused:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:
        if self._is_refused:
            return
        self._is_answering = True
        self._request_is_there()
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        self._is_answering = False
        super().requestDone(request)

    def pauseProducing(self) -> None:
        super().pauseProducing()
        self._await_reading()

    def resumeProducing(self) -> None:
        self._stall_ended()
        super().resumeProducing()

    def refuse(self, status: int) -> None:
        """Answer a request that is not wholly there, and close."""
        if self._is_refused:
            return
        self._is_refused = True
        # Nobody is to be told to go on.
        self.requests[-1].requestHeaders.removeHeader(b"Expect")
        self.transport.write(
            b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            % (status, http.RESPONSES[status])
        )
        self._close()

    def cut_off(self) -> None:
        """Close at once, whatever waits to be written."""
        self.transport.abortConnection()

    def timeoutConnection(self) -> None:
        # Twisted's own logs a line for each: browsers let connections idle all the time.
        self._close()

    def _close(self) -> None:
        self.setTimeout(None)
        self.loseConnection()
        self._await_reading()

    def _await_reading(self) -> None:
        if self._stalled is None:
            self._stalled = self.callLater(self.site.limits.stalled_s, self.cut_off)

    def _await_request(self) -> None:
        if self._deadline is None and not self._is_answering:
            self._deadline = self.callLater(self.site.limits.request_s, self.cut_off)

    def _request_is_there(self) -> None:
        _cancel(self._deadline)
        self._deadline = None

    def _stall_ended(self) -> None:
        _cancel(self._stalled)
        self._stalled = None


def _cancel(call: IDelayedCall | None) -> None:
    if call is not None and call.active():
        call.cancel()
