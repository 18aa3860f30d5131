"""What may be written to logs, and what number it gets.

A batch of entries is decided at once, from what the storage read under the locks of the talks concerned: the storage loads a
`LogState`, calls `decide`, writes the `Decisions` and commits. The rules:

- the next record of a talk has the number after its last, so a log has no gaps;
- only members write or read, and only operators write to an official account;
- (sender, msg_uuid) names a record for good: the same one again changes nothing and gets the first one's number,
  with another content it is a conflict;
- writing reads: one's own record moves one's read position to it; read positions only move forward;
- a record is recalled once: by its sender within two minutes, in a group by owner and admins at any time, and by operators
  of the node in any talk at any time, though they are in none.

Objects here are not frozen: they are built for every message sent.
"""

from collections.abc import Sequence
from typing import TypeAlias

import attrs

from naivechat.domain.errors import (
    ChatError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotFriend,
    NotMember,
)
from naivechat.domain.group import Role
from naivechat.domain.message import FILE, RECALL, RECALL_WINDOW_MS, Message, is_counted
from naivechat.domain.talk import TalkId, is_group_talk
from naivechat.domain.user import UserId


@attrs.define(kw_only=True)
class Send:
    """A message that `sender_id` wants in a talk."""

    talk_id: TalkId
    sender_id: UserId
    msg_uuid: bytes
    msg_type: int
    text: str
    sent_at_ms: int

    def numbered(self, seq: int) -> Message:
        """The message, as the record `seq` of its talk."""
        return Message(
            talk_id=self.talk_id,
            seq=seq,
            sender_id=self.sender_id,
            msg_type=self.msg_type,
            text=self.text,
            sent_at_ms=self.sent_at_ms,
            msg_uuid=self.msg_uuid,
        )


@attrs.define(kw_only=True)
class Recall:
    """`sender_id` takes the record `target_seq` back; `msg_uuid` names the recall, itself a record.

    by_operator: whoever takes it back need not be in the talk; no request of a client makes such a one.
    """

    talk_id: TalkId
    sender_id: UserId
    msg_uuid: bytes
    target_seq: int
    sent_at_ms: int
    by_operator: bool = False


@attrs.define(kw_only=True)
class Read:
    """`reader_id` has read up to `seq`."""

    talk_id: TalkId
    reader_id: UserId
    seq: int


Entry: TypeAlias = Send | Recall | Read


@attrs.define(kw_only=True)
class Appended:
    """A record that stands in the log; `duplicate` when it stood there before."""

    message: Message
    duplicate: bool


@attrs.define(kw_only=True)
class ReadMoved:
    """The read position after a Read; `moved` is False when it was there or further already."""

    seq: int
    moved: bool


Outcome: TypeAlias = Appended | ReadMoved | ChatError


@attrs.define
class TalkHead:
    """The end of a log: its last seq, and how many of its records count as unread for those who have not seen them."""

    last_seq: int
    counted: int


@attrs.define(kw_only=True)
class Position:
    """Where a member stands in a talk. Reads from `joined_seq` + 1 on. `read_counted` is `counted` at `read_seq`.

    `read_only` members (of an official account) may not write.
    """

    role: Role
    joined_seq: int
    read_seq: int
    read_counted: int
    read_only: bool = False


@attrs.define(kw_only=True)
class Record:
    """A message and what the log keeps beside it: `counted`, the number of counted records up to it; `recalled_seq`, of its recall."""

    message: Message
    counted: int
    recalled_seq: int | None = None


@attrs.define(kw_only=True)
class LogState:
    """What the storage read, under lock, for a batch.

    heads: each talk named in the batch that exists. positions: each (talk, person) named that is a member.
    known: each (sender, msg_uuid) named that is in any log. records: each (talk, seq) that is read up to, recalled, or is a recall's answer.
    """

    heads: dict[TalkId, TalkHead] = attrs.Factory(dict)
    positions: dict[tuple[TalkId, UserId], Position] = attrs.Factory(dict)
    known: dict[tuple[UserId, bytes], Record] = attrs.Factory(dict)
    records: dict[tuple[TalkId, int], Record] = attrs.Factory(dict)


@attrs.define(kw_only=True)
class Decisions:
    """What to write, and what to answer: `outcomes[i]` belongs to `entries[i]`.

    appended: new records in order. heads, positions: new values of those that moved. recalled: (talk, seq) → seq of the recall.
    """

    outcomes: list[Outcome] = attrs.Factory(list)
    appended: list[Record] = attrs.Factory(list)
    heads: dict[TalkId, TalkHead] = attrs.Factory(dict)
    positions: dict[tuple[TalkId, UserId], Position] = attrs.Factory(dict)
    recalled: dict[tuple[TalkId, int], int] = attrs.Factory(dict)


def decide(entries: Sequence[Entry], state: LogState) -> Decisions:
    """Decide a batch in its order. `state` is used up: entries see what those before them did."""
    decisions = Decisions()
    for entry in entries:
        decisions.outcomes.append(_outcome(entry, state, decisions))
    return decisions


def _outcome(entry: Entry, state: LogState, decisions: Decisions) -> Outcome:
    try:
        if isinstance(entry, Send):
            return _send(entry, state, decisions)
        if isinstance(entry, Recall):
            return _recall(entry, state, decisions)
        return _read(entry, state, decisions)
    except ChatError as refusal:
        return refusal


def _send(entry: Send, state: LogState, decisions: Decisions) -> Appended:
    position = _position(entry.talk_id, entry.sender_id, state)
    known = state.known.get((entry.sender_id, entry.msg_uuid))
    if known is not None:
        return _resent(known, entry)
    if position.read_only:
        raise Forbidden("Only operators write to an official account.")
    message = entry.numbered(state.heads[entry.talk_id].last_seq + 1)
    _append(message, position, state, decisions)
    return Appended(message=message, duplicate=False)


def _resent(known: Record, entry: Send) -> Appended:
    first = known.message
    same_text = known.recalled_seq is not None or first.text == entry.text
    if first.talk_id != entry.talk_id or first.msg_type != entry.msg_type or not same_text:
        raise Conflict
    return Appended(message=first, duplicate=True)


def _recall(entry: Recall, state: LogState, decisions: Decisions) -> Appended:
    position = None if entry.by_operator else _position(entry.talk_id, entry.sender_id, state)
    known = state.known.get((entry.sender_id, entry.msg_uuid))
    if known is not None:
        return _recalled_again(known.message, entry)
    target = state.records.get((entry.talk_id, entry.target_seq))
    if target is None or (position is not None and entry.target_seq <= position.joined_seq):
        raise NotFound("There is no such message in this talk.")
    _require_may_recall(entry, position, target.message)
    if target.recalled_seq is not None:
        return Appended(message=state.records[entry.talk_id, target.recalled_seq].message, duplicate=True)
    _require_in_time(entry, position, target.message)
    message = Message(
        talk_id=entry.talk_id,
        seq=state.heads[entry.talk_id].last_seq + 1,
        sender_id=entry.sender_id,
        msg_type=RECALL,
        text="",
        sent_at_ms=entry.sent_at_ms,
        msg_uuid=entry.msg_uuid,
        target_seq=entry.target_seq,
    )
    _append(message, position, state, decisions)
    target.recalled_seq = message.seq
    decisions.recalled[entry.talk_id, entry.target_seq] = message.seq
    return Appended(message=message, duplicate=False)


def _recalled_again(first: Message, entry: Recall) -> Appended:
    if (first.talk_id, first.msg_type, first.target_seq) != (entry.talk_id, RECALL, entry.target_seq):
        raise Conflict
    return Appended(message=first, duplicate=True)


def _governs(entry: Recall, position: Position | None) -> bool:
    return position is None or (is_group_talk(entry.talk_id) and position.role >= Role.ADMIN)


def _require_may_recall(entry: Recall, position: Position | None, target: Message) -> None:
    if not is_recallable(target.msg_type):
        raise Forbidden("This record cannot be taken back.")
    if target.sender_id != entry.sender_id and not _governs(entry, position):
        raise Forbidden("Only the sender may take a message back.")


def is_recallable(msg_type: int) -> bool:
    """Whether a record of this type can be taken back: what people wrote, not events and recalls."""
    return msg_type <= FILE or msg_type > RECALL


def _require_in_time(entry: Recall, position: Position | None, target: Message) -> None:
    if entry.sent_at_ms - target.sent_at_ms > RECALL_WINDOW_MS and not _governs(entry, position):
        raise Forbidden("A message can be taken back within two minutes.")


def _read(entry: Read, state: LogState, decisions: Decisions) -> ReadMoved:
    position = _position(entry.talk_id, entry.reader_id, state)
    if entry.seq > state.heads[entry.talk_id].last_seq:
        raise InvalidRequest("seq", "is beyond the last message of the talk")
    if entry.seq <= position.read_seq:
        return ReadMoved(seq=position.read_seq, moved=False)
    record = state.records[entry.talk_id, entry.seq]
    _move_read(position, record, entry.reader_id, decisions)
    return ReadMoved(seq=entry.seq, moved=True)


def _position(talk_id: TalkId, user_id: UserId, state: LogState) -> Position:
    position = state.positions.get((talk_id, user_id))
    if position is None:
        raise NotMember if is_group_talk(talk_id) else NotFriend
    return position


def _append(message: Message, position: Position | None, state: LogState, decisions: Decisions) -> None:
    head = state.heads[message.talk_id]
    head.last_seq = message.seq
    head.counted += is_counted(message.msg_type)
    record = Record(message=message, counted=head.counted)
    state.known[message.sender_id, message.msg_uuid] = record
    state.records[message.talk_id, message.seq] = record
    decisions.appended.append(record)
    decisions.heads[message.talk_id] = head
    if position is not None:
        _move_read(position, record, message.sender_id, decisions)


def _move_read(position: Position, record: Record, reader_id: UserId, decisions: Decisions) -> None:
    position.read_seq = record.message.seq
    position.read_counted = record.counted
    decisions.positions[record.message.talk_id, reader_id] = position
