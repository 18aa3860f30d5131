"""The tables of a client's file, and how values stand in their rows.

`PRAGMA user_version` counts the migrations that a file has had; one is never edited after a release, the next one corrects it.
"""

import sqlite3
from typing import Any, Final

from naivechat.client.outbox import Outgoing
from naivechat.client.talk import TalkKey
from naivechat.protocol.message import MessageRecord

_MIGRATIONS: Final = (
    """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS talk (
    talk_type INTEGER, talk_id TEXT, shown_seq INTEGER NOT NULL, PRIMARY KEY (talk_type, talk_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
    talk_type INTEGER, talk_id TEXT, seq INTEGER, sender_id TEXT NOT NULL, msg_type INTEGER NOT NULL,
    msg_text TEXT NOT NULL, sent_at INTEGER NOT NULL, msg_uuid BLOB NOT NULL, target_seq INTEGER, recalled INTEGER,
    PRIMARY KEY (talk_type, talk_id, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outgoing (
    place INTEGER PRIMARY KEY, talk_type INTEGER NOT NULL, talk_id TEXT NOT NULL, msg_uuid BLOB NOT NULL UNIQUE,
    msg_type INTEGER NOT NULL, msg_text TEXT NOT NULL);
""",
    """
ALTER TABLE outgoing ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE refused (
    place INTEGER PRIMARY KEY, talk_type INTEGER NOT NULL, talk_id TEXT NOT NULL, msg_uuid BLOB NOT NULL UNIQUE,
    msg_type INTEGER NOT NULL, msg_text TEXT NOT NULL, written_at INTEGER NOT NULL, code TEXT NOT NULL);
CREATE TABLE draft (
    talk_type INTEGER, talk_id TEXT, text TEXT NOT NULL, PRIMARY KEY (talk_type, talk_id)) WITHOUT ROWID;
CREATE TABLE read_mark (
    talk_type INTEGER, talk_id TEXT, seq INTEGER NOT NULL, PRIMARY KEY (talk_type, talk_id)) WITHOUT ROWID;
CREATE TABLE known (kind TEXT, id TEXT, record TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
""",
)
OF_THE_HISTORY: Final = ("talk", "message", "read_mark", "known")
"""Tables that say something only about one history of the node's database."""
OF_THE_USER: Final = ("fact", "outgoing", "refused", "draft", *OF_THE_HISTORY)
"""All tables."""
MESSAGE_COLUMNS: Final = "seq, sender_id, msg_type, msg_text, sent_at, msg_uuid, target_seq, recalled"
OUTGOING_COLUMNS: Final = "talk_type, talk_id, msg_uuid, msg_type, msg_text, written_at"


def migrate(db: sqlite3.Connection) -> None:
    """Bring a file to the newest shape.

    Raises:
        sqlite3.Error: it is none of ours, or a later version of the program has written it.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise sqlite3.NotSupportedError("a later version of the program has written this file")
    for number, script in enumerate(_MIGRATIONS[version:], version + 1):
        db.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")


def row_of(message: MessageRecord) -> tuple[object, ...]:
    """The values of MESSAGE_COLUMNS."""
    return (
        message.seq,
        message.sender_id,
        message.msg_type,
        message.msg_text,
        message.sent_at,
        message.msg_uuid,
        message.target_seq,
        message.recalled,
    )


def message_of(row: Any) -> MessageRecord:
    """A message from the values of MESSAGE_COLUMNS."""
    seq, sender_id, msg_type, msg_text, sent_at, msg_uuid, target_seq, recalled = row
    return MessageRecord(
        seq=seq,
        sender_id=sender_id,
        msg_type=msg_type,
        msg_text=msg_text,
        sent_at=sent_at,
        msg_uuid=msg_uuid,
        target_seq=target_seq,
        recalled=None if recalled is None else bool(recalled),
    )


def outgoing_of(row: Any) -> Outgoing:
    """A message on its way from the values of OUTGOING_COLUMNS."""
    talk_type, talk_id, msg_uuid, msg_type, msg_text, written_at = row
    return Outgoing(
        talk=TalkKey(talk_type, talk_id),
        msg_uuid=msg_uuid,
        msg_type=msg_type,
        text=msg_text,
        written_at_ms=written_at,
    )
