"""The audit log as operators read it, and as use cases write it."""

from collections.abc import AsyncIterator

import attrs

from naivechat.domain.audit import (
    ENTRIES_A_PAGE,
    AuditAction,
    AuditEntry,
    AuditFilter,
    AuditPage,
    DetailValue,
)
from naivechat.domain.audit_ports import AuditLog
from naivechat.domain.operator import ActingOperator
from naivechat.domain.ports import Clock


@attrs.frozen(kw_only=True)
class AuditTrail:
    """Writes and reads the audit log. `node` is the name by which this node, or the command line, goes down in it."""

    _log: AuditLog
    _clock: Clock
    _node: str

    def entry(
        self, by: ActingOperator, action: AuditAction, subject: str = "", **detail: DetailValue
    ) -> AuditEntry:
        """An entry of something that happens now, not stored: for what stores it together with the change."""
        return AuditEntry(
            at_ms=self._clock(),
            operator_id=by.operator_id,
            action=action.value,
            subject=subject,
            detail=detail,
            from_address=by.from_address,
            node=self._node,
        )

    async def record(
        self, by: ActingOperator, action: AuditAction, subject: str = "", **detail: DetailValue
    ) -> None:
        """Write down what has happened. Unavailable."""
        await self._log.append(self.entry(by, action, subject, **detail))

    async def read_page(
        self, wanted: AuditFilter, *, before_id: int | None = None, limit: int = ENTRIES_A_PAGE
    ) -> AuditPage:
        """The newest of the entries that are wanted, with ids below `before_id`.

        Args:
            limit: how many at most; it is brought between 1 and ENTRIES_A_PAGE.
        """
        within = min(max(limit, 1), ENTRIES_A_PAGE)
        return await self._log.read_page(wanted, before_id=before_id, limit=within)

    async def export(self, wanted: AuditFilter) -> AsyncIterator[tuple[AuditEntry, ...]]:
        """All entries that are wanted, newest first, in pieces of ENTRIES_A_PAGE: no more of them is in memory at a time."""
        before_id: int | None = None
        has_more = True
        while has_more:
            page = await self.read_page(wanted, before_id=before_id)
            if page.entries:
                yield page.entries
                before_id = page.entries[-1].entry_id
            has_more = page.has_more
