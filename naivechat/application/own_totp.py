"""One-time codes of an operator's own account, which viewers have too: only with the password, for a browser may have been left open."""

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.operator_logins import OperatorLogins, Seat
from naivechat.application.operators import step_of_confirmation
from naivechat.domain.audit import AuditAction
from naivechat.domain.operator_ports import OneTimeCodes, OperatorRepository
from naivechat.domain.ports import Clock


@attrs.frozen(kw_only=True)
class OwnTotp:
    """Both methods end all the operator's sessions, and raise AuthFailed for a wrong password, RateLimited for too many of them."""

    _operators: OperatorRepository
    _logins: OperatorLogins
    _codes: OneTimeCodes
    _audit: AuditTrail
    _clock: Clock

    async def confirm(self, seat: Seat, password: str, secret: str, code: str) -> None:
        """Ask for a code at each login from now on. InvalidRequest: `code` is none of this secret's now."""
        acting = seat.acting
        await self._logins.prove(seat, password)
        step = step_of_confirmation(self._codes, secret, code, self._clock())
        entry = self._audit.entry(acting, AuditAction.OPERATOR_TOTP_ON, acting.operator_id)
        await self._operators.set_totp(acting.operator_id, secret, step, entry)

    async def remove(self, seat: Seat, password: str) -> None:
        """Ask for the password alone from now on."""
        acting = seat.acting
        await self._logins.prove(seat, password)
        entry = self._audit.entry(acting, AuditAction.OPERATOR_TOTP_OFF, acting.operator_id)
        await self._operators.set_totp(acting.operator_id, None, 0, entry)
