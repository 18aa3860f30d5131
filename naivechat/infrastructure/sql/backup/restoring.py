"""Restoring a backup.

The tables are made as they were when the backup was made, filled, and brought up to date then, as the original would have been.
Their history has another name, by which clients find out that what they keep may be of another time.
"""

from collections.abc import Collection
from pathlib import Path

from naivechat.infrastructure.sql.backup.bare import BareDatabase, open_bare
from naivechat.infrastructure.sql.backup.file import BackupError, Contents, check_backup, read_portions
from naivechat.infrastructure.sql.migrate import (
    UNFINISHED_TABLE,
    apply_migrations,
    is_migration_table,
    known_migrations,
    known_tables,
    migration_lock,
)

ROWS_A_COMMIT = 2_000
_TELLING = ("user", "operator")
"""Tables that have rows where anybody has used a database."""


def restore_backup(url: str, path: Path, *, replace: bool = False) -> Contents:
    """Fill a database with what a backup holds. Blocking; nodes that start meanwhile wait for it.

    One that is broken off leaves a database that no node takes.

    Args:
        url: a SQLite file is made where there is none.
        replace: whether what is in the database may be lost.

    Returns:
        What the backup holds.

    Raises:
        StorageUrlError. Unavailable: the database does not answer. BackupError: the backup is damaged or of a newer version, a node
        is running, or there is something in the database and `replace` does not say that it may be lost. MigrationError.
    """
    contents = check_backup(path)
    if newer := set(contents.head.migrations) - known_migrations(url):
        raise BackupError(
            f"{path} was made by a newer version of naivechat: {sorted(newer)[0]} is not known here"
        )
    with migration_lock(url), open_bare(url) as database:
        if database.is_in_use():
            raise BackupError("the database is in use: stop all nodes first")
        _require_place(database, replace)
        _clear(database, known_tables(url))
        apply_migrations(url, only=contents.head.migrations)
        _fill(database, path, contents)
        apply_migrations(url)
        database.run(f"DROP TABLE {UNFINISHED_TABLE}")
    return contents


def _require_place(database: BareDatabase, replace: bool) -> None:
    tables = database.list_tables()
    if replace:
        return
    if UNFINISHED_TABLE in tables:
        raise BackupError("an earlier restore was broken off: --replace begins anew")
    if any(
        next(database.rows(f"SELECT 1 FROM `{table}` LIMIT 1"), None) for table in _TELLING if table in tables
    ):
        raise BackupError("there is something in the database: --replace lets it be lost")


def _clear(database: BareDatabase, ours: Collection[str]) -> None:
    tables = database.list_tables()
    if UNFINISHED_TABLE not in tables:
        database.run(f"CREATE TABLE {UNFINISHED_TABLE} (one INTEGER)")
    for table in tables:
        if table in ours or is_migration_table(table):
            database.run(f"DROP TABLE `{table}`")


def _fill(database: BareDatabase, path: Path, contents: Contents) -> None:
    columns = {table: frozenset(database.list_columns(table)) for table in database.list_tables()}
    for table in contents.rows:
        if table not in columns:
            raise BackupError(f"{path} has a table that is not known here: {table}")
        database.run(f"DELETE FROM `{table}`")
    for portion in read_portions(path, ROWS_A_COMMIT):
        if unknown := set(portion.columns) - columns[portion.table]:
            raise BackupError(f"{path} has a column that is not known here: {portion.table}.{unknown.pop()}")
        database.insert(portion.table, portion.columns, portion.rows)
