"""Reading and writing the records of logs, inside a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from naivechat.domain.appending import (
    Decisions,
    Entry,
    LogState,
    Position,
    Read,
    Recall,
    Record,
    Send,
    TalkHead,
    decide,
)
from naivechat.domain.errors import NotFriend, NotMember
from naivechat.domain.group import Role
from naivechat.domain.message import HistoryPage, HistoryRange, Message
from naivechat.domain.talk import TalkId, is_group_talk
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.dialect import Lookup, Rows
from naivechat.infrastructure.sql.transaction import Transaction

MOST_BETWEEN = 256

_ROLES = {role.value: role for role in Role}
_MEMBER = Role.MEMBER.value

RECORD_COLUMNS = "r.talk_id, r.seq, r.sender_id, r.msg_type, r.msg_text, r.sent_at_ms, r.msg_uuid, r.target_seq, r.recalled_seq, r.counted"


def message_of(row: tuple[Any, ...]) -> Message:
    """A row that begins with the columns of `RECORD_COLUMNS`, as a message."""
    talk_id, seq, sender_id, msg_type, text, sent_at_ms, msg_uuid, target_seq, recalled_seq = row[:9]
    return Message(
        talk_id=TalkId(talk_id),
        seq=seq,
        sender_id=UserId(sender_id),
        msg_type=msg_type,
        text=text,
        sent_at_ms=sent_at_ms,
        msg_uuid=bytes(msg_uuid),
        target_seq=target_seq,
        recalled=recalled_seq is not None,
    )


def write_batch(txn: Transaction, entries: Sequence[Entry], now_ms: int, *, look: bool) -> Decisions:
    """Decide a batch under the locks of its talks and write what was decided.

    look: False where no name is believed to be known; if one is, the unique key ends the transaction.
    """
    decisions = decide(entries, _load_state(txn, entries, look))
    if decisions.appended:
        insert(txn, decisions.appended)
        write_heads(txn, decisions.heads)
    if decisions.positions:
        _write_positions(txn, decisions, now_ms)
    for (talk_id, seq), recalled_seq in decisions.recalled.items():
        txn.write(
            "UPDATE chat_record SET msg_text = '', recalled_seq = %s WHERE talk_id = %s AND seq = %s",
            (recalled_seq, talk_id, seq),
        )
    return decisions


def lock_heads(txn: Transaction, talk_ids: Iterable[TalkId]) -> dict[TalkId, tuple[TalkHead, bool]]:
    """Lock talks, in their order, and read their ends, and whether they are official accounts'."""
    return _heads_of(*txn.rows_of(_heads_lookup(talk_ids)))


def _heads_lookup(talk_ids: Iterable[TalkId]) -> Lookup:
    return Lookup(
        columns="talk_id, last_seq, counted, official",
        table="talk",
        by=("talk_id",),
        keys=[(talk_id,) for talk_id in sorted(set(talk_ids))],
        ending="ORDER BY talk_id {for_update}",
        as_text=True,
    )


def _heads_of(rows: Rows) -> dict[TalkId, tuple[TalkHead, bool]]:
    return {
        TalkId(talk_id): (TalkHead(seq, counted), bool(official)) for talk_id, seq, counted, official in rows
    }


def write_heads(txn: Transaction, heads: Mapping[TalkId, TalkHead]) -> None:
    """Move the ends of logs that are there, all at once: a statement for each costs the hot path more than all the rest."""
    rows = [(talk_id, heads[talk_id].last_seq, heads[talk_id].counted) for talk_id in sorted(heads)]
    txn.write_rows(txn.dialect.upsert("talk", ("talk_id",), ("last_seq", "counted"), None), rows)


def insert(txn: Transaction, appended: Sequence[Record]) -> None:
    """Write new records, all at once."""
    rows = []
    for record in appended:
        m = record.message
        said = (m.msg_uuid, m.msg_type, m.text, m.sent_at_ms)
        rows.append((m.talk_id, m.seq, m.sender_id, *said, record.counted, m.target_seq))
    txn.write_rows(
        "INSERT INTO chat_record (talk_id, seq, sender_id, msg_uuid, msg_type, msg_text, sent_at_ms, counted, target_seq) "
        "VALUES {rows}",
        rows,
    )


def _load_state(txn: Transaction, entries: Sequence[Entry], look: bool) -> LogState:
    head_rows, position_rows = txn.rows_of(
        _heads_lookup(entry.talk_id for entry in entries), _positions_lookup(entries)
    )
    heads = _heads_of(head_rows)
    state = LogState(heads={talk_id: head for talk_id, (head, _) in heads.items()})
    _take_positions(position_rows, heads, state)
    # Whoever may not write now, or takes something back too late, may have done it before.
    is_simple = all(isinstance(entry, Send | Read) for entry in entries)
    if look or not is_simple or any(position.read_only for position in state.positions.values()):
        names = list({(e.sender_id, e.msg_uuid): None for e in entries if not isinstance(e, Read)})
        for row in _named(txn, ("sender_id", "msg_uuid"), names, "chat_record_name"):
            record = _record_of(row)
            state.known[record.message.sender_id, record.message.msg_uuid] = record
    places = list({(e.talk_id, _seq_named(e)): None for e in entries if isinstance(e, Read | Recall)})
    for row in _named(txn, ("talk_id", "seq"), places):
        record = _record_of(row)
        state.records[record.message.talk_id, record.message.seq] = record
    recalls = [(talk, r.recalled_seq) for (talk, _), r in state.records.items() if r.recalled_seq is not None]
    for row in _named(txn, ("talk_id", "seq"), recalls):
        record = _record_of(row)
        state.records.setdefault((record.message.talk_id, record.message.seq), record)
    return state


def _seq_named(entry: Read | Recall) -> int:
    return entry.seq if isinstance(entry, Read) else entry.target_seq


def _positions_lookup(entries: Sequence[Entry]) -> Lookup:
    people = list({(e.talk_id, e.reader_id if isinstance(e, Read) else e.sender_id): None for e in entries})
    return Lookup(
        columns="talk_id, user_id, role, joined_seq, read_seq, read_counted",
        table="talk_member",
        by=("talk_id", "user_id"),
        keys=people,
        also="active = 1",
        as_text=True,
    )


def _take_positions(rows: Rows, heads: Mapping[TalkId, tuple[TalkHead, bool]], state: LogState) -> None:
    for talk_id, user_id, role, joined_seq, read_seq, read_counted in rows:
        official = heads[talk_id][1]
        state.positions[talk_id, user_id] = Position(
            role=_ROLES[role],
            joined_seq=joined_seq,
            read_seq=read_seq,
            read_counted=read_counted,
            read_only=official and role == _MEMBER,
        )


def _named(
    txn: Transaction, by: tuple[str, str], pairs: Sequence[tuple[Any, Any]], index: str = "PRIMARY"
) -> Rows:
    if not pairs:
        return ()
    (rows,) = txn.rows_of(Lookup(columns=RECORD_COLUMNS, table="chat_record", by=by, keys=pairs, index=index))
    return rows


def _record_of(row: tuple[Any, ...]) -> Record:
    return Record(message=message_of(row), counted=row[9], recalled_seq=row[8])


def _write_positions(txn: Transaction, decisions: Decisions, now_ms: int) -> None:
    rows = []
    for talk_id, user_id in sorted(decisions.positions):
        position = decisions.positions[talk_id, user_id]
        rows.append((talk_id, user_id, position.read_seq, position.read_counted, now_ms))
    moved = ("read_seq", "read_counted", "changed_at_ms")
    txn.write_rows(txn.dialect.upsert("talk_member", ("talk_id", "user_id"), moved, None), rows)


def require_position(txn: Transaction, talk_id: TalkId, user_id: UserId) -> int:
    """The seq after which a member reads. NotFriend or NotMember for everybody else."""
    row = txn.row(
        "SELECT joined_seq FROM talk_member WHERE talk_id = %s AND user_id = %s AND active = 1",
        (talk_id, user_id),
    )
    if row is None:
        raise NotMember if is_group_talk(talk_id) else NotFriend
    return int(row[0])


def read_history(txn: Transaction, talk_id: TalkId, user_id: UserId, wanted: HistoryRange) -> HistoryPage:
    """A page of a talk, from the record after joining on."""
    joined_seq = require_position(txn, talk_id, user_id)
    if wanted.after_seq is not None:
        rows = _page(txn, talk_id, "r.seq > %s", "ASC", [max(joined_seq, wanted.after_seq)], wanted.limit)
        return _history_page(rows, wanted.limit, rising=True)
    if wanted.before_seq is not None:
        condition, values = "r.seq > %s AND r.seq < %s", [joined_seq, wanted.before_seq]
    else:
        condition, values = "r.seq > %s", [joined_seq]
    rows = _page(txn, talk_id, condition, "DESC", values, wanted.limit)
    return _history_page(rows, wanted.limit, rising=False)


def _page(
    txn: Transaction, talk_id: TalkId, condition: str, order: str, values: Sequence[int], limit: int
) -> Sequence[tuple[Any, ...]]:
    return txn.rows(
        f"SELECT {RECORD_COLUMNS} FROM chat_record r WHERE r.talk_id = %s AND {condition} ORDER BY r.seq {order} LIMIT %s",
        [talk_id, *values, limit + 1],
    )


def _history_page(rows: Sequence[tuple[Any, ...]], limit: int, *, rising: bool) -> HistoryPage:
    messages = [message_of(row) for row in rows[:limit]]
    if not rising:
        messages.reverse()
    return HistoryPage(messages=tuple(messages), has_more=len(rows) > limit)


def read_between(
    txn: Transaction, talk_id: TalkId, after_seq: int, before_seq: int
) -> tuple[tuple[Message, User], ...]:
    """The records between two, with their senders."""
    rows = txn.rows(
        f"SELECT {RECORD_COLUMNS}, u.nickname, u.avatar FROM chat_record r JOIN user u ON u.user_id = r.sender_id "
        "WHERE r.talk_id = %s AND r.seq > %s AND r.seq < %s ORDER BY r.seq LIMIT %s",
        (talk_id, after_seq, before_seq, MOST_BETWEEN),
    )
    return tuple(
        (message_of(row), User(user_id=UserId(row[2]), nickname=row[10], avatar=row[11])) for row in rows
    )
