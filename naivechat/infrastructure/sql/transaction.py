"""What a unit of work sees of the database, and units that are safe to run again."""

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import attrs

from naivechat.infrastructure.sql.dialect import Lookup, Question, Rows, Statement
from naivechat.infrastructure.sql.engine import Engine, Fault

T = TypeVar("T")
P = ParamSpec("P")


class Transaction:
    """What a unit of work sees of the database.

    after: why it runs again, if it does. can_number: `commit_numbered` can be used. is_over: all that was done is committed.
    """

    def __init__(
        self, cursor: Any, engine: Engine, after: Fault | None = None, *, can_number: bool = False
    ) -> None:
        self._cursor = cursor
        self._engine = engine
        self._unsent: list[Statement] = []
        self.dialect = engine.dialect
        self.after = after
        self.can_number = can_number
        self.is_over = False

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; how many rows it changed (MySQL counts only those whose values differ)."""
        self._send()
        self._cursor.execute(self.dialect.statement(sql), values)
        return int(self._cursor.rowcount)

    def write(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement of which nothing is asked, and which therefore may wait for the next question, or for the commit."""
        self.is_over = False
        self._unsent.append((self.dialect.statement(sql), values))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """All rows of a query."""
        self._send()
        self._cursor.execute(self.dialect.statement(sql), values)
        rows: Rows = self._cursor.fetchall()
        return rows

    def write_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """As `write`, of a statement with `{rows}` in it, for all of `rows`, of which there is at least one."""
        self.is_over = False
        self._unsent += self.dialect.for_rows(sql, rows)

    def rows_of(self, *lookups: Lookup) -> list[Rows]:
        """All rows of several lookups, in their order, by one question where that can be."""
        self._send()
        asked = [self.dialect.for_keys(lookup) for lookup in lookups]
        answers = iter(self._engine.fetch(self._cursor, [each for one in asked for each in one]))
        return [
            self.dialect.found(lookup, [next(answers) for _ in one])
            for lookup, one in zip(lookups, asked, strict=True)
        ]

    def ask(self, *questions: Question, is_last: bool = False) -> list[Rows]:
        """The rows of several questions of one moment, by one trip to the database where that can be.

        is_last: what was done so far may be committed with it, for what is written after that need not be one with it.
        """
        asked = self.dialect.for_questions(questions)
        commits = is_last and self._engine.is_far
        answers = self._engine.fetch(self._cursor, asked, self.take_unsent(), commits=commits)
        self.is_over = commits
        return self.dialect.answered(questions, answers)

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def commit_numbered(self, statements: Sequence[Statement]) -> list[int]:
        """Run all that the unit does, and commit; what each statement has made LAST_INSERT_ID, or 0. As `Engine.commit_numbered`."""
        numbers = self._engine.commit_numbered(self._cursor, statements)
        self.is_over = True
        return numbers

    def take_unsent(self) -> list[Statement]:
        """What `write` was given and has not run yet."""
        unsent, self._unsent = self._unsent, []
        return unsent

    def _send(self) -> None:
        self.is_over = False
        if self._unsent:
            self._engine.run(self._cursor, self.take_unsent())


@attrs.define
class RunAgain(Generic[P, T]):
    """A unit of work that may have been committed when it runs again: then `is_done` says so, and its first result stands."""

    _unit: Callable[Concatenate[Transaction, P], T]
    _is_done: Callable[[Transaction], bool]
    _results: list[T] = attrs.field(factory=list, init=False)

    def __call__(self, txn: Transaction, *args: P.args, **kw: P.kwargs) -> T:
        if not self._results or not self._is_done(txn):
            self._results = [self._unit(txn, *args, **kw)]
        return self._results[0]
