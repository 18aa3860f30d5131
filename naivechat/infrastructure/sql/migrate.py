"""Bringing a database's tables up to date, by the numbered files of sql/.

Any number of nodes may start at once: one migrates, the others wait for it and find nothing to do. A process that dies in the
middle leaves nothing that the next one cannot go on from: the files can be run again, for MySQL commits each change of a table
by itself.
"""

import contextlib
import fcntl
import importlib.resources
import sqlite3
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pymysql
from pymysql.constants import CR, ER
from yoyo import get_backend, read_migrations
from yoyo.backends import DatabaseBackend

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.mysql_url import mysql_arguments
from naivechat.infrastructure.sql.private_file import make_private_file
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path

LONGEST_WAIT_S = 60
_AWAY = frozenset(
    {
        CR.CR_CONNECTION_ERROR,
        CR.CR_CONN_HOST_ERROR,
        CR.CR_SERVER_GONE_ERROR,
        CR.CR_SERVER_LOST,
        ER.CON_COUNT_ERROR,
        ER.SERVER_SHUTDOWN,
    }
)


class MigrationError(Exception):
    """The database cannot be migrated; the text says why."""


def migrate(url: str) -> tuple[str, ...]:
    """Apply what is missing. Blocking.

    Args:
        url: `sqlite:///path` (made when it is not there) or `mysql://user:password@host:port/database`.

    Returns:
        The names of the migrations applied, in order; empty when there was nothing to do.

    Raises:
        StorageUrlError: not such a URL. Unavailable: the database does not answer. MigrationError: it refuses, or
        another node takes too long.
    """
    try:
        if url.startswith("sqlite:"):
            return _migrate_sqlite(url)
        if url.startswith("mysql:"):
            return _migrate_mysql(url)
    except (OSError, sqlite3.Error, pymysql.err.Error) as error:
        if error.args and error.args[0] in _AWAY:
            raise Unavailable(str(error)) from error
        raise MigrationError(str(error)) from error
    raise StorageUrlError("wanted is sqlite:///path or mysql://user:password@host:port/database")


def _migrate_sqlite(url: str) -> tuple[str, ...]:
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_private_file(path)
    with open(path.with_name(path.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _apply(f"sqlite:///{quote(str(path.absolute()))}", "sqlite")


def _migrate_mysql(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    arguments = mysql_arguments(url)
    query = urlencode({"charset": "utf8mb4"} | {k: v for k, v in arguments.items() if k == "unix_socket"})
    with _mysql_lock(arguments):
        return _apply(
            urlunsplit(parts._replace(scheme="mysql", path=f"/{arguments['database']}", query=query)), "mysql"
        )


@contextlib.contextmanager
def _mysql_lock(arguments: dict[str, object]) -> Iterator[None]:
    """A lock that the server gives up by itself when its holder dies."""
    waits = {"connect_timeout": 3, "read_timeout": LONGEST_WAIT_S + 10}
    with contextlib.closing(pymysql.connect(**arguments, **waits)) as connection:  # type: ignore[call-overload]
        cursor = connection.cursor()
        name = f"naivechat.migrate.{arguments['database']}"[:64]
        cursor.execute("SELECT GET_LOCK(%s, %s)", (name, LONGEST_WAIT_S))
        if cursor.fetchone() != (1,):
            raise MigrationError("another node has been migrating the database for too long")
        yield


def _apply(url: str, folder: str) -> tuple[str, ...]:
    with importlib.resources.as_file(importlib.resources.files("naivechat") / "_sql" / folder) as files:
        migrations = read_migrations(str(files))
        backend = get_backend(url)
        try:
            return _apply_missing(backend, migrations)
        finally:
            backend.connection.close()


def _apply_missing(backend: DatabaseBackend, migrations: object) -> tuple[str, ...]:
    # Whoever holds yoyo's own lock died: ours, which is held now, keeps everybody else out.
    backend.break_lock()
    with backend.lock():
        missing = backend.to_apply(migrations)
        backend.apply_migrations(missing)
        return tuple(migration.id for migration in missing)
