"""What SQLite and MySQL/MariaDB say differently.

Statements are written with `%s` for values, `%%` for a percent sign, `{for_update}` where rows are locked and `{now_ms}` for the
database's own clock, in milliseconds since 1970-01-01T00:00Z; the dialect puts them into its words.
"""

import functools
from collections.abc import Sequence
from typing import Protocol


class Dialect(Protocol):
    """One database's way of saying things."""

    def statement(self, sql: str) -> str:
        """The statement in this database's words."""

    def rows_in(self, columns: str, width: int, count: int) -> str:
        """A condition: the `columns`, parted by ", ", equal one of `count` rows of `width` values; at most 900 rows."""

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int) -> str:
        """Insert `count` rows of `keys` + `values`, or set `values` where the keys are there."""


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

    def rows_in(self, columns: str, width: int, count: int) -> str:
        return f"({columns}) IN ({placeholders(width, count)})"

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = VALUES({name})" for name in values)
        rows = placeholders(len(columns), count)
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} ON DUPLICATE KEY UPDATE {settings}"


class SQLite:
    """SQLite. Its writer holds the whole database, so rows need no lock of their own."""

    @functools.lru_cache(maxsize=512)  # noqa: B019 (one dialect a process)
    def statement(self, sql: str) -> str:
        now_ms = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
        plain = sql.replace("{for_update}", "").replace("{now_ms}", now_ms)
        return plain.replace("%s", "?").replace("%%", "%")

    def rows_in(self, columns: str, width: int, count: int) -> str:
        # From two rows on, (a, b) IN (VALUES …) reads the whole table: 10 ms at 50,000 records, against 0.02 ms.
        row = " AND ".join(f"{name} = %s" for name in columns.split(", "))
        return f"({' OR '.join([f'({row})'] * count)})"

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = excluded.{name}" for name in values)
        rows = placeholders(len(columns), count)
        return (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings}"
        )
