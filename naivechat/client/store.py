"""What a client keeps on disk: messages shown, where each talk stands, what is on its way, the token, the nodes.

One SQLite file for one user and device. Calls block: each is one small transaction of well under a millisecond, written so
that it survives the end of the program (an outage of the machine may take the last ones, which the node then gives again).
A message is kept before it is shown: a program that dies in between finds it by `list_messages`, and is not shown it again.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from naivechat.client.outbox import Outgoing
from naivechat.client.talk import TalkKey
from naivechat.protocol.message import MessageRecord

_RECALL: Final = 5
_SCHEMA: Final = """
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
"""


class LocalStore:
    """A client's file. `path` is made if it is missing, readable by its owner alone; ":memory:" keeps nothing.

    Raises:
        sqlite3.Error: the file cannot be opened, or is none of ours.
    """

    def __init__(self, path: str | Path) -> None:
        if str(path) != ":memory:":
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def token(self) -> bytes | None:
        """The token of the last login; None if there is none. Setting None forgets it."""
        token: bytes | None = self._find_fact("token")
        return token

    @token.setter
    def token(self, token: bytes | None) -> None:
        self._set_fact("token", token)

    def open_for(self, user_id: str) -> None:
        """Say whose file this is; whatever it holds of another user is dropped."""
        if self._find_fact("user_id") == user_id:
            return
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for table in ("fact", "talk", "message", "outgoing"):
                self._db.execute(f"DELETE FROM {table}")
            self._set_fact("user_id", user_id)

    def list_nodes(self, given: str) -> tuple[str, ...]:
        """The nodes that were told of where this address led; none for another address, which may be another system's."""
        first, *others = (self._find_fact("nodes") or "").split("\n")
        return tuple(others) if first == given else ()

    def keep_nodes(self, given: str, addresses: tuple[str, ...]) -> None:
        """Keep the nodes that were told of where the address `given` led, instead of those kept already."""
        text = "\n".join((given, *addresses))
        if text != self._find_fact("nodes"):
            self._set_fact("nodes", text)

    def begin_epoch(self, epoch: str, since_ms: int) -> int | None:
        """Say which history of the database the node has; talks and messages of another one are dropped.

        What is on its way stays, for the new history has none of it.

        Returns:
            The `since_ms` with which this epoch began here; None if it begins now.
        """
        if self._find_fact("epoch") == epoch:
            return int(self._find_fact("since_ms"))
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM talk")
            self._db.execute("DELETE FROM message")
            self._set_fact("epoch", epoch)
            self._set_fact("since_ms", since_ms)
        return None

    def list_shown(self) -> tuple[tuple[TalkKey, int], ...]:
        """All talks, each with the seq up to which it was shown."""
        rows = self._db.execute("SELECT talk_type, talk_id, shown_seq FROM talk")
        return tuple((TalkKey(talk_type, talk_id), seq) for talk_type, talk_id, seq in rows)

    def start_talk(self, key: TalkKey, seq: int) -> None:
        """Showing begins after `seq`."""
        self._db.execute("INSERT OR IGNORE INTO talk VALUES (?, ?, ?)", (*key, seq))

    def add_message(self, key: TalkKey, message: MessageRecord) -> None:
        """Keep a message that is about to be shown; a recall also empties the message that it takes back."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT OR REPLACE INTO talk VALUES (?, ?, ?)", (*key, message.seq))
            self._db.execute(
                "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, *_row_of(message)),
            )
            if message.msg_type == _RECALL:
                self._db.execute(
                    "UPDATE message SET msg_text = '', recalled = 1 WHERE (talk_type, talk_id, seq) = (?, ?, ?)",
                    (*key, message.target_seq),
                )

    def list_messages(
        self, key: TalkKey, *, before_seq: int | None = None, limit: int = 100
    ) -> tuple[MessageRecord, ...]:
        """The last `limit` messages of a talk that were shown, those before `before_seq` if given, in rising seq."""
        rows = self._db.execute(
            "SELECT seq, sender_id, msg_type, msg_text, sent_at, msg_uuid, target_seq, recalled FROM message"
            " WHERE (talk_type, talk_id) = (?, ?) AND seq < ? ORDER BY seq DESC LIMIT ?",
            (*key, 2**53 if before_seq is None else before_seq, limit),
        )
        return tuple(map(_message_of, rows))[::-1]

    def add_outgoing(self, outgoing: Outgoing) -> None:
        """Keep a message on its way, behind those kept already."""
        self._db.execute(
            "INSERT INTO outgoing (talk_type, talk_id, msg_uuid, msg_type, msg_text) VALUES (?, ?, ?, ?, ?)",
            (*outgoing.talk, outgoing.msg_uuid, outgoing.msg_type, outgoing.text),
        )

    def remove_outgoing(self, msg_uuid: bytes) -> None:
        """Keep it no longer."""
        self._db.execute("DELETE FROM outgoing WHERE msg_uuid = ?", (msg_uuid,))

    def list_outgoing(self) -> tuple[Outgoing, ...]:
        """What is on its way, in the order it was added."""
        rows = self._db.execute(
            "SELECT talk_type, talk_id, msg_uuid, msg_type, msg_text FROM outgoing ORDER BY place"
        )
        return tuple(
            Outgoing(talk=TalkKey(talk_type, talk_id), msg_uuid=msg_uuid, msg_type=msg_type, text=text)
            for talk_type, talk_id, msg_uuid, msg_type, text in rows
        )

    def _find_fact(self, name: str) -> Any:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row and row[0]

    def _set_fact(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def _row_of(message: MessageRecord) -> tuple[object, ...]:
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


def _message_of(row: Any) -> MessageRecord:
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
