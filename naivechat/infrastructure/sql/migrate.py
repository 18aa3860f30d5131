"""Bringing a database's tables up to date, by the numbered files of sql/.

Any number of nodes may start at once: one migrates, the others wait for it and find nothing to do. A process that dies in the
middle leaves nothing that the next one cannot go on from: the files can be run again, for MySQL commits each change of a table
by itself.
"""

import contextlib
import fcntl
import importlib.resources
import re
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pymysql
from pymysql.constants import CR, ER
from yoyo import get_backend, read_migrations
from yoyo.backends import DatabaseBackend
from yoyo.migrations import MigrationList

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.mysql_engine import CONNECTION_KILLED
from naivechat.infrastructure.sql.mysql_url import mysql_arguments
from naivechat.infrastructure.sql.private_file import make_private_file
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path

LONGEST_WAIT_S = 60
APPLIED_TABLE = "_yoyo_migration"
"""Lists the migrations that a database has, in its column migration_id."""
UNFINISHED_TABLE = "unfinished_restore"
"""Is there while a backup is being restored, or when that was broken off."""
_CREATED = re.compile(r"^CREATE TABLE IF NOT EXISTS (\w+)", re.MULTILINE)
_AWAY = frozenset(
    {
        CR.CR_CONNECTION_ERROR,
        CR.CR_CONN_HOST_ERROR,
        CR.CR_SERVER_GONE_ERROR,
        CR.CR_SERVER_LOST,
        ER.CON_COUNT_ERROR,
        ER.SERVER_SHUTDOWN,
        CONNECTION_KILLED,
        0,  # PyMySQL says so of a connection that has ended before, as when yoyo rolls back on one that was lost
    }
)
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
"""What SQLite says on a full disk: the second where it cannot even make the memory that processes share."""


class MigrationError(Exception):
    """The database cannot be migrated; the text says why."""


def migrate(url: str) -> tuple[str, ...]:
    """Apply what is missing. Blocking.

    Args:
        url: `sqlite:///path` (made when it is not there) or `mysql://user:password@host:port/database`.

    Returns:
        The names of the migrations applied, in order; empty when there was nothing to do.

    Raises:
        StorageUrlError: not such a URL. Unavailable: the database does not answer, or its disk is full. MigrationError: it refuses, or
        another node takes too long.
    """
    with migration_lock(url):
        with _told_in_words():
            _require_finished(url)
        return apply_migrations(url)


@contextlib.contextmanager
def migration_lock(url: str) -> Iterator[None]:
    """Keep everybody else from migrating a database, which is made where it is a file that is not there.

    Raises:
        StorageUrlError, Unavailable, MigrationError, as `migrate`.
    """
    with contextlib.ExitStack() as held:
        with _told_in_words():
            held.enter_context(_lock_of(url))
        yield


def apply_migrations(url: str, *, only: Collection[str] | None = None) -> tuple[str, ...]:
    """As `migrate`, for whoever has the lock.

    Args:
        only: names of the migrations that may be applied; None: all.
    """
    with _told_in_words(), _files(url) as files:
        migrations = read_migrations(str(files))
        if only is not None:
            migrations = migrations.filter(lambda migration: migration.id in only)
        with _backend(url) as backend:
            return _apply_missing(backend, migrations)


def known_migrations(url: str) -> frozenset[str]:
    """The names of all migrations for this kind of database. StorageUrlError."""
    with _files(url) as files:
        return frozenset(migration.id for migration in read_migrations(str(files)))


def known_tables(url: str) -> frozenset[str]:
    """The names of all tables that migrations make. StorageUrlError."""
    with _files(url) as files:
        texts = [file.read_text(encoding="utf-8") for file in files.glob("*.sql")]
    return frozenset(name for text in texts for name in _CREATED.findall(text))


def is_migration_table(table: str) -> bool:
    """Whether a table says how far a database is migrated."""
    return table.startswith(("_yoyo_", "yoyo_"))


@contextlib.contextmanager
def _told_in_words() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, pymysql.err.Error) as error:
        if _may_pass(error):
            raise Unavailable(str(error)) from error
        raise MigrationError(str(error)) from error


def _may_pass(error: Exception) -> bool:
    """Whether it is worth trying again: nobody answers, or there is no room on the disk."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_ROOM
    return bool(error.args) and error.args[0] in _AWAY


def _lock_of(url: str) -> contextlib.AbstractContextManager[None]:
    return _sqlite_lock(url) if _kind_of(url) == "sqlite" else _mysql_lock(mysql_arguments(url))


@contextlib.contextmanager
def _sqlite_lock(url: str) -> Iterator[None]:
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_private_file(path)
    with open(path.with_name(path.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _mysql_lock(arguments: dict[str, object]) -> Iterator[None]:
    """A lock that the server gives up by itself when its holder dies."""
    # In no database: who restores a backup looks whether anybody else is in it.
    ours = {"connect_timeout": 3, "read_timeout": LONGEST_WAIT_S + 10, "database": None}
    with contextlib.closing(pymysql.connect(**{**arguments, **ours})) as connection:  # type: ignore[call-overload]
        cursor = connection.cursor()
        name = f"naivechat.migrate.{arguments['database']}"[:64]
        cursor.execute("SELECT GET_LOCK(%s, %s)", (name, LONGEST_WAIT_S))
        if cursor.fetchone() != (1,):
            raise MigrationError("another node has been migrating the database for too long")
        yield


def _kind_of(url: str) -> str:
    for kind in ("sqlite", "mysql"):
        if url.startswith(f"{kind}:"):
            return kind
    raise StorageUrlError("wanted is sqlite:///path or mysql://user:password@host:port/database")


def _files(url: str) -> contextlib.AbstractContextManager[Path]:
    return importlib.resources.as_file(importlib.resources.files("naivechat") / "_sql" / _kind_of(url))


@contextlib.contextmanager
def _backend(url: str) -> Iterator[DatabaseBackend]:
    backend = get_backend(_yoyo_url(url))
    try:
        yield backend
    finally:
        backend.connection.close()


def _yoyo_url(url: str) -> str:
    if _kind_of(url) == "sqlite":
        return f"sqlite:///{quote(str(sqlite_path(url).absolute()))}"
    arguments = mysql_arguments(url)
    query = urlencode({"charset": "utf8mb4"} | {k: v for k, v in arguments.items() if k == "unix_socket"})
    return urlunsplit(urlsplit(url)._replace(path=f"/{arguments['database']}", query=query))


def _require_finished(url: str) -> None:
    with _backend(url) as backend:
        if UNFINISHED_TABLE in backend.list_tables():
            raise MigrationError(
                "a backup was being restored into it and that was broken off: restore it again with --replace"
            )


def _apply_missing(backend: DatabaseBackend, migrations: MigrationList) -> tuple[str, ...]:
    # Whoever holds yoyo's own lock died: ours, which is held now, keeps everybody else out.
    backend.break_lock()
    with backend.lock():
        missing = backend.to_apply(migrations)
        backend.apply_migrations(missing)
        return tuple(migration.id for migration in missing)
