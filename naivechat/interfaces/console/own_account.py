"""An operator's own account: another password, one-time codes, tokens."""

from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from naivechat.application.operator_services import OperatorServices
from naivechat.domain.errors import AuthFailed, RateLimited, WeakPassword
from naivechat.domain.operator import SHORTEST_OPERATOR_PASSWORD
from naivechat.interfaces.console.answer import Answer, page, reload_at
from naivechat.interfaces.console.cookies import SessionCookie
from naivechat.interfaces.console.login import waiting_sentence
from naivechat.interfaces.console.notices import refused
from naivechat.interfaces.console.paths import LOGIN
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.tokens import LONGEST_DAYS, roles_up_to
from naivechat.interfaces.console.totp_offer import render_offer
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class OwnAccountPage:
    """What everybody may change, viewers too. `cookie` and `ended` as of the login page.

    Whatever changes how one logs in asks for the password, and ends all sessions of the operator: the next page is the login.
    """

    _services: OperatorServices
    _cookie: SessionCookie
    _ended: Callable[[str], object]

    async def show(self, visit: Visit) -> Answer:
        """The forms."""
        return page(render("own_account.html", visit, **await self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The tokens as they are now, to be put into the page."""
        return page(render("own_tokens.html", visit, **await self._seen(visit)))

    async def change_password(self, visit: Visit) -> Answer:
        """Another password."""
        form = visit.arrival.form
        if form.get("new", "") != form.get("again", ""):
            return refused(visit, visit.words("The new password was not typed the same twice."), 400)
        logins = self._services.logins
        return await self._proved(
            visit, lambda: logins.change_password(visit.known_seat, form.get("old", ""), form.get("new", ""))
        )

    async def offer_totp(self, visit: Visit) -> Answer:
        """A secret for the authenticator app; nothing is changed yet."""
        operator_id = visit.acting.operator_id
        offer = self._services.operators.offer_totp(operator_id)
        return page(render_offer(visit, offer, operator_id, is_own=True))

    async def confirm_totp(self, visit: Visit) -> Answer:
        """Ask for a code at each login from now on."""
        form, totp = visit.arrival.form, self._services.own_totp
        secret, code = form.get("secret", ""), form.get("code", "")
        return await self._proved(
            visit, lambda: totp.confirm(visit.known_seat, form.get("password", ""), secret, code)
        )

    async def end_totp(self, visit: Visit) -> Answer:
        """Ask for the password alone from now on."""
        password, totp = visit.arrival.form.get("password", ""), self._services.own_totp
        return await self._proved(visit, lambda: totp.remove(visit.known_seat, password))

    async def _proved(self, visit: Visit, work: Callable[[], Awaitable[None]]) -> Answer:
        """Do what asks for the password; what is wrong with one is told in words."""
        try:
            await work()
        except WeakPassword:
            sentence = visit.words(
                "A password needs at least {n} characters.", n=str(SHORTEST_OPERATOR_PASSWORD)
            )
            return refused(visit, sentence, 400)
        except AuthFailed:
            return refused(visit, visit.words("The present password is wrong."), 403)
        except RateLimited as error:
            return refused(visit, waiting_sentence(visit.words, error.retry_after_ms or 0), 429)
        self._ended(visit.known_seat.session_token)
        return reload_at(LOGIN, cookies=(self._cookie.emptied(),))

    async def _seen(self, visit: Visit) -> dict[str, Any]:
        operator = await self._services.operators.get_operator(visit.acting.operator_id)
        return {
            "operator": operator,
            "shortest": SHORTEST_OPERATOR_PASSWORD,
            "tokens": await self._services.api_tokens.list_tokens(operator.operator_id),
            "token_roles": roles_up_to(operator.role),
            "longest_days": LONGEST_DAYS,
        }
