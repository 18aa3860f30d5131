"""Nothing in the program changes or removes an entry of the audit log."""

import re
import sqlite3
from contextlib import closing

import pytest

from naivechat.domain.audit import AuditFilter
from naivechat.domain.operator import OperatorId
from naivechat.infrastructure.sql.audit import _conditions
from naivechat.infrastructure.sql.dialect import SQLite
from tests.servers import REPOSITORY

CHANGES = re.compile(
    r"(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|INSERT\s+(OR\s+REPLACE|IGNORE)\s+INTO|TRUNCATE(\s+TABLE)?|DROP\s+TABLE|ALTER\s+TABLE)"
    r"(\s+IF\s+EXISTS)?[\s`\"']+audit_entry\b",
    re.I,
)


def test_no_statement_changes_or_removes_an_entry() -> None:
    files = [*(REPOSITORY / "naivechat").rglob("*.py"), *(REPOSITORY / "sql").rglob("*.sql")]
    assert [str(path) for path in files if CHANGES.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET x",
        "delete from audit_entry",
        "DROP TABLE IF EXISTS audit_entry",
        "DELETE FROM\n  `audit_entry`",
    ],
)
def test_a_statement_that_does_is_found(statement: str) -> None:
    assert CHANGES.search(statement)


@pytest.mark.parametrize(
    "wanted",
    [
        AuditFilter(operator_id=OperatorId("ann")),
        AuditFilter(action="user.create"),
        AuditFilter(action="user."),
        AuditFilter(subject="ann"),
    ],
)
def test_a_page_of_one_kind_is_read_by_an_index_and_not_sorted(wanted: AuditFilter) -> None:
    conditions, values = _conditions(wanted, 1_000)
    query = f"SELECT * FROM audit_entry WHERE {' AND '.join(conditions)} ORDER BY entry_id DESC LIMIT 101"
    with closing(sqlite3.connect(":memory:")) as connection:
        for migration in sorted((REPOSITORY / "sql" / "sqlite").glob("*.sql")):
            connection.executescript(migration.read_text())
        plan = [
            row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {SQLite().statement(query)}", values)
        ]
    assert len(plan) == 1
    assert plan[0].startswith("SEARCH audit_entry USING INDEX")
