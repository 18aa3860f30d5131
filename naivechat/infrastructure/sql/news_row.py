"""A row of news: what one transaction has stored in which talks."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from naivechat.domain.message import Message
from naivechat.domain.node_ports import StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.dialect import Statement
from naivechat.infrastructure.sql.transaction import Transaction


@attrs.frozen
class NewsWriter:
    """Notes in each transaction that stores records what they are, for other nodes to find.

    Args:
        node: names this run of a node, in at most 32 ASCII characters; None: there are no others, nothing is noted.
    """

    _node: str | None = None

    def write(self, txn: Transaction, stored: Sequence[StoredRange]) -> None:
        """Write one row, unless nothing was stored. To be the last statement of its transaction: so its number is visible soon."""
        if self._node is None or not stored:
            return
        txn.write("INSERT INTO log_news (node, stored) VALUES (%s, %s)", (self._node, encode(stored)))

    def numbered(self, stored: Sequence[tuple[TalkId, str, str]]) -> list[Statement]:
        """As `write`, of ranges that the database has numbered: a talk, and the variables that hold the first seq and the last one."""
        if self._node is None:
            return []
        # JSON would hold a variable by itself as a text.
        ranges = ", ".join(f"JSON_ARRAY(%s, {first} + 0, {last} + 0)" for _, first, last in stored)
        statement = f"INSERT INTO log_news (node, stored) VALUES (%s, JSON_ARRAY({ranges}))"
        return [(statement, (self._node, *(talk_id for talk_id, _, _ in stored)))]


def ranges_of(messages: Iterable[Message], joined: Sequence[UserId] = ()) -> list[StoredRange]:
    """The ranges of records that one transaction appended; `joined` came into the one group they are of."""
    ends: dict[TalkId, list[int]] = {}
    for message in messages:
        ends.setdefault(message.talk_id, [message.seq, message.seq])[1] = message.seq
    return [
        StoredRange(talk_id=talk_id, first_seq=first, last_seq=last, joined=tuple(joined))
        for talk_id, (first, last) in ends.items()
    ]


def merge(stored: Iterable[StoredRange]) -> tuple[StoredRange, ...]:
    """The same records in as few ranges as possible, of each talk in rising seq; people join where a range begins, as before."""
    merged: list[StoredRange] = []
    for one in sorted(stored, key=lambda one: (one.talk_id, one.first_seq)):
        if merged and _goes_on(merged[-1], one):
            merged[-1] = attrs.evolve(merged[-1], last_seq=one.last_seq)
        else:
            merged.append(one)
    return tuple(merged)


def _goes_on(before: StoredRange, one: StoredRange) -> bool:
    return before.talk_id == one.talk_id and before.last_seq + 1 == one.first_seq and not one.joined


def encode(stored: Iterable[StoredRange]) -> str:
    """Ranges as they stand in a row."""
    rows = [_row_of(one) for one in stored]
    return json.dumps(rows, separators=(",", ":"))


def _row_of(one: StoredRange) -> tuple[Any, ...]:
    place = (one.talk_id, one.first_seq, one.last_seq)
    return (*place, one.joined) if one.joined else place


def decode(text: str) -> list[StoredRange]:
    """The ranges of a row; what a newer node may have added to them is passed over."""
    return [_range_of(*row) for row in json.loads(text)]


def _range_of(
    talk_id: str, first_seq: int, last_seq: int, joined: Sequence[str] = (), *_: object
) -> StoredRange:
    return StoredRange(
        talk_id=TalkId(talk_id), first_seq=first_seq, last_seq=last_seq, joined=tuple(map(UserId, joined))
    )
