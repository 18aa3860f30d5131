"""SQLite, in one file."""

import contextlib
import itertools
import operator
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from naivechat.domain.database_state import DatabaseState
from naivechat.infrastructure.sql.dialect import Dialect, Rows, SQLite, Statement
from naivechat.infrastructure.sql.engine import (
    Fault,
    OneRow,
    StorageUrlError,
    rolled_back_on_error,
)
from naivechat.infrastructure.sql.private_file import make_private_file

SQLITE_READERS = 3
LOG_PAGES = 4_000
"""So long, 16 MB, grows the write-ahead log before it is put into the file: pages that many batches change are written once."""
ROOM_BYTES = 2 * 1024 * 1024
"""A batch of the longest messages needs as much."""
_STATES = {sqlite3.SQLITE_FULL: DatabaseState.FULL, sqlite3.SQLITE_READONLY: DatabaseState.READ_ONLY}


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///relative` or `sqlite:////absolute`.

    Raises:
        StorageUrlError.
    """
    path = unquote(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not path or "?" in url:
        raise StorageUrlError("wanted is sqlite:///path")
    return Path(path)


class SQLiteEngine:
    """SQLite: write-ahead log, full durability, one writer."""

    can_number = False
    dialect: Dialect = SQLite()
    reader_threads = SQLITE_READERS
    writer_threads = 1
    is_far = False

    _AWAY = (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )

    def __init__(self, url: str) -> None:
        self._path = sqlite_path(url)
        self._of_thread = threading.local()
        self._all: list[sqlite3.Connection] = []

    @contextlib.contextmanager
    def connection(self, *, takes_many: bool = False) -> Iterator[Any]:
        """This thread's connection."""
        connection = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._open()
            self._all.append(connection)
        with rolled_back_on_error(connection):
            yield connection

    def begin_read(self, connection: Any) -> Any:
        """Begin; the first statement fixes the moment that all see."""
        return connection.execute("BEGIN")

    def begin_snapshot(self, connection: Any) -> Any:
        """As `begin_read`."""
        return connection.execute("BEGIN")

    def begin_write(self, connection: Any) -> Any:
        """Begin and take the write lock: a deferred BEGIN would fail at once when somebody else writes first."""
        return connection.execute("BEGIN IMMEDIATE")

    def fetch(
        self,
        cursor: Any,
        queries: Sequence[Statement],
        first: Sequence[Statement] = (),
        *,
        commits: bool = False,
    ) -> list[Rows]:
        """One query after the other: there is no way to go to the database."""
        self.run(cursor, first)
        answers = [cursor.execute(*query).fetchall() for query in queries]
        if commits:
            cursor.connection.commit()
        return answers

    def run(self, cursor: Any, statements: Sequence[Statement]) -> None:
        """One statement after the other."""
        for sql, same in itertools.groupby(statements, key=operator.itemgetter(0)):
            cursor.executemany(sql, [values for _, values in same])

    def commit(self, connection: Any, cursor: Any, statements: Sequence[Statement]) -> None:
        """As `run`, and commit."""
        self.run(cursor, statements)
        connection.commit()

    def commit_numbered(self, cursor: Any, statements: Sequence[Statement]) -> list[int]:
        """There is no way to the database that this would spare."""
        raise NotImplementedError

    def fault_of(self, error: Exception) -> Fault | None:
        """A locked database and a name stored meanwhile run again; a full, unreadable or missing one is away."""
        extended_code = getattr(error, "sqlite_errorcode", 0)
        if extended_code in (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE):
            return Fault.RUN_AGAIN
        code = extended_code & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Fault.LOST
        return Fault.AWAY if code in self._AWAY else None

    def require_room(self, connection: Any) -> None:
        """By what the file system has free: what is written at once, and what the write-ahead log grows by."""
        found = os.statvfs(self._path.parent)
        if found.f_bavail * found.f_frsize < ROOM_BYTES:
            error = sqlite3.OperationalError("the disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    def state_after(self, error: Exception) -> DatabaseState:
        """By its code."""
        return _STATES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, DatabaseState.DOWN)

    def warnings(self, row: OneRow) -> tuple[str, ...]:
        """None: `_open` sets what durability needs."""
        return ()

    def close(self) -> None:
        """Close all connections."""
        for connection in self._all:
            connection.close()
        self._all.clear()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        make_private_file(self._path)
        connection = sqlite3.connect(
            self._path, timeout=2.0, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
