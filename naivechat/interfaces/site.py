"""The web site of a node: everything it is asked has a bound, and whatever goes wrong is told without details.

Pages hang below the first segment of a path; `rest`, where there is one, answers every other path.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web import http, resource, server
from twisted.web.error import UnsupportedMethod

from naivechat.interfaces.channel import Channel, Limits

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under that browsers send `Origin: null` with forms, and origins could not be compared.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""What every answer has; a page may say something else of itself by `setHeader`."""
TEXT = "text/plain; charset=utf-8"

_log = Logger()

# Twisted's classes of the web have few annotations: mypy is to take them as they are.
_Request: Any = server.Request
_Resource: Any = resource.Resource
_Site: Any = server.Site


class Page(Protocol):
    """What Twisted calls IResource."""

    isLeaf: Any

    def render(self, request: Any) -> bytes | int:
        """The answer's body, or NOT_DONE_YET."""


def answer(request: Any, status: int, body: str, content_type: str = TEXT) -> bytes:
    """Set an answer's status and type; its body as bytes, to be returned from `render` or written."""
    request.setResponseCode(status)
    request.setHeader("Content-Type", content_type)
    return body.encode()


def plain_error(request: Any, status: int) -> bytes:
    """An answer that says what kind of refusal it is, and nothing else."""
    reason = http.RESPONSES.get(status, b"Error").decode()
    return answer(request, status, f"{status} {reason}\n")


class Leaf(_Resource):  # type: ignore[misc]
    """A page without pages below it, for GET and HEAD; subclasses have `render_GET`."""

    def getChild(self, path: bytes, request: Any) -> "Absent":
        return Absent()


class Absent(_Resource):  # type: ignore[misc]
    """What is not there, whatever is done to it."""

    isLeaf = True

    def render(self, request: Any) -> bytes:
        return plain_error(request, http.NOT_FOUND)


def make_site(
    pages: Mapping[str, Page],
    *,
    reactor: IReactorTime,
    rest: Page | None = None,
    limits: Limits | None = None,
) -> "BoundedSite":
    """A site of pages.

    Args:
        pages: by the first segment of their path: `metrics` is `/metrics`, "" is `/`.
        rest: a leaf that answers every other path, as a klein application's resource does.
    """
    return BoundedSite(_Root(pages, rest), reactor=reactor, limits=limits or Limits())


class BoundedSite(_Site):  # type: ignore[misc]
    """Serves pages on at most `limits.connections` connections; keeps no access log."""

    noisy = False
    protocol = Channel
    channels: set[Channel]

    def __init__(self, root: Page, *, reactor: IReactorTime, limits: Limits) -> None:
        super().__init__(root, requestFactory=_BoundedRequest, timeout=limits.idle_s, reactor=reactor)
        self.limits = limits
        self.channels = set()

    def buildProtocol(self, addr: Any) -> Channel | None:
        if len(self.channels) >= self.limits.connections:
            return None
        channel: Channel = super().buildProtocol(addr)
        self.channels.add(channel)
        return channel

    def log(self, request: Any) -> None:
        """Addresses may hold what no log should."""

    def channel_gone(self, channel: Channel) -> None:
        """A connection is closed."""
        self.channels.discard(channel)

    def end(self) -> None:
        """Cut all connections off."""
        for channel in tuple(self.channels):
            channel.cut_off()


class _Root(_Resource):  # type: ignore[misc]
    def __init__(self, pages: Mapping[str, Page], rest: Page | None) -> None:
        super().__init__()
        self._rest = rest
        for name, page in pages.items():
            self.putChild(name.encode(), page)

    def getChild(self, path: bytes, request: Any) -> Any:
        if self._rest is None:
            return Absent()
        # A leaf finds the whole path in front of it, not only what is behind the first segment.
        request.prepath.pop()
        request.postpath.insert(0, path)
        return self._rest


class _BoundedRequest(_Request):  # type: ignore[misc]
    """A request with a bounded body, whose every answer has the security headers."""

    _body_bytes = 0

    def gotLength(self, length: int | None) -> None:
        if length is not None and length > self._most_bytes():
            self.channel.refuse(http.REQUEST_ENTITY_TOO_LARGE)
        else:
            super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:
        self._body_bytes += len(data)
        if self._body_bytes > self._most_bytes():
            self.channel.refuse(http.REQUEST_ENTITY_TOO_LARGE)
        else:
            super().handleContentChunk(data)

    def process(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.setHeader(name, value)
        super().process()

    def render(self, resrc: Any) -> None:
        super().render(_Guard(resrc))

    def write(self, data: bytes) -> None:
        self.responseHeaders.removeHeader(b"server")
        super().write(data)

    def processingFailed(self, reason: Failure) -> Failure:
        _log.failure("a page failed", reason)
        if self._disconnected or self.finished:
            return reason
        if self.startedWriting:
            self.channel.cut_off()
            return reason
        body = plain_error(self, http.INTERNAL_SERVER_ERROR)
        self.setHeader("Content-Length", str(len(body)))
        self.write(body)
        self.finish()
        return reason

    def _most_bytes(self) -> int:
        limits = self.channel.site.limits
        kind = (self.getHeader("Content-Type") or "").partition(";")[0].strip().lower()
        # A form is taken apart before anybody has asked who sends it.
        is_form = kind == "application/x-www-form-urlencoded"
        most: int = limits.form_bytes if is_form else limits.body_bytes
        return most


@attrs.frozen
class _Guard:
    """A page whose refusals and mistakes are told without details."""

    _page: Page

    def render(self, request: Any) -> Any:
        try:
            body = self._page.render(request)
        except UnsupportedMethod as refusal:
            request.setHeader("Allow", b", ".join(refusal.allowedMethods))
            body = plain_error(request, http.NOT_ALLOWED)
        if body == server.NOT_DONE_YET:
            return body
        if not isinstance(body, bytes):
            raise TypeError(f"{type(self._page).__name__} answers {type(body).__name__}")
        if request.method != b"HEAD":
            return body
        request.setHeader("Content-Length", str(len(body)))
        return b""
