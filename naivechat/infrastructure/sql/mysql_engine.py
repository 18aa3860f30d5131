"""MySQL and MariaDB through PyMySQL."""

import contextlib
import math
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import pymysql
from dbutils.persistent_db import PersistentDB
from pymysql.constants import CLIENT, CR, ER

from naivechat.domain.database_state import DatabaseState
from naivechat.infrastructure.sql.dialect import Dialect, MySQL, Rows, Statement
from naivechat.infrastructure.sql.engine import (
    Fault,
    OneRow,
    Unforeseen,
    rolled_back_on_error,
)
from naivechat.infrastructure.sql.literals import filled
from naivechat.infrastructure.sql.mysql_connection import CONNECT_TIMEOUT_S, MySQLConnection
from naivechat.infrastructure.sql.mysql_url import mysql_arguments

MYSQL_THREADS = 8
TRUSTED_S = 1.0
"""A connection that has served within this time is not asked whether it is alive: if it is not, the unit runs again."""
CONNECTION_KILLED = 1927
"""MariaDB's own number, which PyMySQL has no name for."""
READ_ONLY_MODE = 1836
"""Of a server of MySQL that was started so."""
_STATES = {
    ER.DISK_FULL: DatabaseState.FULL,
    ER.RECORD_FILE_FULL: DatabaseState.FULL,
    ER.OPTION_PREVENTS_STATEMENT: DatabaseState.READ_ONLY,
    READ_ONLY_MODE: DatabaseState.READ_ONLY,
}


_COMMIT: Statement = ("COMMIT", ())
_ROOM_ROWS = " UNION ALL ".join(f"SELECT {number} AS seq" for number in range(64))


class NeverRaised(Exception):
    """DBUtils repeats a statement on a new connection after the errors it is given here: none, so it never does."""


class MySQLEngine:
    """MySQL or MariaDB, one steady connection a thread. One that takes many statements is for values that we have written ourselves.

    Not PooledDB: it opens and pings connections under one lock, so that with a stopped server each thread waits for the
    timeouts of all before it (measured: 34 s with eight threads).
    """

    can_number = True
    dialect: Dialect = MySQL()
    reader_threads = MYSQL_THREADS
    writer_threads = MYSQL_THREADS
    is_far = True

    _RUN_AGAIN = frozenset({ER.LOCK_DEADLOCK, ER.LOCK_WAIT_TIMEOUT, ER.DUP_ENTRY})
    _LOST = frozenset({CONNECTION_KILLED, CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST})

    _OUR_KINDS = (
        pymysql.err.ProgrammingError,
        pymysql.err.DataError,
        pymysql.err.IntegrityError,
        pymysql.err.NotSupportedError,
    )
    _OURS = frozenset({ER.BAD_FIELD_ERROR, ER.CANT_AGGREGATE_2COLLATIONS, ER.NON_UNIQ_ERROR})

    def __init__(self, url: str) -> None:
        self._arguments = mysql_arguments(url)
        self._opened: weakref.WeakSet[MySQLConnection] = weakref.WeakSet()
        self._of_thread = threading.local()
        self._connections = self._persistent(client_flag=0)
        self._of_many = self._persistent(client_flag=CLIENT.MULTI_STATEMENTS)

    def _persistent(self, client_flag: int) -> PersistentDB:
        return PersistentDB(
            self._connect,
            failures=(NeverRaised,),
            ping=1,
            **self._arguments,
            client_flag=client_flag,
            charset="utf8mb4",
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=10,
            write_timeout=10,
            autocommit=False,
            sql_mode="STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
            setsession=[
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                # Between /*M! and */ MariaDB alone reads. A node that is stopped in a transaction keeps its locks until the server
                # ends it: MariaDB after 5 s (idle_write_transaction_timeout would not do, it overlooks SELECT … FOR UPDATE),
                # MySQL, which has no such thing, after wait_timeout.
                # What is joined into one text would be cut, at 1 kB on MySQL: 5,000 friends are up to 1.8 MB.
                "SET SESSION group_concat_max_len = 16777216, innodb_lock_wait_timeout = 5 /*M!, max_statement_time = 8, idle_transaction_timeout = 5 */",
            ],
        )

    @contextlib.contextmanager
    def connection(self, *, takes_many: bool = False) -> Iterator[Any]:
        """This thread's connection, seen to be alive lately, or opened anew: the driver's own, for DBUtils' cursors only cost here."""
        mine = self._of_thread
        if time.monotonic() - getattr(mine, "served_s", -math.inf) > TRUSTED_S:
            steady = (self._of_many if takes_many else self._connections).connection()
            mine.connection = steady.dbapi_connection
        mine.served_s = -math.inf
        with rolled_back_on_error(mine.connection) as connection:
            yield connection
        mine.served_s = time.monotonic()

    def begin_read(self, connection: Any) -> Any:
        """Each statement sees what is committed by then; the first one begins, for nothing commits by itself."""
        return connection.cursor()

    def begin_snapshot(self, connection: Any) -> Any:
        """All statements see one moment; the first one begins, of the kind that is set before it."""
        cursor = connection.cursor()
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return cursor

    def begin_write(self, connection: Any) -> Any:
        """Begin; rows are locked as the unit asks for it."""
        return self.begin_read(connection)

    def fetch(
        self,
        cursor: Any,
        queries: Sequence[Statement],
        first: Sequence[Statement] = (),
        *,
        commits: bool = False,
    ) -> list[Rows]:
        """All rows of each query, by one question where the connection takes many."""
        statements = [*first, *queries, *([_COMMIT] if commits else [])]
        if cursor.connection.takes_many:
            answers = self._at_once(cursor, statements)
        else:
            answers = [self._fetch_one(cursor, statement) for statement in statements]
        return answers[len(first) : len(first) + len(queries)]

    def run(self, cursor: Any, statements: Sequence[Statement]) -> None:
        """Run statements in their order, at once where the connection takes many."""
        if statements and cursor.connection.takes_many:
            self._at_once(cursor, statements)
            return
        for statement in statements:
            cursor.execute(*statement)

    def commit(self, connection: Any, cursor: Any, statements: Sequence[Statement]) -> None:
        """As `run`, and commit: a statement that fails is the last that the server looks at, so then nothing is."""
        if statements and cursor.connection.takes_many:
            self._at_once(cursor, [*statements, _COMMIT])
        else:
            self.run(cursor, statements)
            connection.commit()

    def commit_numbered(self, cursor: Any, statements: Sequence[Statement]) -> list[int]:
        """All in one packet; the server answers each statement, up to one that fails."""
        texts = [filled(*statement) for statement in (*statements, _COMMIT)]
        numbers: list[int]
        try:
            *numbers, _ = cursor.connection.numbers_of(texts)
        except pymysql.err.IntegrityError as error:
            if error.args[0] == ER.BAD_NULL_ERROR:
                raise Unforeseen from error
            raise
        return numbers

    @staticmethod
    def _fetch_one(cursor: Any, query: Statement) -> Rows:
        cursor.execute(*query)
        rows: Rows = cursor.fetchall()
        return rows

    @staticmethod
    def _at_once(cursor: Any, statements: Sequence[Statement]) -> list[Rows]:
        """Run statements in one packet; the rows of each, none where it has none."""
        cursor.execute(";".join([filled(*statement) for statement in statements]))
        answers = [cursor.fetchall()]
        while cursor.nextset():
            answers.append(cursor.fetchall())
        return answers

    def fault_of(self, error: Exception) -> Fault | None:
        """Deadlocks, timeouts, lost connections and a name stored meanwhile run again; what cannot connect is away."""
        if isinstance(error, Unforeseen):
            return Fault.RUN_AGAIN
        if isinstance(error, OSError):
            return Fault.AWAY
        if not isinstance(error, pymysql.err.Error):
            return None
        number = error.args[0] if error.args else 0
        if number in self._RUN_AGAIN:
            return Fault.RUN_AGAIN
        if number in self._LOST:
            return Fault.LOST
        is_ours = number in self._OURS or isinstance(error, self._OUR_KINDS)
        return None if is_ours else Fault.AWAY

    def require_room(self, connection: Any) -> None:
        """By storing the texts of a batch where messages are stored, and taking them back: other tables may have room of their own."""
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT room")
            cursor.execute(
                "INSERT INTO chat_record (talk_id, seq, sender_id, msg_uuid, msg_type, msg_text, sent_at_ms, counted)"
                f" SELECT UUID(), seq, '', UNHEX(MD5(CONCAT(UUID(), seq))), 0, REPEAT('x', 16000), 0, 0 FROM ({_ROOM_ROWS}) numbers"
            )
            cursor.execute("ROLLBACK TO SAVEPOINT room")

    def state_after(self, error: Exception) -> DatabaseState:
        """By its number."""
        return _STATES.get(error.args[0] if error.args else 0, DatabaseState.DOWN)

    def warnings(self, row: OneRow) -> tuple[str, ...]:
        """What of the server's settings would lose acked messages when it dies."""
        flush, sync_binlog, log_bin = row("SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog, @@log_bin")
        found = []
        if flush != 1:
            found.append(
                f"innodb_flush_log_at_trx_commit is {flush}: acked messages may be lost when it dies; set it to 1"
            )
        if log_bin and sync_binlog != 1:
            found.append(f"sync_binlog is {sync_binlog}: a replica may miss acked messages; set it to 1")
        return tuple(found)

    def close(self) -> None:
        """Close all connections: their threads have ended, but only a collection of garbage would close them."""
        for connection in tuple(self._opened):
            with contextlib.suppress(pymysql.err.Error):
                connection.close()

    def _connect(self, **arguments: Any) -> MySQLConnection:
        connection = MySQLConnection(**arguments)
        self._opened.add(connection)
        return connection
