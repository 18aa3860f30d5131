"""An operator's own account: another password."""

from collections.abc import Callable

import attrs

from naivechat.application.operator_logins import OperatorLogins
from naivechat.domain.errors import AuthFailed, RateLimited, WeakPassword
from naivechat.domain.operator import SHORTEST_OPERATOR_PASSWORD
from naivechat.interfaces.console.answer import Answer, page, reload_at
from naivechat.interfaces.console.cookies import SessionCookie
from naivechat.interfaces.console.login import waiting_sentence
from naivechat.interfaces.console.notices import refused
from naivechat.interfaces.console.paths import LOGIN
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class OwnAccountPage:
    """What everybody may change, viewers too. `cookie` and `ended` as of the login page."""

    _logins: OperatorLogins
    _cookie: SessionCookie
    _ended: Callable[[str], object]

    async def show(self, visit: Visit) -> Answer:
        """The form."""
        return page(render("own_account.html", visit, shortest=SHORTEST_OPERATOR_PASSWORD))

    async def change_password(self, visit: Visit) -> Answer:
        """Another password; all sessions of the operator end, so the next page is the login."""
        form = visit.arrival.form
        if form.get("new", "") != form.get("again", ""):
            return refused(visit, visit.words("The new password was not typed the same twice."), 400)
        try:
            await self._logins.change_password(visit.known_seat, form.get("old", ""), form.get("new", ""))
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
