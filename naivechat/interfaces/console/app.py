"""The console as one resource: finds out who asks, lets pages answer, and refuses everything else in words.

Not klein: its import installs the default reactor, it logs an error for whatever address a stranger makes up, and its redirects go
where the Host header says. What is needed of it is a table of paths.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import attrs
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from naivechat.application.audit import AuditTrail
from naivechat.application.operator_logins import OperatorLogins, Seat
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import (
    ChatError,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    TokenExpired,
    Unavailable,
)
from naivechat.interfaces.console import guard
from naivechat.interfaces.console.answer import Answer, page, reload_at, see_other
from naivechat.interfaces.console.cookies import LANGUAGE, THEME, SessionCookie
from naivechat.interfaces.console.paths import AUDIT_EXPORT, LIVE, LOGIN, STATIC, USERS_EXPORT
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.static_files import static_files
from naivechat.interfaces.console.visit import Arrival, FormTooLong, Unreadable, Visit, read_arrival
from naivechat.interfaces.console.words import Words, choose_language
from naivechat.interfaces.public_address import PublicAddress

THEMES: Final = ("auto", "light", "dark")
FOR_A_YEAR: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_STATUS: Final[Mapping[type[ChatError], int]] = {
    Forbidden: 403,
    InvalidRequest: 400,
    NotFound: 404,
    RateLimited: 429,
    Unavailable: 503,
}

_log = Logger()
# Twisted's classes of the web have few annotations: mypy is to take them as they are.
_Resource: Any = Resource


@attrs.frozen
class Route:
    """What answers a path.

    is_open: also for whoever is not logged in. is_use: whether the request is an operator's own; one that an open page makes by
    itself keeps no session alive. changes: for operators only, not for viewers.
    """

    answer: Callable[[Visit], Awaitable[Answer]]
    is_open: bool = attrs.field(default=False, kw_only=True)
    is_use: bool = attrs.field(default=True, kw_only=True)
    changes: bool = attrs.field(default=False, kw_only=True)


Routes = Mapping[tuple[str, str], Route]
"""By method and path."""


class _Refused(Exception):
    """A request that gets no page: with which status, and why, as a msgid."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(reason)


class Console(_Resource):  # type: ignore[misc]
    """All pages below `/console`."""

    isLeaf = True

    def __init__(
        self,
        routes: Routes,
        *,
        logins: OperatorLogins,
        audit: AuditTrail,
        public: PublicAddress,
    ) -> None:
        super().__init__()
        self._routes = routes
        self._logins = logins
        self._audit = audit
        self._public = public
        self._cookie = SessionCookie(is_secure=public.is_secure)

    def render(self, request: Any) -> int:
        """Answer, sooner or later; nothing is written for a browser that has gone meanwhile."""
        answering: Deferred[Answer] = Deferred.fromCoroutine(self._answer(request))
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)
        answering.addCallback(lambda answer: None if gone else answer.write(request))
        answering.addErrback(self._broken, request)
        return int(NOT_DONE_YET)

    async def _answer(self, request: Any) -> Answer:
        try:
            arrival = read_arrival(request)
        except Unreadable:
            return Answer(status=400, headers={"Content-Type": "text/plain; charset=utf-8"}, body=b"400\n")
        except FormTooLong:
            return Answer(status=413, headers={"Content-Type": "text/plain; charset=utf-8"}, body=b"413\n")
        visit = self._visit(arrival)
        try:
            if arrival.path.startswith(STATIC):
                return _static(arrival)
            route = self._route(arrival)
            return await route.answer(await self._let_in(visit, route))
        except _Refused as refused:
            return _refusal(visit, refused.status, visit.words(refused.reason), refused.headers)
        except TokenExpired:
            return self._to_the_door(arrival)
        except ChatError as error:
            return _refusal(visit, _STATUS.get(type(error), 409), visit.words(error.message), {})
        except Exception:
            _log.failure("a page of the console failed: {path}", path=arrival.path)
            return _refusal(
                visit, 500, visit.words("Something went wrong; the log of the node says what."), {}
            )

    def _visit(self, arrival: Arrival) -> Visit:
        theme = arrival.cookies.get(THEME, "")
        language = choose_language(arrival.cookies.get(LANGUAGE, ""), arrival.headers["accept-language"])
        return Visit(
            arrival=arrival,
            words=Words(language),
            theme=theme if theme in THEMES else THEMES[0],
            from_address=self._public.address_of(arrival.peer, arrival.headers["x-forwarded-for"]),
        )

    def _route(self, arrival: Arrival) -> Route:
        if not self._public.is_asked_at(arrival.headers["host"]):
            raise _Refused(421, "The console is not reached by this name: start the node with --admin-url.")
        has_head = arrival.path not in (LIVE, AUDIT_EXPORT, USERS_EXPORT)
        method = "GET" if arrival.method == "HEAD" and has_head else arrival.method
        route = self._routes.get((method, arrival.path))
        if route is not None:
            return route
        allowed = sorted(known for known, path in self._routes if path == arrival.path)
        if allowed:
            raise _Refused(405, "That cannot be done here.", {"Allow": ", ".join(allowed)})
        raise _Refused(404, "There is no such page.")

    async def _let_in(self, visit: Visit, route: Route) -> Visit:
        arrival = visit.arrival
        if not arrival.is_safe and not guard.is_from_us(arrival.headers, self._public):
            raise _Refused(403, "This request does not come from the console.")
        seat = await self._find_seat(visit, route)
        if seat is None:
            if not route.is_open:
                raise TokenExpired
            return visit
        known = attrs.evolve(visit, seat=seat)
        if not arrival.is_safe and not route.is_open and not guard.has_token(arrival.headers, seat):
            await self._note(known, "csrf")
            raise _Refused(403, "This request does not come from the console.")
        if route.changes and not seat.acting.may_change:
            await self._note(known, "viewer")
            raise Forbidden("A viewer may look, and change nothing.")
        return known

    async def _find_seat(self, visit: Visit, route: Route) -> Seat | None:
        token = visit.arrival.cookies.get(self._cookie.name, "")
        if not token:
            return None
        try:
            return await self._logins.find_seat(token, visit.from_address, is_use=route.is_use)
        except TokenExpired:
            return None

    async def _note(self, visit: Visit, reason: str) -> None:
        """What somebody who is logged in was refused. Whoever is not could fill the log with it."""
        path = visit.arrival.path
        await self._audit.record(visit.acting, AuditAction.OPERATOR_REFUSED, path, reason=reason)

    def _to_the_door(self, arrival: Arrival) -> Answer:
        cookies = (self._cookie.emptied(),) if self._cookie.name in arrival.cookies else ()
        if arrival.is_for_a_part:
            return reload_at(LOGIN, status=401, cookies=cookies)
        if arrival.path == LIVE:
            return Answer(status=401)
        return see_other(LOGIN, cookies=cookies)

    def _broken(self, failure: Failure, request: Any) -> None:
        _log.failure("an answer of the console could not be written", failure)
        request.loseConnection()


def _static(arrival: Arrival) -> Answer:
    if not arrival.is_safe:
        raise _Refused(405, "That cannot be done here.", {"Allow": "GET"})
    file = static_files().get(arrival.path.removeprefix(STATIC))
    if file is None:
        raise _Refused(404, "There is no such page.")
    return Answer(headers={"Content-Type": file.kind, "Vary": "Accept-Encoding", **FOR_A_YEAR}, body=file)


def _refusal(visit: Visit, status: int, reason: str, headers: Mapping[str, str]) -> Answer:
    if visit.arrival.is_for_a_part:
        html = render("notice.html", visit, kind="bad", reason=reason, secret="")
        return page(
            html, status=status, headers={**headers, "HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
        )
    title = visit.words("Page not found") if status == 404 else visit.words("Refused")
    return page(render("refusal.html", visit, title=title, reason=reason), status=status, headers=headers)
