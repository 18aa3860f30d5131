"""Operators' accounts: who may use the console, by which password and code, and in which role."""

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFound, WeakPassword
from naivechat.domain.names import require_password
from naivechat.domain.operator import (
    SHORTEST_OPERATOR_PASSWORD,
    ActingOperator,
    Operator,
    OperatorId,
    OperatorRole,
)
from naivechat.domain.operator_ports import OneTimeCodes, OperatorRepository
from naivechat.domain.ports import Clock, PasswordHasher
from naivechat.domain.user import is_user_id


@attrs.frozen(kw_only=True)
class TotpOffer:
    """A secret that is not in use yet, and the address by which an authenticator app takes it. Shown once, kept nowhere."""

    secret: str = attrs.field(repr=False)
    uri: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Operators:
    """What is done to operators' accounts. `by` is who does it: a viewer is refused, and each change goes into the audit log."""

    _operators: OperatorRepository
    _hasher: PasswordHasher
    _codes: OneTimeCodes
    _audit: AuditTrail
    _clock: Clock

    async def add(
        self, by: ActingOperator, operator_id: OperatorId, password: str, role: OperatorRole
    ) -> Operator:
        """Make an account.

        Raises:
            InvalidRequest: not the shape of an id. WeakPassword: under 12 characters. UserExists: the id is taken. Forbidden.
        """
        _require_change(by)
        if not is_user_id(operator_id):
            raise InvalidRequest("operator_id", "1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit")
        password_hash = await self._hash(password)
        operator = Operator(
            operator_id=operator_id, role=role, password_hash=password_hash, created_at_ms=self._clock()
        )
        entry = self._audit.entry(by, AuditAction.OPERATOR_CREATE, operator_id, role=role.value)
        await self._operators.add(operator, entry)
        return operator

    async def list_operators(self) -> tuple[Operator, ...]:
        """Every account, disabled ones too, by operator_id."""
        return await self._operators.list_operators()

    async def get_operator(self, operator_id: OperatorId) -> Operator:
        """One account. NotFound."""
        operator = await self._operators.find(operator_id)
        if operator is None:
            raise NotFound("There is no such operator.")
        return operator

    def offer_totp(self, operator_id: OperatorId) -> TotpOffer:
        """A new secret; see `offer_totp`."""
        return offer_totp(self._codes, operator_id)

    async def set_password(self, by: ActingOperator, operator_id: OperatorId, password: str) -> None:
        """Another password; all the operator's sessions end. WeakPassword, NotFound, Forbidden."""
        _require_change(by)
        password_hash = await self._hash(password)
        entry = self._audit.entry(by, AuditAction.OPERATOR_SET_PASSWORD, operator_id)
        await self._operators.set_password_hash(operator_id, password_hash, entry)

    async def set_role(self, by: ActingOperator, operator_id: OperatorId, role: OperatorRole) -> None:
        """Another role, from the operator's next request on, tokens of scripts included. NotFound, Forbidden."""
        _require_change(by)
        entry = self._audit.entry(by, AuditAction.OPERATOR_SET_ROLE, operator_id, role=role.value)
        await self._operators.set_role(operator_id, role, entry)

    async def set_disabled(self, by: ActingOperator, operator_id: OperatorId, disabled: bool) -> None:
        """Disable an account, which ends its sessions and API tokens, or enable it. NotFound, Forbidden."""
        _require_change(by)
        action = AuditAction.OPERATOR_DISABLE if disabled else AuditAction.OPERATOR_ENABLE
        await self._operators.set_disabled(operator_id, disabled, self._audit.entry(by, action, operator_id))

    async def confirm_totp(self, by: ActingOperator, operator_id: OperatorId, secret: str, code: str) -> None:
        """Ask for a code at each login from now on; all the operator's sessions end.

        Raises:
            InvalidRequest: `code` is none of this secret's now, so the app does not have it. NotFound, Forbidden.
        """
        _require_change(by)
        step = step_of_confirmation(self._codes, secret, code, self._clock())
        entry = self._audit.entry(by, AuditAction.OPERATOR_TOTP_ON, operator_id)
        await self._operators.set_totp(operator_id, secret, step, entry)

    async def remove_totp(self, by: ActingOperator, operator_id: OperatorId) -> None:
        """Ask for the password alone from now on; all the operator's sessions end. NotFound, Forbidden."""
        _require_change(by)
        entry = self._audit.entry(by, AuditAction.OPERATOR_TOTP_OFF, operator_id)
        await self._operators.set_totp(operator_id, None, 0, entry)

    async def _hash(self, password: str) -> str:
        require_strong(password)
        return await self._hasher.hash(password)


def offer_totp(codes: OneTimeCodes, operator_id: OperatorId) -> TotpOffer:
    """A new secret for one-time codes, to be put into an authenticator app and confirmed by `Operators.confirm_totp`."""
    secret = codes.make_secret()
    return TotpOffer(secret=secret, uri=codes.uri(operator_id, secret))


def step_of_confirmation(codes: OneTimeCodes, secret: str, code: str, now_ms: int) -> int:
    """The step of the code by which somebody shows that the app has a secret. InvalidRequest: it is none of this secret's now."""
    step = codes.matching_step(secret, code, now_ms)
    if step is None:
        raise InvalidRequest("code", "not the code that belongs to this secret now; nothing was changed")
    return step


def require_strong(password: str) -> None:
    """An operator's password has at least 12 characters, and is a text that can be sent. WeakPassword, InvalidRequest."""
    require_password(password)
    if len(password) < SHORTEST_OPERATOR_PASSWORD:
        raise WeakPassword(f"An operator's password needs at least {SHORTEST_OPERATOR_PASSWORD} characters.")


def _require_change(by: ActingOperator) -> None:
    if not by.may_change:
        raise Forbidden("A viewer may look, and change nothing.")
