"""Operations on the audit log."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlencode

import attrs
from msgspec import UNSET, Meta, UnsetType

from naivechat.application.audit import AuditTrail
from naivechat.application.audit_csv import csv_head, csv_lines
from naivechat.domain.audit import ENTRIES_A_PAGE, AuditAction, AuditEntry, AuditFilter
from naivechat.domain.operator import ActingOperator, OperatorId
from naivechat.interfaces.api.operation import Csv, Operation
from naivechat.interfaces.api.shapes import AuditText, Moment, Number, Part, View


class AuditQuery(Part, frozen=True, kw_only=True):
    """Which entries: from `since_ms` on, and before `before_ms`. action: a whole one, or a kind with its dot (`user.`)."""

    operator_id: AuditText | UnsetType = UNSET
    action: AuditText | UnsetType = UNSET
    subject: AuditText | UnsetType = UNSET
    since_ms: Moment | UnsetType = UNSET
    before_ms: Moment | UnsetType = UNSET


class AuditPageQuery(AuditQuery, frozen=True, kw_only=True):
    """A page of them, those with ids below `before_id`."""

    before_id: Number | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=ENTRIES_A_PAGE)] = 50


class EntryView(View, frozen=True, kw_only=True):
    """One thing that was done, or refused. operator_id, from_address: "" for the command line."""

    entry_id: int
    at_ms: int
    operator_id: str
    action: str
    subject: str
    detail: dict[str, str | int | bool | None]
    from_address: str
    node: str


class AuditPageView(View, frozen=True, kw_only=True):
    """Entries, newest first; has_more: older ones follow, before the last one's id."""

    entries: tuple[EntryView, ...]
    has_more: bool


@attrs.frozen(kw_only=True)
class AuditOperations:
    """Reading the audit log."""

    _audit: AuditTrail

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (
            Operation("list_audit", "GET", "/audit", self.list_entries),
            Operation("export_audit", "GET", "/audit.csv", self.export),
        )

    async def list_entries(self, query: AuditPageQuery) -> AuditPageView:
        """A page of the audit log."""
        before_id = None if query.before_id is UNSET else query.before_id
        page = await self._audit.read_page(_wanted(query), before_id=before_id, limit=query.limit)
        return AuditPageView(entries=tuple(map(_entry, page.entries)), has_more=page.has_more)

    async def export(self, by: ActingOperator, query: AuditQuery) -> Csv:
        """The audit log as CSV."""
        wanted = _wanted(query)
        asked = urlencode({name: value for name, value in attrs.asdict(wanted).items() if value is not None})
        await self._audit.record(by, AuditAction.AUDIT_EXPORT, **({"filter": asked} if asked else {}))
        return Csv(pieces=_csv_of(self._audit.export(wanted)), filename="naivechat-audit.csv")


def _wanted(query: AuditQuery) -> AuditFilter:
    return AuditFilter(
        operator_id=None if query.operator_id is UNSET else OperatorId(query.operator_id),
        action=None if query.action is UNSET else query.action,
        subject=None if query.subject is UNSET else query.subject,
        since_ms=None if query.since_ms is UNSET else query.since_ms,
        before_ms=None if query.before_ms is UNSET else query.before_ms,
    )


async def _csv_of(pieces: AsyncIterator[tuple[AuditEntry, ...]]) -> AsyncIterator[str]:
    yield csv_head()
    async for entries in pieces:
        yield csv_lines(entries)


def _entry(entry: AuditEntry) -> EntryView:
    return EntryView(
        entry_id=entry.entry_id,
        at_ms=entry.at_ms,
        operator_id=entry.operator_id,
        action=entry.action,
        subject=entry.subject,
        detail=dict(entry.detail),
        from_address=entry.from_address,
        node=entry.node,
    )
