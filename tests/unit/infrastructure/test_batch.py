"""When a batch is stored blindly, and what is then known of it; on a transaction that only notes what it is given."""

from collections.abc import Sequence
from typing import Any

import pytest

from naivechat.domain.appending import Decisions, Entry, Read, Send
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.batch import BatchUnit
from naivechat.infrastructure.sql.blind import MOST_BLIND
from naivechat.infrastructure.sql.engine import Fault
from naivechat.infrastructure.sql.news_row import NewsWriter

READ = Read(talk_id=TalkId("a:b"), reader_id=UserId("b"), seq=7)


def send(number: int, talk_id: str = "a:b") -> Send:
    name = number.to_bytes(16, "big")
    return Send(
        talk_id=TalkId(talk_id),
        sender_id=UserId("a"),
        msg_uuid=name,
        msg_type=0,
        text=f"no. {number}",
        sent_at_ms=5,
    )


class Transaction:
    """Numbers statements from 1 on."""

    def __init__(self, *, can_number: bool = True, after: Fault | None = None) -> None:
        self.can_number = can_number
        self.after = after
        self.stored: list[Any] = []

    def commit_numbered(self, statements: Sequence[Any]) -> list[int]:
        self.stored += statements
        return list(range(1, 1 + len(statements)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each batch that is decided by asking, whether names are looked up."""
    looks: list[bool] = []

    def write_batch(txn: Any, entries: Sequence[Entry], now_ms: int, *, look: bool) -> Decisions:
        looks.append(look)
        return Decisions()

    monkeypatch.setattr(records, "write_batch", write_batch)
    return looks


def run(entries: list[Entry], txn: Transaction, *, look_first: bool = False) -> tuple[BatchUnit, Any]:
    unit = BatchUnit(entries, 9, NewsWriter(), look_first=look_first)
    return unit, unit(txn)  # type: ignore[arg-type]  # a fake


def test_a_few_messages_are_stored_blindly_and_are_what_may_be_stored_if_no_answer_comes(
    asked: list[bool],
) -> None:
    entries: list[Entry] = [send(1, "b:c"), send(2), send(3)]
    unit, outcomes = run(entries, Transaction())
    assert [(one.message.talk_id, one.message.seq, one.duplicate) for one in outcomes] == [
        ("b:c", 7, False),
        ("a:b", 1, False),
        ("a:b", 4, False),
    ]
    assert [one.message.text for one in outcomes] == ["no. 1", "no. 2", "no. 3"]
    assert unit.written == {(UserId("a"), number.to_bytes(16, "big")) for number in (1, 2, 3)}
    assert (asked, unit.has_looked) == ([], False)


def test_a_reading_is_stored_blindly_and_has_no_name(asked: list[bool]) -> None:
    unit, (moved,) = run([READ], Transaction())
    assert (moved.seq, moved.moved, unit.written, asked) == (1, True, set(), [])


@pytest.mark.parametrize(
    ("entries", "txn", "look_first"),
    [
        ([send(1)], Transaction(can_number=False), False),
        ([send(1)], Transaction(), True),
        ([send(1)], Transaction(after=Fault.RUN_AGAIN), False),
        ([send(1)], Transaction(after=Fault.LOST), False),
        ([send(number) for number in range(1 + MOST_BLIND)], Transaction(), False),
        ([send(1), READ], Transaction(), False),
        ([READ, READ], Transaction(), False),
    ],
    ids=[
        "a database that numbers nothing",
        "names were known of late",
        "it was refused blindly",
        "no answer came",
        "many",
        "both",
        "readings",
    ],
)
def test_all_else_is_decided_by_asking(
    entries: list[Entry], txn: Transaction, look_first: bool, asked: list[bool]
) -> None:
    run(entries, txn, look_first=look_first)
    assert asked == [look_first or txn.after is not None]
    assert txn.stored == []
