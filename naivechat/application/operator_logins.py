"""Operators' sessions: logging in to the console, being known by a cookie, and logging out."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.login_guard import LoginGuard
from naivechat.application.operators import require_strong
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import AuthFailed, Disabled, RateLimited, TokenExpired
from naivechat.domain.operator import (
    MOST_SESSIONS,
    NOBODY,
    ActingOperator,
    Operator,
    OperatorId,
    OperatorRole,
    OperatorSession,
)
from naivechat.domain.operator_ports import OneTimeCodes, OperatorRepository, OperatorSessionRepository
from naivechat.domain.ports import Clock, PasswordHasher
from naivechat.domain.session import TokenHash

TOKEN_BYTES = 32
_CSRF_LABEL = b"naivechat console csrf"


def hash_of(token: str) -> TokenHash:
    """What is stored of a token. A fast hash is enough: a token is random, nobody can guess at it."""
    return TokenHash(hashlib.sha256(token.encode("utf-8", "replace")).digest())


def text_of(token: bytes) -> str:
    """A token as cookies and headers hold it: 43 characters of A-Z a-z 0-9 - _."""
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


@attrs.frozen(kw_only=True)
class Seat:
    """A browser that is logged in, as a request finds it.

    acting: who asks, with the request's own address. session_token: what the cookie holds. expires_at_ms: when it ends at the
    latest; it ends earlier when it is not used for half an hour.
    """

    acting: ActingOperator
    session_token: str = attrs.field(repr=False)
    expires_at_ms: int

    @property
    def csrf_token(self) -> str:
        """What a request that changes something has to bring, and a page of another site cannot know.

        It is made of the session's token, so it belongs to this session and ends with it; who knows it knows nothing of the token.
        """
        key = self.session_token.encode("utf-8", "replace")
        return text_of(hmac.digest(key, _CSRF_LABEL, hashlib.sha256))

    def is_csrf_token(self, text: str) -> bool:
        """Whether a text is this session's CSRF token; takes as long whatever it is."""
        return hmac.compare_digest(self.csrf_token.encode("ascii"), text.encode("utf-8", "replace"))


class _Refused(Exception):
    """A login is wrong; the reason is for the audit log alone."""

    def __init__(self, reason: str, subject: str = "") -> None:
        self.reason = reason
        self.subject = subject
        super().__init__(reason)


@attrs.frozen(kw_only=True)
class OperatorLogins:
    """Sessions of operators. `make_token` gives that many random bytes."""

    _operators: OperatorRepository
    _sessions: OperatorSessionRepository
    _hasher: PasswordHasher
    _codes: OneTimeCodes
    _guard: LoginGuard
    _audit: AuditTrail
    _clock: Clock
    _make_token: Callable[[int], bytes] = secrets.token_bytes

    async def log_in(
        self, operator_id: str, password: str, code: str, from_address: str, *, instead_of: str = ""
    ) -> Seat:
        """Log in, with a new session each time.

        Args:
            code: the one-time code; of no matter where the operator has no secret for it.
            instead_of: the session token that the browser has brought, if any: that session ends.

        Raises:
            AuthFailed: unknown, disabled, a wrong password or code: all alike, in words and in time. RateLimited: after failures
            one has to wait. Unavailable.
        """
        operator = await self._checked(operator_id, password, code, from_address)
        token = text_of(self._make_token(TOKEN_BYTES))
        acting = _acting(operator, operator.role, from_address)
        session = OperatorSession.beginning(
            hash_of(token), operator.operator_id, acting.from_address, self._clock()
        )
        try:
            await self._sessions.add(
                session,
                self._audit.entry(acting, AuditAction.OPERATOR_LOGIN, operator.operator_id),
                password_hash=operator.password_hash,
                instead_of=hash_of(instead_of) if instead_of else None,
                most=MOST_SESSIONS,
            )
        except Disabled:
            raise AuthFailed from None
        return Seat(acting=acting, session_token=token, expires_at_ms=session.expires_at_ms)

    async def find_seat(self, session_token: str, from_address: str, *, is_use: bool = True) -> Seat:
        """Who is logged in by a token.

        Args:
            is_use: whether the operator does something; what an open page asks by itself keeps no session alive.

        Raises:
            TokenExpired: never given, ended, over, or its operator disabled: all alike. Unavailable.
        """
        session_hash, now_ms = hash_of(session_token), self._clock()
        found = await self._sessions.find(session_hash)
        if found is None:
            raise TokenExpired
        session, operator = found
        if session.is_over(now_ms) or operator.disabled:
            raise TokenExpired
        if is_use and session.is_to_be_touched(now_ms):
            await self._sessions.touch(session_hash, now_ms)
        acting = _acting(operator, operator.role, from_address)
        return Seat(acting=acting, session_token=session_token, expires_at_ms=session.expires_at_ms)

    async def log_out(self, seat: Seat) -> None:
        """End the session; its token is of no use to anybody from now on."""
        acting = seat.acting
        entry = self._audit.entry(acting, AuditAction.OPERATOR_LOGOUT, acting.operator_id)
        await self._sessions.remove(hash_of(seat.session_token), entry)

    async def prove(self, seat: Seat, password: str) -> Operator:
        """Whoever is logged in shows once more to be that operator. AuthFailed, RateLimited."""
        return await self._checked(seat.acting.operator_id, password, None, seat.acting.from_address)

    async def change_password(self, seat: Seat, old: str, new: str) -> None:
        """An operator's own new password, a viewer's too; all that operator's sessions end, this one included.

        Raises:
            AuthFailed: `old` is wrong. RateLimited: it was too often. WeakPassword.
        """
        require_strong(new)
        acting = seat.acting
        operator = await self.prove(seat, old)
        password_hash = await self._hasher.hash(new)
        entry = self._audit.entry(acting, AuditAction.OPERATOR_SET_PASSWORD, acting.operator_id)
        await self._operators.set_password_hash(
            acting.operator_id, password_hash, entry, instead_of=operator.password_hash
        )

    async def _checked(
        self, operator_id: str, password: str, code: str | None, from_address: str
    ) -> Operator:
        """The operator, if all is right; failures are counted and written down. `code` None: none is asked for."""
        await self._require_patience(operator_id, from_address)
        nobody = ActingOperator(operator_id=NOBODY, role=OperatorRole.VIEWER, from_address=from_address)
        try:
            operator = await self._proved(operator_id, password, code)
        except _Refused as refused:
            await self._audit.record(
                nobody, AuditAction.OPERATOR_LOGIN_FAILED, refused.subject, reason=refused.reason
            )
            raise AuthFailed("The account, the password or the code is wrong.") from None
        except BaseException:
            self._guard.take_back(operator_id, from_address)
            raise
        self._guard.succeeded(operator_id, from_address)
        return operator

    async def _require_patience(self, operator_id: str, from_address: str) -> None:
        wait = self._guard.begin(operator_id, from_address)
        if wait is None:
            return
        if wait.is_first:
            known = await self._operators.find(OperatorId(operator_id))
            subject = "" if known is None else known.operator_id
            nobody = ActingOperator(operator_id=NOBODY, role=OperatorRole.VIEWER, from_address=from_address)
            await self._audit.record(nobody, AuditAction.OPERATOR_LOCKED_OUT, subject, wait_ms=wait.wait_ms)
        raise RateLimited(retry_after_ms=wait.wait_ms)

    async def _proved(self, operator_id: str, password: str, code: str | None) -> Operator:
        operator = await self._operators.find(OperatorId(operator_id))
        known_hash = operator.password_hash if operator is not None else None
        verified = await self._hasher.verify(known_hash, password)
        if operator is None:
            # The name is not written down: people type passwords into the wrong field.
            raise _Refused("unknown")
        if not verified:
            raise _Refused("password", operator.operator_id)
        if operator.disabled:
            raise _Refused("disabled", operator.operator_id)
        if code is not None:
            await self._require_code(operator, code)
        return await self._with_a_hash_of_today(operator, password)

    async def _require_code(self, operator: Operator, code: str) -> None:
        if operator.totp_secret is None:
            return
        step = self._codes.matching_step(operator.totp_secret, code, self._clock())
        if step is None:
            raise _Refused("code", operator.operator_id)
        if not await self._operators.use_totp_step(operator.operator_id, step):
            raise _Refused("code used before", operator.operator_id)

    async def _with_a_hash_of_today(self, operator: Operator, password: str) -> Operator:
        if not self._hasher.needs_rehash(operator.password_hash):
            return operator
        known_hash, password_hash = operator.password_hash, await self._hasher.hash(password)
        if await self._operators.rehash_password(operator.operator_id, password_hash, instead_of=known_hash):
            return attrs.evolve(operator, password_hash=password_hash)
        return operator


def _acting(operator: Operator, role: OperatorRole, from_address: str) -> ActingOperator:
    return ActingOperator(operator_id=operator.operator_id, role=role, from_address=from_address)
