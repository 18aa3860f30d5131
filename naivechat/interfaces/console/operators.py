"""Operators: who may use the console, and what one of them changes of the others' accounts. The own account has a page of its own."""

from typing import Any

import attrs

from naivechat.application.api_tokens import ApiTokens
from naivechat.application.made_up_password import make_up_password
from naivechat.application.operators import Operators
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.operator import SHORTEST_OPERATOR_PASSWORD, OperatorId, OperatorRole
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.tokens import LONGEST_DAYS, roles_up_to
from naivechat.interfaces.console.totp_offer import render_offer
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class OperatorsPage:
    """All operators, and one. Nobody shuts themselves out here: of the own account nothing is changed on these pages."""

    _operators: Operators
    _tokens: ApiTokens

    async def show(self, visit: Visit) -> Answer:
        """All of them."""
        return page(render("operators.html", visit, **await self._all(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The same, to be put into the page."""
        return page(render("operator_rows.html", visit, **await self._all(visit)))

    async def show_one(self, visit: Visit) -> Answer:
        """One of them."""
        return page(render("operator.html", visit, **await self._one(visit)))

    async def refresh_one(self, visit: Visit) -> Answer:
        """The same, to be put into the page."""
        return page(render("operator_panel.html", visit, **await self._one(visit)))

    async def create(self, visit: Visit) -> Answer:
        """A new one, with the password that was typed, or one that is made up and shown once."""
        form = visit.arrival.form
        operator_id, typed = OperatorId(form.get("id", "").strip()), form.get("password", "")
        password = typed or make_up_password()
        await self._operators.add(visit.acting, operator_id, password, role_of(form.get("role", "")))
        sentence = visit.words("{id} may log in now.", id=operator_id)
        return done(visit, sentence, secret="" if typed else password)

    async def set_role(self, visit: Visit) -> Answer:
        """Another role."""
        operator_id, role = self._other(visit), role_of(visit.arrival.form.get("role", ""))
        await self._operators.set_role(visit.acting, operator_id, role)
        return done(visit, visit.words("{id} has another role from now on.", id=operator_id))

    async def disable(self, visit: Visit) -> Answer:
        """Shut somebody out."""
        operator_id = self._other(visit)
        await self._operators.set_disabled(visit.acting, operator_id, True)
        sentence = visit.words("{id} is shut out: sessions and tokens have ended.", id=operator_id)
        return done(visit, sentence)

    async def enable(self, visit: Visit) -> Answer:
        """Let somebody in again."""
        operator_id = self._other(visit)
        await self._operators.set_disabled(visit.acting, operator_id, False)
        return done(visit, visit.words("{id} may log in now.", id=operator_id))

    async def set_password(self, visit: Visit) -> Answer:
        """Another password, typed or made up."""
        operator_id, typed = self._other(visit), visit.arrival.form.get("password", "")
        password = typed or make_up_password()
        await self._operators.set_password(visit.acting, operator_id, password)
        sentence = visit.words("{id} has another password, and is logged in nowhere.", id=operator_id)
        return done(visit, sentence, secret="" if typed else password)

    async def offer_totp(self, visit: Visit) -> Answer:
        """A secret for somebody's authenticator app; nothing is changed yet."""
        operator_id = self._other(visit)
        await self._operators.get_operator(operator_id)
        offer = self._operators.offer_totp(operator_id)
        return page(render_offer(visit, offer, operator_id, is_own=False))

    async def confirm_totp(self, visit: Visit) -> Answer:
        """Ask for codes from now on."""
        operator_id, form = self._other(visit), visit.arrival.form
        await self._operators.confirm_totp(
            visit.acting, operator_id, form.get("secret", ""), form.get("code", "")
        )
        return done(visit, visit.words("{id} is asked for a code from now on.", id=operator_id))

    async def end_totp(self, visit: Visit) -> Answer:
        """Ask for the password alone."""
        operator_id = self._other(visit)
        await self._operators.remove_totp(visit.acting, operator_id)
        return done(visit, visit.words("{id} is asked for no code any more.", id=operator_id))

    def _other(self, visit: Visit) -> OperatorId:
        """Whose account is meant."""
        operator_id = OperatorId(visit.arrival.form.get("id", ""))
        if operator_id == visit.acting.operator_id:
            raise InvalidRequest("id", visit.words("your own account is changed on its own page"))
        return operator_id

    async def _all(self, visit: Visit) -> dict[str, Any]:
        return {
            "operators": await self._operators.list_operators(),
            "roles": list(OperatorRole),
            "shortest": SHORTEST_OPERATOR_PASSWORD,
            "may_change": visit.acting.may_change,
        }

    async def _one(self, visit: Visit) -> dict[str, Any]:
        operator = await self._operators.get_operator(OperatorId(visit.arrival.query.get("id", "")))
        is_own = operator.operator_id == visit.acting.operator_id
        return {
            "operator": operator,
            "tokens": await self._tokens.list_tokens(operator.operator_id),
            "roles": list(OperatorRole),
            "token_roles": roles_up_to(operator.role),
            "longest_days": LONGEST_DAYS,
            "shortest": SHORTEST_OPERATOR_PASSWORD,
            "is_own": is_own,
            "may_change": visit.acting.may_change and not is_own,
        }


def role_of(text: str) -> OperatorRole:
    """The role of that name. InvalidRequest."""
    try:
        return OperatorRole(text)
    except ValueError:
        raise InvalidRequest("role", "viewer or operator") from None
