"""Bearer tokens: by which scripts and bots use the JSON API in an operator's name."""

import re
import secrets
from collections.abc import Callable
from typing import Final

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.operator_logins import TOKEN_BYTES, hash_of, text_of
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFound, TokenExpired
from naivechat.domain.operator import (
    LONGEST_API_TOKEN_MS,
    MOST_API_TOKENS,
    ActingOperator,
    ApiToken,
    OperatorId,
    OperatorRole,
)
from naivechat.domain.operator_ports import ApiTokenRepository, OperatorRepository
from naivechat.domain.ports import Clock
from naivechat.domain.user import UserId, is_user_id

PREFIX = "nc_"
"""What every token begins with, so that one that was left in a file is found as such."""


_TOKEN: Final = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def is_token(text: str) -> bool:
    """Whether a text has the shape of a token: what has not was never given."""
    return _TOKEN.fullmatch(text) is not None


@attrs.frozen(kw_only=True)
class NewToken:
    """A token that was just made; `text` is the token itself, known only here."""

    token: ApiToken
    text: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ApiTokens:
    """Tokens of scripts. `make_token` gives that many random bytes."""

    _operators: OperatorRepository
    _tokens: ApiTokenRepository
    _audit: AuditTrail
    _clock: Clock
    _make_token: Callable[[int], bytes] = secrets.token_bytes

    async def create(
        self,
        by: ActingOperator,
        operator_id: OperatorId,
        name: str,
        role: OperatorRole,
        *,
        lifetime_ms: int,
        bot_id: UserId | None = None,
    ) -> NewToken:
        """Make a token in an operator's name.

        Args:
            name: of the shape of an id. role: not above the operator's. lifetime_ms: 1 … LONGEST_API_TOKEN_MS.
            bot_id: the bot for which it may write, where it may do nothing else; its role has to be operator.

        Raises:
            InvalidRequest. NotFound: no such operator. Disabled. Forbidden: `role` is above the operator's, or above that of whoever
            asks; or it is somebody else's account and a viewer asks. Conflict: the name is taken. LimitReached.
        """
        _require_own(by, operator_id)
        if not is_user_id(name):
            raise InvalidRequest("name", "1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit")
        if not 0 < lifetime_ms <= LONGEST_API_TOKEN_MS:
            raise InvalidRequest("lifetime_ms", f"1 to {LONGEST_API_TOKEN_MS}")
        if bot_id is not None and not (is_user_id(bot_id) and role is OperatorRole.OPERATOR):
            raise InvalidRequest("bot_id", "is a bot's id, and goes with the role operator")
        await self._require_role(by, operator_id, role)
        text, now_ms = PREFIX + text_of(self._make_token(TOKEN_BYTES)), self._clock()
        token = ApiToken(
            token_hash=hash_of(text),
            name=name,
            operator_id=operator_id,
            role=role,
            created_at_ms=now_ms,
            expires_at_ms=now_ms + lifetime_ms,
            bot_id=bot_id,
        )
        await self._store(by, token)
        return NewToken(token=token, text=text)

    async def list_tokens(self, operator_id: OperatorId | None = None) -> tuple[ApiToken, ...]:
        """An operator's tokens, or everybody's, those over too: by operator_id, then name."""
        return await self._tokens.list_tokens(operator_id)

    async def revoke(self, by: ActingOperator, operator_id: OperatorId, name: str) -> None:
        """End a token. NotFound. Forbidden: somebody else's, and a viewer asks."""
        _require_own(by, operator_id)
        entry = self._audit.entry(by, AuditAction.TOKEN_REVOKE, operator_id, name=name)
        await self._tokens.remove(operator_id, name, entry)

    async def find_bearer(self, text: str, from_address: str) -> ActingOperator:
        """Who asks by a token; the role is the lesser of the token's and the operator's.

        Raises:
            TokenExpired: never given, revoked, over, or its operator disabled: all alike. Unavailable.
        """
        token_hash, now_ms = hash_of(text), self._clock()
        found = await self._tokens.find(token_hash)
        if found is None:
            raise TokenExpired
        token, operator = found
        if token.is_over(now_ms) or operator.disabled:
            raise TokenExpired
        if token.is_to_be_touched(now_ms):
            await self._tokens.touch(token_hash, now_ms)
        role = token.role.within(operator.role)
        return ActingOperator(
            operator_id=operator.operator_id, role=role, from_address=from_address, bot_id=token.bot_id
        )

    async def _require_role(self, by: ActingOperator, operator_id: OperatorId, role: OperatorRole) -> None:
        operator = await self._operators.find(operator_id)
        if operator is None:
            raise NotFound(f"There is no operator {operator_id}.")
        if role is not role.within(operator.role).within(by.role):
            raise Forbidden("A token can do no more than its operator.")

    async def _store(self, by: ActingOperator, token: ApiToken) -> None:
        entry = self._audit.entry(
            by,
            AuditAction.TOKEN_CREATE,
            token.operator_id,
            name=token.name,
            role=token.role.value,
            expires_at_ms=token.expires_at_ms,
            **({} if token.bot_id is None else {"bot_id": token.bot_id}),
        )
        await self._tokens.add(token, entry, most=MOST_API_TOKENS)


def _require_own(by: ActingOperator, operator_id: OperatorId) -> None:
    if by.bot_id is not None or (not by.may_change and by.operator_id != operator_id):
        raise Forbidden("A viewer may look, and change nothing of others.")
