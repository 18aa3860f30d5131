"""Making a backup, while nodes run or not."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from naivechat.domain.ports import Clock
from naivechat.infrastructure.sql.backup.bare import BareDatabase, open_bare
from naivechat.infrastructure.sql.backup.file import BackupError, BackupWriter, Contents, Head
from naivechat.infrastructure.sql.migrate import APPLIED_TABLE, known_tables

NOT_KEPT = frozenset({"history", "log_news", "log_news_end", "operator_session"})
"""The name of the database's history, for a restored one is another history; what running nodes tell each other; who is at the
console just now.
"""


def make_backup(url: str, path: Path, clock: Clock) -> Contents:
    """Write everything in a database, as it is at one moment, to a file that its owner alone may read. Blocking.

    Args:
        path: takes the place of an older file once it is whole.

    Returns:
        What the file holds.

    Raises:
        StorageUrlError. Unavailable: the database does not answer. BackupError: it has no tables, or the file cannot be written.
    """
    with open_bare(url) as database:
        database.begin_snapshot()
        head = Head(made_at_ms=clock(), migrations=_applied(database))
        try:
            writer = BackupWriter(path, head)
        except OSError as error:
            raise BackupError(f"{path}: {error.strerror}") from None
        try:
            return _write(database, sorted(known_tables(url) - NOT_KEPT), writer, head)
        except OSError as error:
            writer.give_up()
            raise BackupError(f"{path}: {error.strerror}") from None
        except BaseException:
            writer.give_up()
            raise


def _write(database: BareDatabase, wanted: Sequence[str], writer: BackupWriter, head: Head) -> Contents:
    there = frozenset(database.list_tables())
    for table in filter(there.__contains__, wanted):
        columns = database.list_columns(table)
        listed = ", ".join(f"`{name}`" for name in columns)
        with contextlib.closing(database.rows(f"SELECT {listed} FROM `{table}`")) as rows:
            writer.write_table(table, columns, rows)
    return Contents(head=head, rows=writer.finish())


def _applied(database: BareDatabase) -> tuple[str, ...]:
    if APPLIED_TABLE not in database.list_tables():
        raise BackupError("there is nothing of naivechat in this database")
    return tuple(sorted(name for (name,) in database.rows(f"SELECT migration_id FROM `{APPLIED_TABLE}`")))
