"""Coming in by a bearer token: who asks, how often they may, and how long whoever only tries tokens has to wait."""

from collections.abc import Callable

import attrs

from naivechat.application.api_tokens import ApiTokens, is_token
from naivechat.application.audit import AuditTrail
from naivechat.application.login_guard import AddressGuard
from naivechat.application.operator_logins import hash_of
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import RateLimited, TokenExpired
from naivechat.domain.operator import NOBODY, ActingOperator, OperatorRole
from naivechat.domain.session import TokenHash

RATE_PER_S = 50
BURST = 100
"""A token's requests: so many at once, and so many a second in the long run, on each node."""
MOST_KNOWN = 10_000
"""Tokens whose requests are counted; the one that was used longest ago gives way."""
TELL_EVERY_MS = 60_000
"""A token that is used too often goes down in the audit log once in this time."""


@attrs.define
class _Allowance:
    """What a token may still do: `left` requests at the moment `at_ms`. acting: who used it last."""

    acting: ActingOperator
    at_ms: int
    left: float = BURST
    told_at_ms: int = -TELL_EVERY_MS

    def take(self, now_ms: int) -> int:
        """Count a request: 0, or in how many milliseconds there may be one."""
        self.left = min(self.left + (now_ms - self.at_ms) * RATE_PER_S / 1_000, BURST)
        self.at_ms = now_ms
        if self.left < 1:
            return int((1 - self.left) * 1_000 / RATE_PER_S) + 1
        self.left -= 1
        return 0

    def is_to_be_told(self, now_ms: int) -> bool:
        """Whether a refusal now is to be written down; from then on it is."""
        if now_ms - self.told_at_ms < TELL_EVERY_MS:
            return False
        self.told_at_ms = now_ms
        return True


class ApiAccess:
    """The door of the JSON API on one node.

    An address from which wrong tokens come has to wait, longer each time, and meanwhile no token is looked up for it; those that
    were right on this node before are, so that nobody can shut out the scripts beside them.
    """

    def __init__(
        self,
        api_tokens: ApiTokens,
        audit: AuditTrail,
        guard: AddressGuard,
        clock: Callable[[], int],
        *,
        most_known: int = MOST_KNOWN,
    ) -> None:
        """`clock` gives milliseconds and does not follow changes of the wall clock."""
        self._api_tokens = api_tokens
        self._audit = audit
        self._guard = guard
        self._clock = clock
        self._most_known = most_known
        self._allowances: dict[TokenHash, _Allowance] = {}
        self._looking: set[TokenHash] = set()

    async def enter(self, text: str, from_address: str) -> ActingOperator:
        """Who makes a request by the token `text`.

        Raises:
            TokenExpired: never given, revoked, over, or its operator disabled: all alike. RateLimited: the token was used too
            often, or wrong ones came from this address. Unavailable.
        """
        if not is_token(text):
            raise TokenExpired
        token_hash = hash_of(text)
        allowance = self._allowances.get(token_hash)
        if allowance is None:
            acting = await self._find_new(text, token_hash, from_address)
            allowance = self._begin(token_hash, acting)
        else:
            acting = await self._find_known(text, token_hash, allowance, from_address)
        allowance.acting = acting
        return acting

    async def _find_new(self, text: str, token_hash: TokenHash, from_address: str) -> ActingOperator:
        if token_hash in self._looking:
            # One token many times at once, as a script begins, is one try.
            return await self._api_tokens.find_bearer(text, from_address)
        await self._begin_try(from_address)
        self._looking.add(token_hash)
        try:
            acting = await self._api_tokens.find_bearer(text, from_address)
        except TokenExpired:
            await self._audit.record(_nobody(from_address), AuditAction.TOKEN_REFUSED)
            raise
        except BaseException:
            self._guard.take_back(from_address)
            raise
        finally:
            self._looking.discard(token_hash)
        self._guard.take_back(from_address)
        return acting

    async def _begin_try(self, from_address: str) -> None:
        wait = self._guard.begin(from_address)
        if wait is None:
            return
        if wait.is_first:
            nobody = _nobody(from_address)
            await self._audit.record(nobody, AuditAction.OPERATOR_LOCKED_OUT, wait_ms=wait.wait_ms)
        raise RateLimited(retry_after_ms=wait.wait_ms)

    async def _find_known(
        self, text: str, token_hash: TokenHash, allowance: _Allowance, from_address: str
    ) -> ActingOperator:
        now_ms = self._clock()
        wait_ms = allowance.take(now_ms)
        if wait_ms:
            if allowance.is_to_be_told(now_ms):
                acting = attrs.evolve(allowance.acting, from_address=from_address)
                await self._audit.record(acting, AuditAction.OPERATOR_REFUSED, reason="too often")
            raise RateLimited(retry_after_ms=wait_ms)
        try:
            return await self._api_tokens.find_bearer(text, from_address)
        except TokenExpired:
            self._allowances.pop(token_hash, None)
            await self._audit.record(_nobody(from_address), AuditAction.TOKEN_REFUSED)
            raise

    def _begin(self, token_hash: TokenHash, acting: ActingOperator) -> _Allowance:
        """Of requests that came together the first one begins the count, and each is in it."""
        now_ms = self._clock()
        allowance = self._allowances.pop(token_hash, None) or _Allowance(acting, now_ms)
        allowance.take(now_ms)
        while len(self._allowances) >= self._most_known:
            del self._allowances[min(self._allowances, key=lambda key: self._allowances[key].at_ms)]
        self._allowances[token_hash] = allowance
        return allowance


def _nobody(from_address: str) -> ActingOperator:
    return ActingOperator(operator_id=NOBODY, role=OperatorRole.VIEWER, from_address=from_address)
