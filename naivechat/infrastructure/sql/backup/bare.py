"""A database through one connection without deadlines, for what goes through all of it. Everything blocks.

A unit of work of a node ends within seconds (see `pool`); a backup may take an hour.
"""

import contextlib
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, Protocol

import pymysql
from pymysql.cursors import SSCursor

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.backup.file import BackupError
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.mysql_connection import CONNECT_TIMEOUT_S
from naivechat.infrastructure.sql.mysql_url import mysql_arguments
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path

ROWS_A_FETCH = 1_000
SILENCE_S = 600
"""How long the server, or we, may be silent in the middle of a table."""


class BareDatabase(Protocol):
    """One connection."""

    def begin_snapshot(self) -> None:
        """Whatever is read from now on is as it is at this moment."""

    def list_tables(self) -> tuple[str, ...]:
        """By name, without the database's own."""

    def list_columns(self, table: str) -> tuple[str, ...]:
        """In their order."""

    def rows(self, sql: str) -> Generator[tuple[Any, ...], None, None]:
        """What a query finds, read as it is taken; one query at a time, to its end or closed."""

    def run(self, sql: str) -> None:
        """Run a statement."""

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows, and commit."""

    def is_in_use(self) -> bool:
        """Whether somebody else has the database open."""


@contextlib.contextmanager
def open_bare(url: str) -> Iterator[BareDatabase]:
    """A connection to a database that is there.

    Raises:
        StorageUrlError. Unavailable: there is none, or it does not answer. BackupError: it refuses, or its connection was lost.
    """
    try:
        opened = _open(url)
    except (sqlite3.Error, pymysql.err.Error, OSError) as error:
        raise Unavailable(str(error)) from error
    try:
        with contextlib.closing(opened):
            yield opened
    except (sqlite3.Error, pymysql.err.Error) as error:
        raise BackupError(f"the database refuses: {error}") from error


def _open(url: str) -> "_BareSQLite | _BareMySQL":
    if url.startswith("sqlite:"):
        return _BareSQLite(url)
    if url.startswith("mysql:"):
        return _BareMySQL(url)
    raise StorageUrlError("wanted is sqlite:///path or mysql://user:password@host:port/database")


class _BareSQLite:
    def __init__(self, url: str) -> None:
        path = sqlite_path(url).absolute()
        self._uri = path.as_uri() + "?mode=rw"
        self._connection = self._connect()

    def begin_snapshot(self) -> None:
        # The first statement fixes the moment.
        self._connection.execute("BEGIN").execute("SELECT 1 FROM sqlite_master").fetchone()

    def list_tables(self) -> tuple[str, ...]:
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return tuple(name for (name,) in names if not name.startswith("sqlite_"))

    def list_columns(self, table: str) -> tuple[str, ...]:
        return tuple(row[1] for row in self.rows(f"PRAGMA table_info(`{table}`)"))

    def rows(self, sql: str) -> Generator[tuple[Any, ...], None, None]:
        with contextlib.closing(self._connection.execute(sql)) as cursor:
            yield from cursor

    def run(self, sql: str) -> None:
        self._connection.execute(sql)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        values = ", ".join("?" * len(columns))
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(f"INSERT INTO `{table}` ({_listed(columns)}) VALUES ({values})", rows)
        self._connection.execute("COMMIT")

    def is_in_use(self) -> bool:
        self._connection.close()
        try:
            return not self._can_be_alone()
        finally:
            self._connection = self._connect()

    def _can_be_alone(self) -> bool:
        with contextlib.closing(self._connect()) as connection:
            try:
                # In this mode nobody else may have the file open.
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    def close(self) -> None:
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._uri, uri=True, timeout=2.0, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection


class _BareMySQL:
    def __init__(self, url: str) -> None:
        self._connection = pymysql.connect(
            **mysql_arguments(url),
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=SILENCE_S,
            write_timeout=SILENCE_S,
            sql_mode="STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
            init_command=f"SET SESSION net_write_timeout = {SILENCE_S}, net_read_timeout = {SILENCE_S}",
        )

    def begin_snapshot(self) -> None:
        self.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def list_tables(self) -> tuple[str, ...]:
        return tuple(sorted(name for (name,) in self.rows("SHOW TABLES")))

    def list_columns(self, table: str) -> tuple[str, ...]:
        return tuple(row[0] for row in self.rows(f"SHOW COLUMNS FROM `{table}`"))

    def rows(self, sql: str) -> Generator[tuple[Any, ...], None, None]:
        with SSCursor(self._connection) as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(ROWS_A_FETCH):
                yield from rows

    def run(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        values = ", ".join(["%s"] * len(columns))
        self._connection.begin()
        with self._connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO `{table}` ({_listed(columns)}) VALUES ({values})", list(rows))
        self._connection.commit()

    def is_in_use(self) -> bool:
        ((count,),) = self.rows(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        )
        return bool(count)

    def close(self) -> None:
        self._connection.close()


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)
