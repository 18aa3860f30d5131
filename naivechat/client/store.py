"""What a client keeps on disk: messages shown, where each talk stands, what is on its way, the token, the nodes.

One SQLite file for one user and device. Calls block: each is one small transaction of well under a millisecond, written so
that it survives the end of the program (an outage of the machine may take the last ones, which the node then gives again).
A message is kept before it is shown: a program that dies in between finds it by `list_messages`, and is not shown it again.
What is kept of a talk is one run without gaps: messages come behind it as they are shown, and before it by `add_older`.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import attrs

from naivechat.client import tables
from naivechat.client.outbox import Outgoing
from naivechat.client.talk import TalkKey
from naivechat.protocol.message import MessageRecord

_RECALL: Final = 5
_ADD_MESSAGE: Final = "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LAST: Final = 2**53


@attrs.frozen(kw_only=True)
class Refused:
    """A message that the node has refused for good, and the error code with which it did."""

    outgoing: Outgoing
    code: str


class LocalStore:
    """A client's file. `path` is made if it is missing, readable by its owner alone; ":memory:" keeps nothing.

    Raises:
        sqlite3.Error: the file cannot be opened, is none of ours, or a later version has written it.
    """

    def __init__(self, path: str | Path) -> None:
        if str(path) != ":memory:":
            # One that is there is not opened: closing it would drop the locks that SQLite has on it in this process.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            tables.migrate(self._db)
        except sqlite3.Error:
            self._db.close()
            raise

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
        with self._transaction():
            self._clear(tables.OF_THE_USER)
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
        """Say which history of the database the node has; what was learned of another one is dropped.

        What the user wrote and what is not sent stays, for the new history has none of it.

        Returns:
            The `since_ms` with which this epoch began here; None if it begins now.
        """
        if self._find_fact("epoch") == epoch:
            return int(self._find_fact("since_ms"))
        with self._transaction():
            self._clear(tables.OF_THE_HISTORY)
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
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO talk VALUES (?, ?, ?)", (*key, message.seq))
            self._db.execute(_ADD_MESSAGE, (*key, *tables.row_of(message)))
            if message.msg_type == _RECALL:
                self._db.execute(
                    "UPDATE message SET msg_text = '', recalled = 1 WHERE (talk_type, talk_id, seq) = (?, ?, ?)",
                    (*key, message.target_seq),
                )

    def add_older(self, key: TalkKey, messages: tuple[MessageRecord, ...]) -> bool:
        """Keep messages, in rising seq, that were read from the history before those kept.

        Returns:
            Whether they are kept; not so when they would leave a gap, or when it is not known where showing begins.
        """
        first = self._find_first(key)
        if first is None or not messages or messages[-1].seq < first - 1:
            return False
        with self._transaction():
            rows = [(*key, *tables.row_of(message)) for message in messages if message.seq < first]
            self._db.executemany(_ADD_MESSAGE, rows)
        return True

    def list_messages(
        self, key: TalkKey, *, before_seq: int | None = None, limit: int = 100
    ) -> tuple[MessageRecord, ...]:
        """The last `limit` messages of a talk that are kept, those before `before_seq` if given, in rising seq."""
        rows = self._db.execute(
            f"SELECT {tables.MESSAGE_COLUMNS} FROM message"
            " WHERE (talk_type, talk_id) = (?, ?) AND seq < ? ORDER BY seq DESC LIMIT ?",
            (*key, _LAST if before_seq is None else before_seq, limit),
        )
        return tuple(map(tables.message_of, rows))[::-1]

    def add_outgoing(self, outgoing: Outgoing) -> None:
        """Keep a message on its way, behind those kept already; it is refused no longer."""
        with self._transaction():
            self.remove_refused(outgoing.msg_uuid)
            self._db.execute(
                f"INSERT INTO outgoing ({tables.OUTGOING_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *outgoing.talk,
                    outgoing.msg_uuid,
                    outgoing.msg_type,
                    outgoing.text,
                    outgoing.written_at_ms,
                ),
            )

    def remove_outgoing(self, msg_uuid: bytes) -> None:
        """Keep it no longer."""
        self._db.execute("DELETE FROM outgoing WHERE msg_uuid = ?", (msg_uuid,))

    def refuse_outgoing(self, msg_uuid: bytes, code: str) -> None:
        """Keep it as refused for good, with this error code."""
        with self._transaction():
            self._db.execute(
                f"INSERT INTO refused ({tables.OUTGOING_COLUMNS}, code)"
                f" SELECT {tables.OUTGOING_COLUMNS}, ? FROM outgoing WHERE msg_uuid = ?",
                (code, msg_uuid),
            )
            self.remove_outgoing(msg_uuid)

    def list_outgoing(self) -> tuple[Outgoing, ...]:
        """What is on its way, in the order it was added."""
        rows = self._db.execute(f"SELECT {tables.OUTGOING_COLUMNS} FROM outgoing ORDER BY place")
        return tuple(map(tables.outgoing_of, rows))

    def list_refused(self) -> tuple[Refused, ...]:
        """What was refused for good, in the order it was refused."""
        rows = self._db.execute(f"SELECT code, {tables.OUTGOING_COLUMNS} FROM refused ORDER BY place")
        return tuple(Refused(outgoing=tables.outgoing_of(row[1:]), code=row[0]) for row in rows)

    def remove_refused(self, msg_uuid: bytes) -> None:
        """Forget a refused message."""
        self._db.execute("DELETE FROM refused WHERE msg_uuid = ?", (msg_uuid,))

    def set_draft(self, key: TalkKey, text: str) -> None:
        """Keep what is typed but not sent; "" keeps nothing."""
        if text:
            self._db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (*key, text))
        else:
            self._db.execute("DELETE FROM draft WHERE (talk_type, talk_id) = (?, ?)", key)

    def list_drafts(self) -> tuple[tuple[TalkKey, str], ...]:
        """What is typed but not sent, by talk."""
        rows = self._db.execute("SELECT talk_type, talk_id, text FROM draft")
        return tuple((TalkKey(talk_type, talk_id), text) for talk_type, talk_id, text in rows)

    def set_read_mark(self, key: TalkKey, seq: int | None) -> None:
        """Keep that the talk was read up to `seq` and the node does not know; None: it knows."""
        if seq is None:
            self._db.execute("DELETE FROM read_mark WHERE (talk_type, talk_id) = (?, ?)", key)
        else:
            self._db.execute("INSERT OR REPLACE INTO read_mark VALUES (?, ?, ?)", (*key, seq))

    def list_read_marks(self) -> tuple[tuple[TalkKey, int], ...]:
        """How far talks were read of which the node does not know."""
        rows = self._db.execute("SELECT talk_type, talk_id, seq FROM read_mark")
        return tuple((TalkKey(talk_type, talk_id), seq) for talk_type, talk_id, seq in rows)

    def keep_known(self, changes: Mapping[tuple[str, str], str | None]) -> None:
        """Keep records by kind and id, each as a text; None drops one."""
        kept = [(*name, record) for name, record in changes.items() if record is not None]
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", kept)
            self._db.executemany(
                "DELETE FROM known WHERE (kind, id) = (?, ?)", changes.keys() - {row[:2] for row in kept}
            )

    def list_known(self) -> tuple[tuple[str, str, str], ...]:
        """All records of `keep_known`: kind, id and text."""
        return tuple(self._db.execute("SELECT kind, id, record FROM known"))

    def _find_first(self, key: TalkKey) -> int | None:
        """The seq before which a talk's older messages end; None if it is not known where showing begins."""
        row = self._db.execute(
            "SELECT COALESCE((SELECT MIN(seq) FROM message m WHERE (m.talk_type, m.talk_id) = (t.talk_type, t.talk_id)),"
            " shown_seq + 1) FROM talk t WHERE (talk_type, talk_id) = (?, ?)",
            key,
        ).fetchone()
        return row and int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def _clear(self, names: tuple[str, ...]) -> None:
        for table in names:
            self._db.execute(f"DELETE FROM {table}")

    def _find_fact(self, name: str) -> Any:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row and row[0]

    def _set_fact(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
