"""What SQLite and MySQL/MariaDB say differently.

Statements are written with `%s` for values, `%%` for a percent sign, `{for_update}` where rows are locked and `{now_ms}` for the
database's own clock, in milliseconds since 1970-01-01T00:00Z; the dialect puts them into its words. `{rows}` stands for several
rows to be written.
"""

import functools
import json
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs

T = TypeVar("T")

Statement: TypeAlias = tuple[str, Sequence[Any]]
"""A statement in a database's words, and its values."""

Rows: TypeAlias = Sequence[tuple[Any, ...]]
"""What a question found."""


@attrs.frozen(kw_only=True)
class Lookup:
    """A question for the rows of a table, called `r`, whose columns `by` hold one of `keys`.

    Keys are different ones, at least one. `also` is a further condition, `ending` what follows all conditions. `index` is the
    unique one on `by`. `as_text`: the columns hold numbers and texts only, and may come as one text where that is quicker.
    """

    columns: str
    table: str
    by: tuple[str, ...]
    keys: Sequence[Sequence[Any]]
    also: str = ""
    ending: str = ""
    index: str = "PRIMARY"
    as_text: bool = False

    @property
    def also_and(self) -> str:
        """`also`, to stand before the condition for the keys."""
        return f"{self.also} AND " if self.also else ""


@attrs.frozen(kw_only=True)
class Question:
    """A question for rows, in any order: `columns`, which hold numbers, texts and what `rows_as_json` gives, and what follows them."""

    columns: str
    rest: str
    values: Sequence[Any]


class Dialect(Protocol):
    """One database's way of saying things."""

    def statement(self, sql: str) -> str:
        """The statement in this database's words."""

    def for_keys(self, lookup: Lookup) -> list[Statement]:
        """What asks for the rows, in the order of `ending` if all at once, or in that of the keys."""

    def found(self, lookup: Lookup, answers: Sequence[Rows]) -> Rows:
        """The rows that came, from the answers to what `for_keys` asked."""

    def for_questions(self, questions: Sequence[Question]) -> list[Statement]:
        """What asks all of them, of one moment where the transaction does not see to that."""

    def answered(self, questions: Sequence[Question], answers: Sequence[Rows]) -> list[Rows]:
        """The rows of each, from the answers to what `for_questions` asked."""

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        """What writes `rows`: in `sql` stands `{rows}` for them."""

    def among(self, keys: Sequence[T]) -> tuple[str, Sequence[T]]:
        """What stands behind IN for one of `keys`, of which there is at least one, and the values for it."""

    def set_each(self, table: str, key: str, column: str, rows: Sequence[tuple[str, Any]]) -> list[Statement]:
        """What sets `column` where `key`, an id that is unique, is the first of a row, to what is the second of it.

        Rows are locked in the order of `rows`.
        """

    def rows_as_json(self, *columns: str) -> str:
        """All rows of a group as one text, a JSON array of arrays, in any order: a driver reads it ten times as fast as rows."""

    def rows_in(self, joined: Any) -> Rows:
        """The rows that `rows_as_json` has joined in a column of a question."""

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        """Insert `count` rows of `keys` + `values`, or set `values` where the keys are there; None: `{rows}`, for `for_rows`."""


def placeholders(width: int, count: int) -> str:
    """`count` rows of `width` placeholders: (%s,%s),(%s,%s)."""
    row = "(" + ",".join(["%s"] * width) + ")"
    return ",".join([row] * count)


class MySQL:
    """MySQL and MariaDB."""

    def statement(self, sql: str) -> str:
        # By UTC: what the server takes for local time comes twice when clocks are set back.
        now_ms = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)"
        return sql.replace("{for_update}", "FOR UPDATE").replace("{now_ms}", now_ms)

    def for_keys(self, lookup: Lookup) -> list[Statement]:
        values = [value for key in lookup.keys for value in key]
        is_joined = len(lookup.by) > 1 and len(lookup.keys) > 1
        return [(self.statement(self._joined(lookup) if is_joined else self._listed(lookup)), values)]

    def found(self, lookup: Lookup, answers: Sequence[Rows]) -> Rows:
        (rows,) = answers
        if lookup.as_text:
            ((text,),) = rows
            return [tuple(row) for row in json.loads(text)] if text else []
        return rows

    def _asked(self, lookup: Lookup) -> tuple[str, str]:
        """What is selected, and from what."""
        columns = self.rows_as_json(lookup.columns) if lookup.as_text else lookup.columns
        # The server knows the size of a table late, and would read all of one that it takes for small.
        return columns, f"{lookup.table} r FORCE INDEX ({lookup.index})"

    def _listed(self, lookup: Lookup) -> str:
        columns, table = self._asked(lookup)
        by = ", ".join(f"r.{name}" for name in lookup.by)
        keys = placeholders(len(lookup.by), len(lookup.keys))
        return f"SELECT {columns} FROM {table} WHERE {lookup.also_and}({by}) IN ({keys}) {lookup.ending}"

    def _joined(self, lookup: Lookup) -> str:
        """(a, b) IN (…) costs the square of the keys: 22 µs of MariaDB for each of a hundred, 43 for each of two hundred; this 2."""
        columns, table = self._asked(lookup)
        wanted = _listed_values([f"k{number}" for number in range(len(lookup.by))], len(lookup.keys))
        matches = " AND ".join(f"r.{name} = w.k{number}" for number, name in enumerate(lookup.by))
        also = f" WHERE {lookup.also}" if lookup.also else ""
        asked = f"SELECT STRAIGHT_JOIN {columns} FROM w JOIN {table} ON {matches}{also}"
        return f"{wanted} {asked} {lookup.ending}"

    def for_questions(self, questions: Sequence[Question]) -> list[Statement]:
        """As one statement, which sees one moment, with a text for each row.

        Of each further statement MariaDB sends the rows by themselves, for which the thread wakes up; each column costs the driver
        4 µs before the first row. A union has no order: it would be made in a table, which for JSON is on disk and costs 250 µs.
        """
        if len(questions) == 1:
            asked = f"SELECT JSON_ARRAY({questions[0].columns}) {questions[0].rest}"
        else:
            asked = " UNION ALL ".join(
                f"(SELECT {number}, JSON_ARRAY({question.columns}) {question.rest})"
                for number, question in enumerate(questions)
            )
        return [(self.statement(asked), [value for question in questions for value in question.values])]

    def answered(self, questions: Sequence[Question], answers: Sequence[Rows]) -> list[Rows]:
        (rows,) = answers
        if len(questions) == 1:
            return [self._rows_of_texts([text for (text,) in rows])]
        texts: list[list[str]] = [[] for _ in questions]
        for number, text in rows:
            texts[number].append(text)
        return list(map(self._rows_of_texts, texts))

    @staticmethod
    def _rows_of_texts(texts: Sequence[str]) -> Rows:
        rows: Rows = json.loads(f"[{','.join(texts)}]")
        return rows

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        inserted = placeholders(len(rows[0]), len(rows))
        return [(self.statement(sql).replace("{rows}", inserted), [value for row in rows for value in row])]

    def among(self, keys: Sequence[T]) -> tuple[str, Sequence[T]]:
        return placeholders(len(keys), 1), keys

    def set_each(self, table: str, key: str, column: str, rows: Sequence[tuple[str, Any]]) -> list[Statement]:
        # By CASE the server compares each row with half of the keys: of five hundred each costs it 9 µs, and so 6.
        wanted = _listed_values(("k0", "k1"), len(rows))
        found = f"({wanted} SELECT k0, k1 FROM w) n STRAIGHT_JOIN {table} u ON u.{key} = n.k0"
        return [(f"UPDATE {found} SET u.{column} = n.k1", [value for row in rows for value in row])]

    def rows_as_json(self, *columns: str) -> str:
        return f"JSON_ARRAYAGG(JSON_ARRAY({', '.join(columns)}))"

    def rows_in(self, joined: Any) -> Rows:
        rows: Rows = joined  # JSON within the JSON of a row
        return rows

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = VALUES({name})" for name in values)
        rows = "{rows}" if count is None else placeholders(len(columns), count)
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} ON DUPLICATE KEY UPDATE {settings}"


def _listed_values(names: Sequence[str], count: int) -> str:
    """What calls `count` rows of values w, with an id in the first of the columns `names`, for a statement to follow.

    MySQL alone wants the word ROW, and reads it between these signs. Ids are compared byte by byte, as the tables do.
    """
    row = f"/*!80019 ROW*/({','.join(['%s'] * len(names))})"
    typed = row.replace("(%s", "(_ascii %s COLLATE ascii_bin", 1)
    return f"WITH w ({', '.join(names)}) AS (VALUES {','.join([typed, *[row] * (count - 1)])})"


class SQLite:
    """SQLite. Its writer holds the whole database, so rows need no lock of their own.

    Several rows are asked for and written one by one, by a statement that is always the same and so is prepared already. One for
    a hundred rows is no quicker, and four times as slow while it is not prepared; and there is one for each number of rows.
    """

    @functools.lru_cache(maxsize=512)  # noqa: B019 (one dialect a process)
    def statement(self, sql: str) -> str:
        now_ms = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
        plain = sql.replace("{for_update}", "").replace("{now_ms}", now_ms)
        return plain.replace("%s", "?").replace("%%", "%")

    def for_keys(self, lookup: Lookup) -> list[Statement]:
        matches = " AND ".join(f"r.{name} = %s" for name in lookup.by)
        conditions = f"{lookup.also_and}{matches}"
        asked = f"SELECT {lookup.columns} FROM {lookup.table} r WHERE {conditions} {lookup.ending}"
        return [(self.statement(asked), key) for key in lookup.keys]

    def found(self, lookup: Lookup, answers: Sequence[Rows]) -> Rows:
        return [row for rows in answers for row in rows]

    def for_questions(self, questions: Sequence[Question]) -> list[Statement]:
        return [
            (self.statement(f"SELECT {question.columns} {question.rest}"), question.values)
            for question in questions
        ]

    def answered(self, questions: Sequence[Question], answers: Sequence[Rows]) -> list[Rows]:
        return list(answers)

    def for_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Statement]:
        written = self.statement(sql).replace("{rows}", f"({','.join('?' * len(rows[0]))})")
        return [(written, row) for row in rows]

    def among(self, keys: Sequence[T]) -> tuple[str, Sequence[T]]:
        # Of each length a connection keeps a prepared statement, up to 60 kB of them: so there are few lengths.
        length = 1 << (len(keys) - 1).bit_length()
        return placeholders(length, 1), [*keys, *[keys[-1]] * (length - len(keys))]

    def set_each(self, table: str, key: str, column: str, rows: Sequence[tuple[str, Any]]) -> list[Statement]:
        written = self.statement(f"UPDATE {table} SET {column} = %s WHERE {key} = %s")
        return [(written, (value, known)) for known, value in rows]

    def rows_as_json(self, *columns: str) -> str:
        return f"json_group_array(json_array({', '.join(columns)}))"

    def rows_in(self, joined: Any) -> Rows:
        rows: Rows = json.loads(joined)
        return rows

    def upsert(self, table: str, keys: Sequence[str], values: Sequence[str], count: int | None) -> str:
        columns = [*keys, *values]
        settings = ", ".join(f"{name} = excluded.{name}" for name in values)
        rows = "{rows}" if count is None else placeholders(len(columns), count)
        return (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings}"
        )
