"""One suite of contract tests, run on every database.

A contract is a mixin that asks `self.new_database_url()`; each database makes a test case of it:

    class UsersContract: ...
    class TestUsersOnSQLite(OnSQLite, UsersContract, TestCase): ...
    class TestUsersOnMariaDB(OnMariaDB, UsersContract, TestCase): ...

Tests that are plain functions take the fixture `database_url`, those that are neither a `DatabaseFactory`.
"""

import atexit
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from naivechat.infrastructure.sql.migrate import migrate
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from tests.servers import shared_mariadb


class DatabaseFactory(Protocol):
    """Makes and removes databases of one kind."""

    def create(self) -> str:
        """The URL of a new, empty database."""
        ...

    def create_migrated(self) -> str:
        """The URL of a new database with all tables, copied from one that was migrated: migrating takes ten times as long."""
        ...

    def remove(self, url: str) -> None:
        """Remove a database that was made here."""
        ...


class SQLiteDatabases:
    """Each database is a file in a folder of its own."""

    def create(self) -> str:
        return f"sqlite:///{tempfile.mkdtemp(prefix='naivechat-sqlite-')}/naivechat.db"

    def create_migrated(self) -> str:
        url = self.create()
        shutil.copy(sqlite_path(self._template), sqlite_path(url))
        return url

    @cached_property
    def _template(self) -> str:
        url = self.create()
        migrate(url)
        atexit.register(self.remove, url)
        return url

    def remove(self, url: str) -> None:
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent, ignore_errors=True)


class MariaDBDatabases:
    """Databases of the run's shared server, which the first one starts."""

    def create(self) -> str:
        return shared_mariadb().create_database()

    def create_migrated(self) -> str:
        url = self.create()
        shared_mariadb().copy_database(self._template, url)
        return url

    @cached_property
    def _template(self) -> str:
        url = self.create()
        migrate(url)
        return url

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

    def new_migrated_database_url(self) -> str:
        """The URL of a new database with all tables that is removed after the test."""
        url = self.databases.create_migrated()
        self.addCleanup(self.databases.remove, url)
        return url


class OnSQLite(_OnDatabase):
    """Mixin of a test case: its databases are SQLite files."""

    databases = DATABASES["sqlite"]


class OnMariaDB(_OnDatabase):
    """Mixin of a test case: its databases are the shared MariaDB's; skipped where that is not installed."""

    databases = DATABASES["mariadb"]
