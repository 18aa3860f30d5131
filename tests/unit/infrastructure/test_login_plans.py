"""What those who log in ask of SQLite together goes by indexes, whatever else the tables hold, and is soon asked in the same words."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest

from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import friends, snapshots, tokens
from naivechat.infrastructure.sql.dialect import Question, Rows, SQLite
from naivechat.infrastructure.sql.gathering import MOST_TOGETHER
from naivechat.infrastructure.sql.snapshots import Wanted
from tests.servers import REPOSITORY

_LARGE = {"m", "t", "k", "u", "f", "q", "g", "r", "user", "user_friend"}
"""Tables that grow with the people, as the statements call them."""


class Explained:
    """A transaction on empty tables that notes each statement and how it would be run, and finds what a new node finds."""

    dialect = SQLite()

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.statements: set[str] = set()
        self._connection = sqlite3.connect(":memory:")
        for file in sorted((REPOSITORY / "sql" / "sqlite").glob("*.sql")):
            self._connection.executescript(file.read_text())

    def close(self) -> None:
        self._connection.close()

    def write(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._run(self.dialect.statement(sql), values)

    def ask(self, *questions: Question, is_last: bool) -> list[Rows]:
        return [self._run(*statement) for statement in self.dialect.for_questions(questions)]

    def _run(self, statement: str, values: Sequence[Any]) -> Rows:
        self.statements.add(statement)
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        self.steps += [row[3] for row in plan]
        return self._connection.execute(statement, values).fetchall()


def _people(count: int) -> tuple[UserId, ...]:
    return tuple(UserId(f"p{number}") for number in range(count))


def _first_views(txn: Any, count: int) -> None:
    snapshots.read_snapshots(txn, [Wanted(user_id=one, since_ms=0, offset=0) for one in _people(count)])


def _later_views(txn: Any, count: int) -> None:
    snapshots.read_snapshots(txn, [Wanted(user_id=one, since_ms=9, offset=200) for one in _people(count)])


def _short_view(txn: Any, count: int) -> None:
    snapshots.read_short_snapshot(txn, _people(count)[0])


def _tokens(txn: Any, count: int) -> None:
    claims = [
        tokens._Claim(user_id=one, token_hash=TokenHash(bytes([n])), now_ms=1)
        for n, one in enumerate(_people(count))
    ]
    tokens._let_back(txn, tuple(claims))


def _friend_ids(txn: Any, count: int) -> None:
    friends._list_friend_ids(txn, _people(count))


@pytest.mark.parametrize("count", [1, 2, 64])
@pytest.mark.parametrize("unit", [_first_views, _later_views, _short_view, _tokens, _friend_ids])
def test_no_table_that_grows_is_read_whole(unit: Callable[[Any, int], None], count: int) -> None:
    with closing(Explained()) as txn:
        unit(txn, count)
    assert txn.steps
    assert [step for step in txn.steps if step.startswith("SCAN ") and step.split()[1] in _LARGE] == []


@pytest.mark.parametrize("unit", [_first_views, _later_views, _tokens, _friend_ids])
def test_however_many_log_in_together_few_statements_are_prepared(unit: Callable[[Any, int], None]) -> None:
    with closing(Explained()) as txn:
        unit(txn, 1)
        of_one = len(txn.statements)
        for count in range(2, MOST_TOGETHER + 1):
            unit(txn, count)
    assert len(txn.statements) == 7 * of_one
