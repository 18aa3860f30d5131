"""What a page answers, and how that is written to the browser."""

from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote

import attrs

HTML: Final = "text/html; charset=utf-8"


class Body(Protocol):
    """A body that comes bit by bit."""

    def begin(self, request: Any) -> None:
        """Write it, now or later, and finish the request; stop when the browser goes."""


@attrs.frozen(kw_only=True)
class Answer:
    """An answer to one request; the site adds what every answer has. `cookies` are whole values of Set-Cookie headers; header values are free of line ends."""

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    cookies: tuple[str, ...] = ()
    body: bytes | Body = b""

    def write(self, request: Any) -> None:
        """Send it, and finish the request unless the body does."""
        request.setResponseCode(self.status)
        for name, value in self.headers.items():
            request.setHeader(name, value)
        for cookie in self.cookies:
            request.responseHeaders.addRawHeader("Set-Cookie", cookie)
        if not isinstance(self.body, bytes):
            self.body.begin(request)
            return
        request.setHeader("Content-Length", str(len(self.body)))
        request.write(self.body)
        request.finish()


def page(html: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A page, or a part of one."""
    return Answer(status=status, headers={"Content-Type": HTML, **(headers or {})}, body=html.encode())


def see_other(path: str, *, cookies: tuple[str, ...] = ()) -> Answer:
    """The browser goes to another page of the console."""
    return Answer(status=303, headers={"Location": quote(path, safe="/?=&%")}, cookies=cookies)


def reload_at(path: str, *, status: int = 200, cookies: tuple[str, ...] = ()) -> Answer:
    """As `see_other`, for a request that htmx makes: the whole page changes, not a part of it."""
    return Answer(status=status, headers={"HX-Redirect": quote(path, safe="/?=&%")}, cookies=cookies)
