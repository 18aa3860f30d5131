"""The audit log in an SQL table, to which rows are added, and nothing else; the port says what each method does."""

import json
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import attrs

from naivechat.domain.audit import AuditEntry, AuditFilter, AuditPage
from naivechat.domain.operator import OperatorId
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import RunAgain, Transaction

T = TypeVar("T")
P = ParamSpec("P")

_COLUMNS = "entry_id, at_ms, operator_id, action, subject, detail, from_address, node"


async def write_with_entry(
    database: Database,
    entry: AuditEntry,
    unit: Callable[Concatenate[Transaction, P], T],
    *args: P.args,
    **kw: P.kwargs,
) -> T:
    """Run a unit that writes and store what tells of it, in one transaction; what the unit raises stores neither."""
    once = secrets.token_bytes(16)

    def both(txn: Transaction) -> T:
        result = unit(txn, *args, **kw)
        _insert(txn, entry, once)
        return result

    def is_done(txn: Transaction) -> bool:
        return txn.row("SELECT 1 FROM audit_entry WHERE once = %s", (once,)) is not None

    return await database.write(RunAgain(both, is_done))


@attrs.frozen
class SqlAuditLog:
    """Implements `domain.audit_ports.AuditLog`."""

    _database: Database

    async def append(self, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, lambda _: None)

    async def read_page(self, wanted: AuditFilter, *, before_id: int | None, limit: int) -> AuditPage:
        return await self._database.read(_read_page, wanted, before_id, limit)


def _insert(txn: Transaction, entry: AuditEntry, once: bytes) -> None:
    txn.execute(
        "INSERT INTO audit_entry (once, at_ms, operator_id, action, kind, subject, detail, from_address, node) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            once,
            entry.at_ms,
            entry.operator_id,
            entry.action,
            _kind_of(entry.action),
            entry.subject,
            json.dumps(dict(entry.detail), ensure_ascii=False, separators=(",", ":")),
            entry.from_address,
            entry.node,
        ),
    )


def _read_page(txn: Transaction, wanted: AuditFilter, before_id: int | None, limit: int) -> AuditPage:
    conditions, values = _conditions(wanted, before_id)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    rows = txn.rows(
        f"SELECT {_COLUMNS} FROM audit_entry {where}ORDER BY entry_id DESC LIMIT %s", (*values, limit + 1)
    )
    return AuditPage(entries=tuple(map(_entry_of, rows[:limit])), has_more=len(rows) > limit)


def _conditions(wanted: AuditFilter, before_id: int | None) -> tuple[list[str], list[Any]]:
    action = wanted.action
    of_a_kind = action is not None and action.endswith(".")
    given = (
        ("entry_id < %s", before_id),
        ("operator_id = %s", wanted.operator_id),
        ("action = %s", None if of_a_kind else action),
        ("kind = %s", _kind_of(action) if action is not None and of_a_kind else None),
        ("subject = %s", wanted.subject),
        ("at_ms >= %s", wanted.since_ms),
        ("at_ms < %s", wanted.before_ms),
    )
    asked = [(condition, value) for condition, value in given if value is not None]
    return [condition for condition, _ in asked], [value for _, value in asked]


def _kind_of(action: str) -> str:
    kind, dot, _ = action.partition(".")
    return kind if dot else ""


def _entry_of(row: tuple[Any, ...]) -> AuditEntry:
    entry_id, at_ms, operator_id, action, subject, detail, from_address, node = row
    return AuditEntry(
        entry_id=entry_id,
        at_ms=at_ms,
        operator_id=OperatorId(operator_id),
        action=action,
        subject=subject,
        detail=json.loads(detail),
        from_address=from_address,
        node=node,
    )
