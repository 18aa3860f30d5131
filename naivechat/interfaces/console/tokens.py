"""Tokens of scripts: made, and shown that once; revoked. Of the own account, or, by operators, of another one."""

from typing import Final

import attrs

from naivechat.application.api_tokens import ApiTokens
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.operator import LONGEST_API_TOKEN_MS, OperatorId, OperatorRole
from naivechat.interfaces.console.answer import Answer
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.visit import Visit

DAY_MS: Final = 24 * 3_600_000
LONGEST_DAYS: Final = LONGEST_API_TOKEN_MS // DAY_MS


@attrs.frozen(kw_only=True)
class TokenForms:
    """What the forms of a list of tokens do."""

    _tokens: ApiTokens

    async def create_own(self, visit: Visit) -> Answer:
        """A token of one's own."""
        return await self._create(visit, visit.acting.operator_id)

    async def create(self, visit: Visit) -> Answer:
        """A token of somebody else."""
        return await self._create(visit, OperatorId(visit.arrival.form.get("id", "")))

    async def revoke_own(self, visit: Visit) -> Answer:
        """End one of one's own."""
        return await self._revoke(visit, visit.acting.operator_id)

    async def revoke(self, visit: Visit) -> Answer:
        """End one of somebody else."""
        return await self._revoke(visit, OperatorId(visit.arrival.form.get("id", "")))

    async def _create(self, visit: Visit, operator_id: OperatorId) -> Answer:
        form = visit.arrival.form
        name, days = form.get("name", "").strip(), form.get("days", "")
        if not (days.isascii() and days.isdigit() and len(days) < 5):
            raise InvalidRequest("days", f"1 to {LONGEST_DAYS}")
        role = OperatorRole.OPERATOR if form.get("role") == OperatorRole.OPERATOR else OperatorRole.VIEWER
        made = await self._tokens.create(
            visit.acting, operator_id, name, role, lifetime_ms=int(days) * DAY_MS
        )
        return done(visit, visit.words("The token {name}:", name=name), secret=made.text)

    async def _revoke(self, visit: Visit, operator_id: OperatorId) -> Answer:
        name = visit.arrival.form.get("name", "")
        await self._tokens.revoke(visit.acting, operator_id, name)
        return done(visit, visit.words("The token {name} is good for nothing any more.", name=name))


def roles_up_to(role: OperatorRole) -> list[OperatorRole]:
    """The roles that a token of somebody of a role may have, the least first."""
    return [each for each in OperatorRole if each.within(role) is each]
