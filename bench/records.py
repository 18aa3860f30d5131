"""Messages that were stored long ago, made by the database itself: millions of them in a minute or so."""

from collections.abc import Sequence

import attrs

from bench.tables import Tables
from naivechat.domain.talk import TalkId, friend_talk_id
from naivechat.domain.user import UserId

_TEXT = "x" * 100
_INSERT = (
    "INSERT INTO chat_record (talk_id, seq, sender_id, msg_uuid, msg_type, msg_text, sent_at_ms, counted) {numbers} "
    "SELECT ?, s.seq, CASE s.seq & 1 WHEN 1 THEN ? ELSE ? END, {uuid}, 0, ?, 1700000000000 + s.seq, s.seq FROM {source} s"
)
_SQLITE = _INSERT.format(
    numbers="WITH RECURSIVE numbers(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM numbers WHERE seq < {count})",
    uuid="CAST(printf('%016d', ? + s.seq) AS BLOB)",
    source="numbers",
)
_MARIADB = _INSERT.format(numbers="", uuid="LPAD(? + s.seq, 16, '0')", source="seq_1_to_{count}")
_TALK_NUMBERS = 10**9
"""How far the names of two talks' messages are apart."""


@attrs.frozen(kw_only=True)
class Dialogue:
    """A talk without messages so far, and two of its members, who write in turns."""

    talk_id: TalkId
    one: UserId
    other: UserId


def dialogue_of(one: UserId, other: UserId) -> Dialogue:
    """The talk of two friends."""
    return Dialogue(talk_id=friend_talk_id(one, other), one=one, other=other)


def fill(tables: Tables, dialogues: Sequence[Dialogue], count_each: int, *, first_name: int = 0) -> None:
    """So many messages of 100 bytes in each talk, which all its members have read.

    Args:
        first_name: the first talk's place among all that the same people have; messages are named by it.
    """
    statement = (_SQLITE if tables.is_sqlite else _MARIADB).replace("{count}", str(count_each))
    for number, talk in enumerate(dialogues, first_name):
        tables.run(statement, talk.talk_id, talk.one, talk.other, number * _TALK_NUMBERS, _TEXT)
        tables.run(
            "UPDATE talk SET last_seq = ?, counted = ? WHERE talk_id = ?",
            count_each,
            count_each,
            talk.talk_id,
        )
        tables.run(
            "UPDATE talk_member SET read_seq = ?, read_counted = ? WHERE talk_id = ?",
            count_each,
            count_each,
            talk.talk_id,
        )
