"""Lists of keys, as each database is asked for them."""

import sqlite3
from contextlib import closing

import pytest

from naivechat.infrastructure.sql.dialect import Dialect, MySQL, SQLite


@pytest.mark.parametrize("dialect", [MySQL(), SQLite()])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 63, 64, 65, 500])
def test_a_list_stands_for_its_keys_and_nothing_else(dialect: Dialect, count: int) -> None:
    keys = [f"k{number}" for number in range(count)]
    those, values = dialect.among(keys)
    assert set(values) == set(keys)
    assert those == f"({','.join(['%s'] * len(values))})"


def test_sqlite_has_few_lists_and_none_is_twice_as_long_as_it_must_be() -> None:
    lengths = {count: len(SQLite().among(range(count))[1]) for count in range(1, 501)}
    assert sorted(set(lengths.values())) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert all(count <= length < 2 * count for count, length in lengths.items())


def test_mysql_has_lists_as_long_as_they_are() -> None:
    assert MySQL().among((b"a", b"b", b"c")) == ("(%s,%s,%s)", (b"a", b"b", b"c"))


def test_sqlite_sets_each_by_the_same_statement() -> None:
    statements = SQLite().set_each("user", "user_id", "last_seen_ms", [("ann", 5), ("bob", 7)])
    assert len({sql for sql, _ in statements}) == 1
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE user (user_id, last_seen_ms)")
        connection.executemany("INSERT INTO user VALUES (?, 0)", [("ann",), ("bob",), ("cid",)])
        for sql, values in statements:
            connection.execute(sql, values)
        assert connection.execute("SELECT * FROM user").fetchall() == [("ann", 5), ("bob", 7), ("cid", 0)]
