"""Logging in and out."""

import math
from collections.abc import Callable
from typing import Final

import attrs

from naivechat.application.operator_logins import OperatorLogins
from naivechat.domain.errors import AuthFailed, RateLimited
from naivechat.interfaces.console.answer import Answer, page, reload_at, see_other
from naivechat.interfaces.console.cookies import SessionCookie
from naivechat.interfaces.console.paths import LOGIN, OVERVIEW
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import Words

LONGEST_FIELD: Final = 1_024


@attrs.frozen(kw_only=True)
class LoginPage:
    """The page before all others. `cookie` keeps the session in the browser; `ended` is called with the token of one that ended."""

    _logins: OperatorLogins
    _cookie: SessionCookie
    _ended: Callable[[str], object]

    async def show(self, visit: Visit) -> Answer:
        """The form; whoever is logged in needs none."""
        if visit.seat is not None:
            return see_other(OVERVIEW)
        return page(render("login.html", visit, reason="", operator_id=""))

    async def log_in(self, visit: Visit) -> Answer:
        """Begin a session, always a new one: a token that somebody else has put into the browser is worth nothing."""
        form = {name: value[:LONGEST_FIELD] for name, value in visit.arrival.form.items()}
        operator_id = form.get("operator_id", "").strip()
        try:
            seat = await self._logins.log_in(
                operator_id,
                form.get("password", ""),
                form.get("code", "").replace(" ", ""),
                visit.from_address,
                instead_of=visit.arrival.cookies.get(self._cookie.name, ""),
            )
        except AuthFailed:
            reason = visit.words("The account, the password or the code is wrong.")
            return self._again(visit, operator_id, reason, status=403)
        except RateLimited as refused:
            reason = waiting_sentence(visit.words, refused.retry_after_ms or 0)
            return self._again(visit, operator_id, reason, status=429)
        return see_other(OVERVIEW, cookies=(self._cookie.holding(seat.session_token),))

    async def log_out(self, visit: Visit) -> Answer:
        """End the session, here and in the database."""
        await self._logins.log_out(visit.known_seat)
        self._ended(visit.known_seat.session_token)
        return reload_at(LOGIN, cookies=(self._cookie.emptied(),))

    def _again(self, visit: Visit, operator_id: str, reason: str, *, status: int) -> Answer:
        html = render("login.html", visit, reason=reason, operator_id=operator_id)
        return page(html, status=status)


def waiting_sentence(words: Words, wait_ms: int) -> str:
    """How long somebody has to wait before the next try, rounded up to whole seconds or minutes."""
    seconds = max(math.ceil(wait_ms / 1000), 1)
    if seconds < 120:
        return words.count(
            "Too many failed logins: try again in {count} second.",
            "Too many failed logins: try again in {count} seconds.",
            seconds,
        )
    return words.count(
        "Too many failed logins: try again in {count} minute.",
        "Too many failed logins: try again in {count} minutes.",
        math.ceil(seconds / 60),
    )
