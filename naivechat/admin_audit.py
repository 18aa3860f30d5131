"""The audit log on a terminal."""

from collections.abc import Iterable
from datetime import UTC, datetime

from naivechat.application.audit_csv import detail_text, utc_time
from naivechat.domain.audit import AuditEntry, AuditFilter
from naivechat.domain.operator import OperatorId
from naivechat.terminal.text import harmless


def wanted_entries(
    *,
    operator: str | None,
    action: str | None,
    subject: str | None,
    since: datetime | None,
    before: datetime | None,
) -> AuditFilter:
    """The filter of a command's options; times without a zone are UTC."""
    return AuditFilter(
        operator_id=None if operator is None else OperatorId(operator),
        action=action,
        subject=subject,
        since_ms=_ms(since),
        before_ms=_ms(before),
    )


def log_table(entries: Iterable[AuditEntry]) -> str:
    """One line an entry: when, who ("-": the command line, or nobody known), what, to whom, more, from where."""
    return "".join(f"{_line(entry)}\n" for entry in entries)


def _line(entry: AuditEntry) -> str:
    texts = (
        utc_time(entry.at_ms),
        f"{entry.operator_id or '-':<16}",
        f"{entry.action:<22}",
        f"{entry.subject or '-':<16}",
        detail_text(entry),
        entry.from_address and f"from {entry.from_address}",
    )
    return harmless("  ".join(filter(None, texts))).rstrip()


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp() * 1_000)
