"""Storing a little blindly: nothing is asked first, the database numbers what comes, and one packet does it all.

What an entry that comes alone costs is mostly its ways to the database and back. Read first, and there are two; so, there is one.
It is done where nothing but the usual is expected: a few messages, or one that is read.

Each message has three statements, which decide as `domain.appending` does:

- its talk is raised, and locked by that until the commit: so numbers have no gaps. Not an official account, where few may write;
- its sender's read position moves to it, if the talk was raised, and the sender is in it, which is looked at under the lock;
- its record is written, with NULL for a number if the position did not move. A record cannot have that: nothing is stored, and
  `engine.Unforeseen` sends the unit to ask first.

A name that is known already ends it by the unique key, as everywhere.
"""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.appending import Appended, Entry, Outcome, Read, ReadMoved, Send
from naivechat.domain.message import is_counted
from naivechat.domain.talk import TalkId
from naivechat.infrastructure.sql.dialect import Statement
from naivechat.infrastructure.sql.engine import Unforeseen
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.transaction import Transaction

MOST_BLIND = 4
"""With more, asking once for all is cheaper than statements for each."""

_RAISE = (
    "UPDATE talk SET last_seq = LAST_INSERT_ID({seq} := last_seq + 1), counted = (@counted := counted + %s) "
    "WHERE talk_id = %s AND official = 0"
)
_MOVE = (
    "UPDATE talk_member SET read_seq = {seq}, read_counted = @counted, changed_at_ms = %s "
    "WHERE talk_id = %s AND user_id = %s AND active = 1 AND ROW_COUNT() = 1"
)
_INSERT = (
    "INSERT INTO chat_record (talk_id, seq, sender_id, msg_uuid, msg_type, msg_text, sent_at_ms, counted) "
    "VALUES (%s, IF(ROW_COUNT() = 1, {seq}, NULL), %s, %s, %s, %s, %s, @counted)"
)
_READ = (
    "UPDATE talk_member m JOIN chat_record r ON r.talk_id = m.talk_id AND r.seq = %s "
    "SET m.read_seq = LAST_INSERT_ID(r.seq), m.read_counted = r.counted, m.changed_at_ms = %s "
    "WHERE m.talk_id = %s AND m.user_id = %s AND m.active = 1 AND m.read_seq < r.seq"
)
_STATEMENTS = tuple(
    tuple(statement.replace("{seq}", f"@seq{number}") for statement in (_RAISE, _MOVE, _INSERT))
    for number in range(MOST_BLIND)
)


def are_for_blind(entries: Sequence[Entry]) -> bool:
    """Whether these can be stored so, where the database can."""
    is_read = len(entries) == 1 and isinstance(entries[0], Read)
    return is_read or (len(entries) <= MOST_BLIND and all(isinstance(entry, Send) for entry in entries))


def store_blindly(txn: Transaction, entries: Sequence[Any], now_ms: int, news: NewsWriter) -> list[Outcome]:
    """Store and commit what is for it; the outcomes, in the order of `entries`.

    Raises:
        Unforeseen: an entry is not to be stored, or has nothing to change; nothing was.
    """
    if isinstance(entries[0], Read):
        return [_move_blindly(txn, entries[0], now_ms)]
    # In the order of their talks, as locks are taken everywhere.
    places = sorted(range(len(entries)), key=lambda place: entries[place].talk_id)
    statements: list[Statement] = []
    for number, place in enumerate(places):
        statements += _statements_for(entries[place], number, now_ms)
    statements += news.numbered(_ranges([entries[place].talk_id for place in places]))
    seqs = txn.commit_numbered(statements)[::3]
    return [
        Appended(message=entry.numbered(seqs[places.index(place)]), duplicate=False)
        for place, entry in enumerate(entries)
    ]


def _move_blindly(txn: Transaction, entry: Read, now_ms: int) -> ReadMoved:
    (seq,) = txn.commit_numbered([(_READ, (entry.seq, now_ms, entry.talk_id, entry.reader_id))])
    if not seq:
        raise Unforeseen
    return ReadMoved(seq=seq, moved=True)


def _statements_for(entry: Send, number: int, now_ms: int) -> list[Statement]:
    raising, moving, inserting = _STATEMENTS[number]
    said = (entry.msg_uuid, entry.msg_type, entry.text, entry.sent_at_ms)
    return [
        (raising, (int(is_counted(entry.msg_type)), entry.talk_id)),
        (moving, (now_ms, entry.talk_id, entry.sender_id)),
        (inserting, (entry.talk_id, entry.sender_id, *said)),
    ]


def _ranges(talk_ids: Sequence[TalkId]) -> list[tuple[TalkId, str, str]]:
    """Of the talks of numbered records, in order: each once, with the variables of its first and its last one."""
    numbers: dict[TalkId, list[int]] = {}
    for number, talk_id in enumerate(talk_ids):
        numbers.setdefault(talk_id, []).append(number)
    return [(talk_id, f"@seq{of[0]}", f"@seq{of[-1]}") for talk_id, of in numbers.items()]
