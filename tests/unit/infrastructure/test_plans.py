"""What every batch of the message log asks of SQLite goes by an index, however many rows it is about."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest

from naivechat.domain.directory import AccountQuery, AccountSort, GroupQuery, GroupSort
from naivechat.infrastructure.sql.account_directory import _list_accounts
from naivechat.infrastructure.sql.dialect import Lookup, SQLite
from naivechat.infrastructure.sql.group_directory import _list_groups
from naivechat.infrastructure.sql.sqlite_engine import SQLiteEngine
from naivechat.infrastructure.sql.transaction import Transaction
from naivechat.infrastructure.sql.webhooks import _list_due, _survey
from tests.servers import REPOSITORY

QUERIES = {
    "known names": ("chat_record", ("sender_id", "msg_uuid")),
    "known places": ("chat_record", ("talk_id", "seq")),
    "positions": ("talk_member", ("talk_id", "user_id")),
}


@pytest.mark.parametrize(("table", "by"), QUERIES.values(), ids=QUERIES)
def test_rows_are_searched_not_scanned(table: str, by: tuple[str, str]) -> None:
    keys = [("x", number) for number in range(256)]
    statements = SQLite().for_keys(Lookup(columns="*", table=table, by=by, keys=keys))
    assert len(statements) == 256
    assert len({asked for asked, _ in statements}) == 1
    with _database() as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statements[0][0]}", ("x", "y"))]
    assert [step.partition(" ")[0] for step in plan] == ["SEARCH"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", AccountSort)
def test_people_are_listed_from_an_index_in_its_order(sort: AccountSort, descending: bool) -> None:
    for disabled in (None, True):
        _require_sorted_by_index(
            _list_accounts, AccountQuery(sort=sort, descending=descending, disabled=disabled)
        )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", [sort for sort in GroupSort if sort is not GroupSort.ID])
def test_groups_are_listed_from_an_index_in_its_order(sort: GroupSort, descending: bool) -> None:
    for official in (None, True):
        _require_sorted_by_index(
            _list_groups, GroupQuery(sort=sort, descending=descending, official=official)
        )


def test_webhooks_are_looked_for_without_going_through_groups_or_talks() -> None:
    with _database() as connection:
        explained = _Explained(connection.cursor(), SQLiteEngine("sqlite:///none"))
        _list_due(explained, "one", 9)
        _survey(explained)
    scanned = [step for plan in explained.plans for step in plan if step.startswith("SCAN")]
    assert [step.split()[1] for step in scanned] == ["w", "w"]


def _require_sorted_by_index(unit: Any, query: Any) -> None:
    """The list's first statement reads nothing but an index, and sorts nothing itself."""
    with _database() as connection:
        explained = _Explained(connection.cursor(), SQLiteEngine("sqlite:///none"))
        unit(explained, query)
    (step,) = explained.plans[0]
    assert "USING COVERING INDEX" in step


class _Explained(Transaction):
    """Keeps the plan of each statement."""

    plans: list[list[str]]

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
        self.__dict__.setdefault("plans", []).append(
            [row[3] for row in super().rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        )
        return super().rows(sql, values)


def _database() -> Any:
    connection = sqlite3.connect(":memory:")
    for migration in sorted((REPOSITORY / "sql" / "sqlite").glob("*.sql")):
        connection.executescript(migration.read_text())
    return closing(connection)
