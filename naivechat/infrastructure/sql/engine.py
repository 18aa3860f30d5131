"""What the databases have in common: how to get a connection, begin on it, and read its errors."""

import contextlib
import enum
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from naivechat.domain.database_state import DatabaseState
from naivechat.infrastructure.sql.dialect import Dialect, Rows, Statement

OneRow: TypeAlias = Callable[[str], Any]
"""Runs a query in the current transaction and gives its first row."""


class StorageUrlError(ValueError):
    """A database URL that cannot be used; its text says why, without the password."""


class Fault(enum.Enum):
    """What an error of the driver means for the unit of work.

    RUN_AGAIN: it has stored nothing. LOST: it is to run again, too, but what failed may have been its commit, or only its answer.
    """

    RUN_AGAIN = enum.auto()
    LOST = enum.auto()
    AWAY = enum.auto()


class Unforeseen(Exception):
    """A unit that took something for granted has found it otherwise, and has stored nothing."""


class Engine(Protocol):
    """One database. `can_number`: it has `commit_numbered`."""

    can_number: bool
    dialect: Dialect
    reader_threads: int
    writer_threads: int
    is_far: bool
    """Whether each question is a trip to another process."""

    def connection(self, *, takes_many: bool = False) -> contextlib.AbstractContextManager[Any]:
        """A connection for one unit; after an error it is rolled back, and closed if it may be broken.

        takes_many: one that runs several statements at a time, where the database has such; of a thread always the same.
        """

    def begin_read(self, connection: Any) -> Any:
        """Begin a transaction that reads; its cursor."""

    def begin_snapshot(self, connection: Any) -> Any:
        """Begin a transaction that sees one moment; its cursor."""

    def begin_write(self, connection: Any) -> Any:
        """Begin a transaction that writes; its cursor."""

    def fetch(
        self,
        cursor: Any,
        queries: Sequence[Statement],
        first: Sequence[Statement] = (),
        *,
        commits: bool = False,
    ) -> list[Rows]:
        """All rows of each query, after `first` was run; commit then if it `commits`. At once where the connection takes many."""

    def run(self, cursor: Any, statements: Sequence[Statement]) -> None:
        """Run statements in their order, at once where the connection takes many."""

    def commit(self, connection: Any, cursor: Any, statements: Sequence[Statement]) -> None:
        """Run the last statements of a transaction and commit, at once where the connection takes many."""

    def commit_numbered(self, cursor: Any, statements: Sequence[Statement]) -> list[int]:
        """As `commit`, of a connection that takes many; what each statement has made LAST_INSERT_ID, or 0.

        Raises:
            Unforeseen: there was NULL for a column that cannot have it.
        """

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
