"""Rows written into a site's tables directly: over the wire an account alone costs two password hashes."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bench.site import Site

_ROWS_AT_ONCE = 10_000


class Tables:
    """The tables of a site's database, within one transaction.

    Args:
        cursor: of either driver.
        mark: what stands for a value in its statements.
    """

    def __init__(self, cursor: Any, mark: str) -> None:
        self._cursor = cursor
        self._mark = mark

    @property
    def is_sqlite(self) -> bool:
        """Whether statements are SQLite's."""
        return self._mark == "?"

    def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert rows, whose values are those of the columns."""
        marks = ", ".join([self._mark] * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        waiting = list(rows)
        for start in range(0, len(waiting), _ROWS_AT_ONCE):
            self._cursor.executemany(statement, waiting[start : start + _ROWS_AT_ONCE])

    def value(self, query: str, *values: object) -> Any:
        """What a query gives that has one row of one column."""
        return self.rows(query, *values)[0][0]

    def rows(self, query: str, *values: object) -> Sequence[Sequence[Any]]:
        """All rows that a query gives."""
        self.run(query, *values)
        rows: Sequence[Sequence[Any]] = self._cursor.fetchall()
        return rows

    def run(self, statement: str, *values: object) -> None:
        """Execute a statement, with `?` for each of the values."""
        self._cursor.execute(statement.replace("?", self._mark), values)


@contextlib.contextmanager
def tables_of(site: Site) -> Iterator[Tables]:
    """The tables of a site with nodes; what was written is there when the block has ended."""
    if site.sqlite_file is not None:
        with contextlib.closing(sqlite3.connect(site.sqlite_file, timeout=60)) as db, db:
            yield Tables(db.cursor(), "?")
        return
    assert site.database is not None, "a site without a database"
    with site.database.connection() as connection, connection.cursor() as cursor:
        connection.select_db(site.database_url.rpartition("/")[2])
        connection.begin()
        yield Tables(cursor, "%s")
        connection.commit()
