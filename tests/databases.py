"""One suite of contract tests, run on every database.

A contract is a mixin that asks `self.new_database_url()`; each database makes a test case of it:

    class UsersContract: ...
    class TestUsersOnSQLite(OnSQLite, UsersContract, TestCase): ...
    class TestUsersOnMariaDB(OnMariaDB, UsersContract, TestCase): ...

Tests that are plain functions take the fixture `database_url`, those that are neither a `DatabaseFactory`.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Protocol

from tests.servers import shared_mariadb


class DatabaseFactory(Protocol):
    """Makes and removes databases of one kind."""

    def create(self) -> str:
        """The URL of a new, empty database."""
        ...

    def remove(self, url: str) -> None:
        """Remove a database that `create` made."""
        ...


class SQLiteDatabases:
    """Each database is a file in a folder of its own."""

    def create(self) -> str:
        return f"sqlite:///{tempfile.mkdtemp(prefix='naivechat-sqlite-')}/naivechat.db"

    def remove(self, url: str) -> None:
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent, ignore_errors=True)


class MariaDBDatabases:
    """Databases of the run's shared server, which the first one starts."""

    def create(self) -> str:
        return shared_mariadb().create_database()

    def remove(self, url: str) -> None:
        shared_mariadb().drop_database(url)


DATABASES: dict[str, DatabaseFactory] = {"sqlite": SQLiteDatabases(), "mariadb": MariaDBDatabases()}


class _OnDatabase:
    databases: DatabaseFactory
    addCleanup: Any

    def new_database_url(self) -> str:
        """The URL of a new, empty database that is removed after the test."""
        url = self.databases.create()
        self.addCleanup(self.databases.remove, url)
        return url


class OnSQLite(_OnDatabase):
    """Mixin of a test case: its databases are SQLite files."""

    databases = DATABASES["sqlite"]


class OnMariaDB(_OnDatabase):
    """Mixin of a test case: its databases are the shared MariaDB's; skipped where that is not installed."""

    databases = DATABASES["mariadb"]
