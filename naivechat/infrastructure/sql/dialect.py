"""What SQLite and MySQL/MariaDB say differently.

Statements are written with `%s` for values, `%%` for a percent sign, `{for_update}` where rows are locked and `{now_ms}` for the
database's own clock, in milliseconds since 1970-01-01T00:00Z; the dialect puts them into its words. `{keys}` is a condition that one
of several keys holds, `{rows}` several rows to be written.
"""

import functools
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

Statement: TypeAlias = tuple[str, Sequence[Any]]
"""A statement in a database's words, and its values."""


class Dialect(Protocol):
    """One database's way of saying things."""

    def statement(self, sql: str) -> str:
        """The statement in this database's words."""

    def for_keys(self, sql: str, columns: str, keys: Sequence[Sequence[Any]]) -> list[Statement]:
        """What asks for those whose `columns`, parted by ", ", equal one of `keys`: in `sql` stands `{keys}` for that."""

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        """What writes `rows`: in `sql` stands `{rows}` for them."""

    def rows_as_json(self, *columns: str) -> str:
        """All rows of a group as one text, a JSON array of arrays, in any order: a driver reads it ten times as fast as rows."""

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        """Insert `count` rows of `keys` + `values`, or set `values` where the keys are there; None: `{rows}`, for `for_rows`."""


def placeholders(width: int, count: int) -> str:
    """`count` rows of `width` placeholders: (%s,%s),(%s,%s)."""
    row = "(" + ",".join(["%s"] * width) + ")"
    return ",".join([row] * count)


class MySQL:
    """MySQL and MariaDB."""

    @functools.lru_cache(maxsize=512)  # noqa: B019 (one dialect a process)
    def statement(self, sql: str) -> str:
        # By UTC: what the server takes for local time comes twice when clocks are set back.
        now_ms = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)"
        return sql.replace("{for_update}", "FOR UPDATE").replace("{now_ms}", now_ms)

    def for_keys(self, sql: str, columns: str, keys: Sequence[Sequence[Any]]) -> list[Statement]:
        condition = f"({columns}) IN ({placeholders(len(keys[0]), len(keys))})"
        return [(self.statement(sql).replace("{keys}", condition), [value for key in keys for value in key])]

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        inserted = placeholders(len(rows[0]), len(rows))
        return [(self.statement(sql).replace("{rows}", inserted), [value for row in rows for value in row])]

    def rows_as_json(self, *columns: str) -> str:
        return f"JSON_ARRAYAGG(JSON_ARRAY({', '.join(columns)}))"

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = VALUES({name})" for name in values)
        rows = "{rows}" if count is None else placeholders(len(columns), count)
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} ON DUPLICATE KEY UPDATE {settings}"


class SQLite:
    """SQLite. Its writer holds the whole database, so rows need no lock of their own.

    Several rows are asked for and written one by one, by a statement that is always the same and so is prepared already. One for
    a hundred rows is no quicker, and four times as slow while it is not prepared; and there is one for each number of rows.
    """

    @functools.lru_cache(maxsize=512)  # noqa: B019 (one dialect a process)
    def statement(self, sql: str) -> str:
        now_ms = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
        plain = sql.replace("{for_update}", "").replace("{now_ms}", now_ms)
        return plain.replace("%s", "?").replace("%%", "%")

    def for_keys(self, sql: str, columns: str, keys: Sequence[Sequence[Any]]) -> list[Statement]:
        condition = " AND ".join(f"{name} = ?" for name in columns.split(", "))
        asked = self.statement(sql).replace("{keys}", condition)
        return [(asked, key) for key in keys]

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        written = self.statement(sql).replace("{rows}", f"({','.join('?' * len(rows[0]))})")
        return [(written, row) for row in rows]

    def rows_as_json(self, *columns: str) -> str:
        return f"json_group_array(json_array({', '.join(columns)}))"

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = excluded.{name}" for name in values)
        rows = "{rows}" if count is None else placeholders(len(columns), count)
        return (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings}"
        )
