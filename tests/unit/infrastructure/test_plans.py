"""What every batch of the message log asks of SQLite goes by an index, however many rows it is about."""

import sqlite3
from contextlib import closing

import pytest

from naivechat.infrastructure.sql.dialect import SQLite
from tests.servers import REPOSITORY

QUERIES = {
    "known names": ("chat_record", "sender_id, msg_uuid"),
    "known places": ("chat_record", "talk_id, seq"),
    "positions": ("talk_member", "talk_id, user_id"),
}


@pytest.mark.parametrize("count", [1, 2, 256])
@pytest.mark.parametrize(("table", "columns"), QUERIES.values(), ids=QUERIES)
def test_rows_are_searched_not_scanned(table: str, columns: str, count: int) -> None:
    dialect = SQLite()
    condition = dialect.statement(dialect.rows_in(columns, 2, count))
    with closing(sqlite3.connect(":memory:")) as connection:
        for migration in sorted((REPOSITORY / "sql" / "sqlite").glob("*.sql")):
            connection.executescript(migration.read_text())
        query = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {condition}"
        plan = [row[3] for row in connection.execute(query, ["x"] * 2 * count)]
    assert not [step for step in plan if step.startswith("SCAN")]
    assert sum(step.startswith("SEARCH") for step in plan) == count
