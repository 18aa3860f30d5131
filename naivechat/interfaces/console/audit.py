"""The audit log: who did what, when and from where."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.audit_csv import csv_head, csv_lines
from naivechat.domain.audit import AuditAction, AuditEntry, AuditFilter
from naivechat.domain.operator import OperatorId
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.paths import AUDIT, AUDIT_EXPORT
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.streamed import Streamed

ENTRIES_SHOWN: Final = 50
_FIELDS: Final = ("operator", "action", "subject", "since", "until")
_LONGEST_FIELD: Final = 128
_DAY_MS: Final = 24 * 3_600_000


@attrs.frozen(kw_only=True)
class AuditView:
    """Pages of the audit log, and the whole of it as CSV."""

    _audit: AuditTrail

    async def show(self, visit: Visit) -> Answer:
        """The newest entries that are asked for, or those before one."""
        chosen = _chosen(visit.arrival.query)
        before_id = _entry_id(visit.arrival.query.get("before", ""))
        found = await self._audit.read_page(_wanted(chosen), before_id=before_id, limit=ENTRIES_SHOWN)
        older = {**chosen, "before": str(found.entries[-1].entry_id)} if found.has_more else None
        return page(
            render(
                "audit.html",
                visit,
                entries=found.entries,
                chosen=chosen,
                actions=[action.value for action in AuditAction],
                older=f"{AUDIT}?{urlencode(older)}" if older else "",
                newest=f"{AUDIT}?{urlencode(chosen)}" if before_id is not None else "",
                export=f"{AUDIT_EXPORT}?{urlencode(chosen)}",
                detail_of=detail_of,
            )
        )

    async def export(self, visit: Visit) -> Answer:
        """All entries that are asked for, as CSV; that it was taken is an entry itself."""
        chosen = _chosen(visit.arrival.query)
        asked = urlencode({name: value for name, value in chosen.items() if value})
        await self._audit.record(
            visit.acting, AuditAction.AUDIT_EXPORT, **({"filter": asked} if asked else {})
        )
        return Answer(
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": 'attachment; filename="naivechat-audit.csv"',
            },
            body=Streamed(_csv_of(self._audit.export(_wanted(chosen)))),
        )


def detail_of(entry: AuditEntry) -> str:
    """What else an entry says, as `name: value, name: value`."""
    return ", ".join(f"{name}: {_plain(value)}" for name, value in entry.detail.items())


async def _csv_of(pieces: AsyncIterator[tuple[AuditEntry, ...]]) -> AsyncIterator[bytes]:
    # Without the mark some spreadsheets do not know that it is UTF-8.
    yield ("\ufeff" + csv_head()).encode()
    async for entries in pieces:
        yield csv_lines(entries).encode()


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _chosen(fields: Mapping[str, str]) -> dict[str, str]:
    """The filter as somebody has typed it, without what makes no sense."""
    chosen = {name: fields.get(name, "").strip()[:_LONGEST_FIELD] for name in _FIELDS}
    for name in ("since", "until"):
        if _day_ms(chosen[name]) is None:
            chosen[name] = ""
    return chosen


def _wanted(chosen: Mapping[str, str]) -> AuditFilter:
    until_ms = _day_ms(chosen["until"])
    return AuditFilter(
        operator_id=OperatorId(chosen["operator"]) if chosen["operator"] else None,
        action=chosen["action"] or None,
        subject=chosen["subject"] or None,
        since_ms=_day_ms(chosen["since"]),
        before_ms=None if until_ms is None else until_ms + _DAY_MS,
    )


def _day_ms(text: str) -> int | None:
    """The first moment of a day, as 2026-11-25, by UTC; None where it is no day."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp() * 1000)


def _entry_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
