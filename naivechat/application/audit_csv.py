"""The audit log as a table for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from naivechat.domain.audit import AuditEntry

COLUMNS = ("id", "time", "operator", "action", "subject", "detail", "address", "node")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_head() -> str:
    """The first line: the columns' names."""
    return _lines([COLUMNS])


def csv_lines(entries: Iterable[AuditEntry]) -> str:
    """One line an entry. Times are UTC; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return _lines(map(_row, entries))


def utc_time(at_ms: int) -> str:
    """A time as 2026-11-25T19:51:13.042Z."""
    moment = datetime.fromtimestamp(at_ms / 1_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_ms % 1_000:03d}Z"


def detail_text(entry: AuditEntry) -> str:
    """An entry's detail in one line of JSON; empty where there is none."""
    return json.dumps(dict(entry.detail), ensure_ascii=False) if entry.detail else ""


def _row(entry: AuditEntry) -> tuple[str, ...]:
    texts = (
        entry.operator_id,
        entry.action,
        entry.subject,
        detail_text(entry),
        entry.from_address,
        entry.node,
    )
    return (str(entry.entry_id), utc_time(entry.at_ms), *map(_plain, texts))


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
