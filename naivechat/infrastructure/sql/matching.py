"""Searching by a text: what LIKE is to be given, and how far a count goes."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.directory import FURTHEST
from naivechat.infrastructure.sql.transaction import Transaction


def begins_with(text: str) -> str:
    """The pattern, for `LIKE … ESCAPE '!'`, of what begins with a text; wildcards mean themselves."""
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"{escaped}%"


def contains(text: str) -> str:
    """The pattern, for `LIKE … ESCAPE '!'`, of what contains a text; wildcards mean themselves."""
    return f"%{begins_with(text)}"


def is_whole_rest(found: int, limit: int, offset: int) -> bool:
    """Whether a page of `found` rows shows where a list ends, so that nobody has to count it."""
    return found < limit and (found > 0 or offset == 0)


def count_up_to(txn: Transaction, origin: str, values: Sequence[Any]) -> int:
    """How many rows there are in `origin`, which begins with FROM; `FURTHEST` for that or more."""
    sql = f"SELECT COUNT(*) FROM (SELECT 1 {origin} LIMIT %s) counted"
    row = txn.row(sql, [*values, FURTHEST])
    assert row is not None
    return int(row[0])
