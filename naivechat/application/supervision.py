"""Who may change things, and that it is written down: what all of operators' work goes through."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.domain.audit import AuditAction, DetailValue
from naivechat.domain.errors import ChatError, Forbidden
from naivechat.domain.operator import ActingOperator

T = TypeVar("T")


@attrs.frozen
class Supervision:
    """Lets operators work and viewers not, and writes down refusals."""

    _audit: AuditTrail

    async def permitted(
        self,
        by: ActingOperator,
        action: AuditAction,
        subject: str,
        work: Callable[[], Awaitable[T]],
        **detail: DetailValue,
    ) -> T:
        """Do it where `by` may change things; a refusal is written down, whoever it comes from. Forbidden."""
        return await self.allowed(by.may_change, by, action, subject, work, **detail)

    async def allowed(
        self,
        is_allowed: bool,
        by: ActingOperator,
        action: AuditAction,
        subject: str,
        work: Callable[[], Awaitable[T]],
        **detail: DetailValue,
    ) -> T:
        """As `permitted`, where another rule says whether `by` may."""
        try:
            if not is_allowed:
                raise Forbidden("Viewers may look, and change nothing.")
            return await work()
        except ChatError as refusal:
            await self._audit.record(by, action, subject, refused=refusal.code, **detail)
            raise
