"""What the application needs for the audit log; see `domain.ports` for what holds of all ports."""

from typing import Protocol

from naivechat.domain.audit import AuditEntry, AuditFilter, AuditPage


class AuditLog(Protocol):
    """Entries of all nodes. It has no way to change or remove one."""

    async def append(self, entry: AuditEntry) -> None:
        """Store an entry; its `entry_id` is given by the log. Unavailable."""

    async def read_page(self, wanted: AuditFilter, *, before_id: int | None, limit: int) -> AuditPage:
        """The newest entries that are wanted, of those with an id below `before_id`, at most `limit` (1 … ENTRIES_A_PAGE)."""
