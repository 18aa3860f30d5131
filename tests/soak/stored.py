"""What the database holds when all is over."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

import attrs
import pymysql

from naivechat.domain.group import GroupEventKind
from naivechat.domain.group_record import change_in
from naivechat.domain.message import GROUP_EVENT
from naivechat.domain.talk import TalkId, friends_in, is_group_talk
from naivechat.infrastructure.sql.mysql_engine import mysql_arguments
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from tests.history.event import Event, MemberOff, MemberOn, Record, Stored

_COMING = frozenset({GroupEventKind.CREATED, GroupEventKind.JOINED})
_GOING = frozenset({GroupEventKind.LEFT, GroupEventKind.REMOVED})


@attrs.define
class StoredLogs:
    """All rows and who came and went by them, as `events`; where each talk ends (`heads`), and who is in it then (`members`)."""

    events: list[Event] = attrs.Factory(list)
    heads: dict[str, int] = attrs.Factory(dict)
    members: dict[str, set[str]] = attrs.Factory(dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "StoredLogs":
        """Read the records of all talks, each talk's in rising seq. Friends are in their talk from its beginning."""
        logs = cls()
        for record in records:
            if record.talk_id not in logs.heads:
                logs._begin(record.talk_id)
            logs.heads[record.talk_id] = record.seq
            logs.events.append(Stored(record=record))
            if record.msg_type == GROUP_EVENT:
                logs._apply(record)
        return logs

    def heads_for(self, user_id: str) -> dict[str, int]:
        """Where the talks end that a person is in."""
        return {talk_id: seq for talk_id, seq in self.heads.items() if user_id in self.members[talk_id]}

    def _begin(self, talk_id: str) -> None:
        self.members[talk_id] = set()
        if not is_group_talk(TalkId(talk_id)):
            for user_id in friends_in(TalkId(talk_id)):
                self._come(talk_id, user_id, 1)

    def _apply(self, record: Record) -> None:
        kind, user_ids = change_in(record.text)
        for user_id in user_ids:
            if kind in _COMING:
                self._come(record.talk_id, user_id, record.seq)
            elif kind in _GOING:
                self._go(record.talk_id, user_id, record.seq)

    def _come(self, talk_id: str, user_id: str, seq: int) -> None:
        self.members[talk_id].add(user_id)
        self.events.append(MemberOn(talk_id=talk_id, user_id=user_id, seq=seq))

    def _go(self, talk_id: str, user_id: str, seq: int) -> None:
        self.members[talk_id].discard(user_id)
        self.events.append(MemberOff(talk_id=talk_id, user_id=user_id, seq=seq))


_EVERYTHING = (
    "SELECT talk_id, seq, sender_id, msg_uuid, msg_type, msg_text FROM chat_record ORDER BY talk_id, seq"
)


_HEADS = "SELECT talk_id, MAX(seq) FROM chat_record GROUP BY talk_id"


def read_heads(database: str) -> dict[str, int]:
    """Where each talk ends. Blocks; the driver's errors when the database does not answer."""
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(database), timeout=10)) as file:
            return dict(file.execute(_HEADS))
    with pymysql.connect(**mysql_arguments(database)) as connection, connection.cursor() as cursor:
        cursor.execute(_HEADS)
        return dict(cursor)


def read_records(database: str) -> tuple[Record, ...]:
    """Every row of a database's logs, by talk and seq. Blocks; the driver's errors when it does not answer."""
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(database), timeout=10)) as file:
            return tuple(_record(*row) for row in file.execute(_EVERYTHING))
    with pymysql.connect(**mysql_arguments(database)) as connection, connection.cursor() as cursor:
        cursor.execute(_EVERYTHING)
        return tuple(_record(*row) for row in cursor)


def _record(talk_id: str, seq: int, sender_id: str, msg_uuid: bytes, msg_type: int, msg_text: str) -> Record:
    return Record(
        talk_id=talk_id,
        seq=seq,
        sender_id=sender_id,
        msg_uuid=bytes(msg_uuid),
        msg_type=msg_type,
        text=msg_text,
    )
