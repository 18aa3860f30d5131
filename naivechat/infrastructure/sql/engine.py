"""What the databases have in common: how to get a connection, begin on it, and read its errors."""

import contextlib
import enum
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias

from naivechat.domain.database_state import DatabaseState
from naivechat.infrastructure.sql.dialect import Dialect

OneRow: TypeAlias = Callable[[str], Any]
"""Runs a query in the current transaction and gives its first row."""


class StorageUrlError(ValueError):
    """A database URL that cannot be used; its text says why, without the password."""


class Fault(enum.Enum):
    """What an error of the driver means for the unit of work."""

    RUN_AGAIN = enum.auto()
    AWAY = enum.auto()


class Engine(Protocol):
    """One database."""

    dialect: Dialect
    reader_threads: int
    writer_threads: int

    def connection(self) -> contextlib.AbstractContextManager[Any]:
        """A connection for one unit; after an error it is rolled back, and closed if it may be broken."""

    def begin_read(self, connection: Any) -> Any:
        """Begin a transaction that reads; its cursor."""

    def begin_snapshot(self, connection: Any) -> Any:
        """Begin a transaction that sees one moment; its cursor."""

    def begin_write(self, connection: Any) -> Any:
        """Begin a transaction that writes; its cursor."""

    def fault_of(self, error: Exception) -> Fault | None:
        """What an error means; None when it is no fault of the database but ours."""

    def require_room(self, connection: Any) -> None:
        """Fail as a transaction would that has a message to store, if the disk is full; in a transaction, and leaving no trace."""

    def state_after(self, error: Exception) -> DatabaseState:
        """What the database is good for after an error that was AWAY."""

    def warnings(self, row: OneRow) -> tuple[str, ...]:
        """Settings under which an acked message could be lost, in words; `row` asks the database."""

    def close(self) -> None:
        """Close all connections, after the threads have ended."""


@contextlib.contextmanager
def rolled_back_on_error(connection: Any) -> Iterator[Any]:
    """The connection, rolled back when the block fails."""
    try:
        yield connection
    except BaseException:
        with contextlib.suppress(Exception):
            connection.rollback()
        raise
