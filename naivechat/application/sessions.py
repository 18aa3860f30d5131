"""Sessions: logging in by password or token, and out."""

import hashlib
import secrets
from collections.abc import Callable, Collection

import attrs

from naivechat.application.accounts import Accounts
from naivechat.domain.events import SessionOpened
from naivechat.domain.ports import Clock, EventBus, TokenRepository
from naivechat.domain.session import (
    TOKEN_LIFETIME_MS,
    Admission,
    StoredToken,
    Ticket,
    TokenHash,
)
from naivechat.domain.sizes import DEFAULT_SIZES
from naivechat.domain.user import User, UserId

TOKEN_BYTES = 32
TOKENS_A_DEVICE = 4
"""Tokens a person keeps for each session: a session that gave way to one device too many may come back by its token."""


def token_hash_of(token: bytes) -> TokenHash:
    """What is stored of a token. A fast hash is enough: a token is random, nobody can guess at it."""
    return TokenHash(hashlib.sha256(token).digest())


@attrs.frozen(kw_only=True)
class Sessions:
    """Logging in and out. `make_token` gives that many random bytes."""

    _accounts: Accounts
    _tokens: TokenRepository
    _bus: EventBus
    _clock: Clock
    _make_token: Callable[[int], bytes] = secrets.token_bytes
    _most_devices: int = DEFAULT_SIZES.devices

    async def login(self, user_id: UserId, password: str, device: str) -> Ticket:
        """Log in by password; the new token takes the place of older ones of this device.

        Raises:
            AuthFailed, Disabled: as `Accounts.authenticate`; also when the password or the account changes meanwhile.
        """
        account = await self._accounts.authenticate(user_id, password)
        token = self._make_token(TOKEN_BYTES)
        stored = StoredToken(
            token_hash=token_hash_of(token),
            user_id=user_id,
            device=device,
            expires_at_ms=self._clock() + TOKEN_LIFETIME_MS,
        )
        admission = await self._tokens.add(
            stored, password_hash=account.password_hash, most=TOKENS_A_DEVICE * self._most_devices
        )
        return self._ticket(account.user, token, device, stored.expires_at_ms, admission)

    async def reconnect(self, user_id: UserId, token: bytes, device: str) -> Ticket:
        """Log in by a token, which stays the same and is good for another 30 days, or up to an hour less.

        Raises:
            TokenExpired: expired, revoked, never given, or somebody else's: all alike. Disabled.
        """
        back = await self._tokens.come_back(user_id, token_hash_of(token), self._clock())
        return self._ticket(back.user, token, device, back.expires_at_ms, back.admission)

    async def logout(self, token_hash: TokenHash) -> None:
        """Revoke a session's token; the connection is the caller's to close."""
        await self._tokens.revoke(token_hash)

    async def opened(self, user_id: UserId, device: str, login_no: int) -> None:
        """Tell all nodes of a new session: older ones of this device give way to it."""
        self._bus.publish(SessionOpened(user_id=user_id, device=device, login_no=login_no))

    async def revoked_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        """Those of the tokens that are no more: whoever is logged in by one has to log in anew, whether anybody said so or not."""
        return frozenset(token_hashes) - await self._tokens.known_among(token_hashes)

    @staticmethod
    def _ticket(user: User, token: bytes, device: str, expires_at_ms: int, admission: Admission) -> Ticket:
        return Ticket(
            user=user,
            device=device,
            token=token,
            token_hash=token_hash_of(token),
            expires_at_ms=expires_at_ms,
            login_no=admission.login_no,
            heads=admission.heads,
        )
