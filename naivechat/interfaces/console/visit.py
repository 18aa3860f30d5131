"""A request as pages see it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

import attrs
from twisted.web.iweb import IRequest

from naivechat.application.operator_logins import Seat
from naivechat.domain.operator import ActingOperator
from naivechat.interfaces.console.cookies import read_cookies
from naivechat.interfaces.console.words import Words

MOST_FIELDS: Final = 64
LONGEST_FORM: Final = 65_536
"""Bytes of a form; no page of the console has one as long."""
CSV: Final = "text/csv"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_TEXT_HEADERS: Final = (
    "accept-language",
    "content-type",
    "cookie",
    "host",
    "hx-request",
    "origin",
    "x-csrf-token",
    "x-forwarded-for",
)


class Unreadable(Exception):
    """A request that makes no sense: its address or its form is no text, or has too many parts."""


class FormTooLong(Exception):
    """A form of more than `LONGEST_FORM` bytes."""


@attrs.frozen(kw_only=True)
class Arrival:
    """A request as it came in, nothing of it believed yet.

    Header names are in small letters; `query`, `form`: the last of each name. csv: the body where it is a table and no form.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    peer: str
    csv: bytes = attrs.field(default=b"", repr=False)

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing by its method."""
        return self.method in SAFE_METHODS

    @property
    def is_for_a_part(self) -> bool:
        """Whether htmx asks, which puts the answer into a page."""
        return self.headers.get("hx-request") == "true"


@attrs.frozen(kw_only=True)
class Visit:
    """A request that may be answered: who asks, and in which language. `seat` is None where nobody is logged in."""

    arrival: Arrival
    words: Words
    theme: str
    from_address: str
    seat: Seat | None = None

    @property
    def acting(self) -> ActingOperator:
        """Who is logged in; only for pages that nobody else gets."""
        return self.known_seat.acting

    @property
    def known_seat(self) -> Seat:
        """The session; only for pages that nobody gets without one."""
        if self.seat is None:
            raise LookupError("nobody is logged in")
        return self.seat


def read_arrival(request: IRequest) -> Arrival:
    """What a request says. Unreadable, FormTooLong."""
    path, _, query = request.uri.partition(b"?")
    headers = {name: _header(request, name) for name in _TEXT_HEADERS}
    is_csv = headers["content-type"].partition(";")[0].strip().lower() == CSV
    has_form = not is_csv and _ascii(request.method) not in SAFE_METHODS
    return Arrival(
        method=_ascii(request.method),
        path=_ascii(path),
        headers=headers,
        cookies=read_cookies(headers["cookie"]),
        query=_fields(query),
        form=_fields(_form_of(request)) if has_form else {},
        peer=str(getattr(request.getClientAddress(), "host", "")),
        csv=request.content.read() if is_csv else b"",
    )


def _form_of(request: IRequest) -> bytes:
    form: bytes = request.content.read(LONGEST_FORM + 1)
    if len(form) > LONGEST_FORM:
        raise FormTooLong
    return form


def _fields(text: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise Unreadable from error
    return dict(pairs)


def _header(request: IRequest, name: str) -> str:
    value: bytes = (request.requestHeaders.getRawHeaders(name.encode()) or [b""])[-1]
    return value.decode("latin-1")


def _ascii(value: bytes) -> str:
    return value.decode("ascii", "replace")
