"""What happens when a database dies, stops, is locked or full: nothing acked is lost, and nobody waits for long."""

import functools
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pymysql
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from naivechat.domain import group as rules
from naivechat.domain.errors import Unavailable
from naivechat.domain.friend import AskOutcome
from naivechat.domain.group import Group, GroupId
from naivechat.domain.message import HistoryRange
from naivechat.domain.talk import TalkId
from naivechat.infrastructure.sql.engine import Fault
from naivechat.infrastructure.sql.migrate import migrate
from naivechat.infrastructure.sql.mysql_engine import MySQLEngine
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.sqlite_engine import SQLITE_READERS, SQLiteEngine
from naivechat.infrastructure.sql.storage import engine_for
from naivechat.infrastructure.sql.transaction import Transaction
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, account, person, send
from tests.databases import OnMariaDB, OnSQLite
from tests.servers import MariaDBServer

_WRITES_AND_ENDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("UPDATE user SET avatar = 'other'")
connection.close()
"""


class OutageContract(StorageContract):
    engine: type

    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB)
        self.talk = await self.befriend(ALICE, BOB)

    def spoil_commits(self, after: bool, error: Exception, times: int) -> Any:
        """The next `times` commits raise, after or before committing."""
        left = [times]
        real = self.engine.commit

        def commit(engine: Any, connection: Any, cursor: Any, statements: Any) -> None:
            is_spoiled = left[0] > 0
            left[0] -= 1
            if after or not is_spoiled:
                real(engine, connection, cursor, statements)
            if is_spoiled:
                raise error

        return mock.patch.object(self.engine, "commit", commit)

    async def stored(self) -> list[int]:
        page = await self.storage.log.history(self.talk, ALICE, HistoryRange(limit=100))
        return [message.seq for message in page.messages]

    async def test_a_commit_whose_answer_is_lost_stores_once_and_is_news(self) -> None:
        with self.spoil_commits(True, self.lost, 1):
            outcome = await self.append(send(self.talk, ALICE))
        self.assertEqual((outcome.message.seq, outcome.duplicate), (1, False))
        self.assertEqual(await self.stored(), [1])

    async def test_a_group_change_whose_answer_is_lost_happens_once(self) -> None:
        group = Group(group_id=GroupId("team"), name="Team", owner_id=ALICE, member_count=0)
        changes = (
            functools.partial(rules.create, group=group, others=()),
            functools.partial(rules.invite, actor_id=ALICE, user_ids=(BOB,)),
            functools.partial(rules.invite, actor_id=ALICE, user_ids=(BOB,)),
        )
        told = []
        for change in changes:
            with self.spoil_commits(True, self.lost, 1):
                stored = await self.storage.groups.change(
                    group.group_id, {ALICE, BOB}, change, person(ALICE), 5
                )
            told.append([message.seq for message in stored.messages])
        self.assertEqual(told, [[1], [2], []])

    async def test_a_group_change_whose_commit_fails_is_made_again(self) -> None:
        group = Group(group_id=GroupId("team"), name="Team", owner_id=ALICE, member_count=0)
        changes = (
            functools.partial(rules.create, group=group, others=()),
            functools.partial(rules.invite, actor_id=ALICE, user_ids=(BOB,)),
        )
        for change in changes:
            with self.spoil_commits(False, self.lost, 1):
                await self.storage.groups.change(group.group_id, {ALICE, BOB}, change, person(ALICE), 5)
        page = await self.storage.log.history(TalkId(":team"), ALICE, HistoryRange())
        self.assertEqual([message.seq for message in page.messages], [1, 2])

    async def test_changes_among_people_whose_answer_is_lost_are_answered_as_they_were(self) -> None:
        users, friends = self.storage.users, self.storage.friends
        changes = (
            (users.add(account(CAROL)), None),
            (friends.remove(ALICE, BOB), None),
            (friends.befriend(ALICE, BOB, 5), True),
            (friends.ask(CAROL, BOB, "hi", 5), AskOutcome.ASKED),
            (friends.ask(CAROL, BOB, "hi", 5), AskOutcome.ASKED_AGAIN),
            (friends.answer(BOB, CAROL, True, 5), None),
        )
        for change, answer in changes:
            with self.spoil_commits(True, self.lost, 1):
                self.assertEqual(await change, answer)
        self.assertEqual(await friends.list_friend_ids(BOB), (ALICE, CAROL))

    async def test_after_its_end_a_database_is_unavailable(self) -> None:
        other = await self._open()
        await other.stop()
        await self.refused(Unavailable, other.users.find_account(ALICE))

    async def test_a_commit_that_fails_is_run_again(self) -> None:
        with self.spoil_commits(False, self.lost, 1):
            outcome = await self.append(send(self.talk, ALICE))
        self.assertEqual((outcome.message.seq, outcome.duplicate), (1, False))
        self.assertEqual(await self.stored(), [1])

    async def test_a_commit_whose_answer_is_lost_is_news_to_other_nodes_once(self) -> None:
        feed = self.storage.make_news_feed("here")
        await feed.begin()
        writer = await self._open("there")
        for after in (True, False):
            with self.spoil_commits(after, self.lost, 1):
                await writer.log.append(send(self.talk, ALICE))
            (told,) = (await feed.read()).stored
            self.assertEqual(told.first_seq, told.last_seq)
        self.assertEqual(await self.stored(), [1, told.last_seq])

    async def test_what_was_stopped_for_too_long_is_not_committed(self) -> None:
        now_s = [0.0]
        database = Database(engine_for(self.url), reactor, clock=lambda: now_s[0])
        self.addCleanup(database.stop)

        def stopped(txn: Transaction) -> None:
            txn.execute("UPDATE talk SET last_seq = 7")
            now_s[0] += pool_module().UNIT_DEADLINE_S

        await self.refused(Unavailable, database.write(stopped))
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 1)

    async def test_a_resend_after_an_unknown_fate_is_news_once(self) -> None:
        entry = send(self.talk, ALICE)
        with (
            self.spoil_commits(True, self.lost, 1_000),
            mock.patch.object(pool_module(), "UNIT_DEADLINE_S", 0.2),
        ):
            await self.refused(Unavailable, self.append(entry))
        outcomes = [await self.append(entry) for _ in range(2)]
        self.assertEqual([o.duplicate for o in outcomes], [False, True])
        self.assertEqual(await self.stored(), [1])

    async def test_a_full_queue_refuses_at_once(self) -> None:
        with mock.patch("naivechat.infrastructure.sql.message_log.MOST_QUEUED", 3):
            first = [Deferred.fromCoroutine(self.append(send(self.talk, ALICE))) for _ in range(4)]
            await self.refused(Unavailable, self.append(send(self.talk, ALICE)))
        self.assertEqual(len(await gatherResults(first)), 4)

    async def test_the_log_goes_on_after_being_refused_a_thread(self) -> None:
        with mock.patch.object(pool_module(), "MOST_WAITING", 0):
            await self.refused(Unavailable, self.append(send(self.talk, ALICE)))
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 1)

    async def test_a_statement_of_ours_that_is_wrong_is_no_outage(self) -> None:
        wrong = self.storage._database.read(lambda txn: txn.rows("SELECT nothing FROM user"))
        await self.assertFailure(Deferred.fromCoroutine(wrong), sqlite3.Error, pymysql.err.Error)
        nameless = self.storage._database.write(
            lambda txn: txn.execute("INSERT INTO talk (talk_id) VALUES (%s)", (None,))
        )
        await self.assertFailure(Deferred.fromCoroutine(nameless), sqlite3.Error, pymysql.err.Error)


def pool_module() -> Any:
    from naivechat.infrastructure.sql import pool

    return pool


def _busy() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def in_another_process(path: str) -> int:
    """How many records a process sees that opens a SQLite file, looks and goes, as `naivechat user list` does."""
    program = (
        "import sqlite3, sys; database = sqlite3.connect(sys.argv[1]);"
        "print(database.execute('SELECT COUNT(*) FROM chat_record').fetchone()[0]); database.close()"
    )
    looked = subprocess.run(
        [sys.executable, "-c", program, path], check=True, capture_output=True, text=True, timeout=30
    )
    return int(looked.stdout)


class TestOutagesOnSQLite(OnSQLite, OutageContract, TestCase):
    engine = SQLiteEngine
    lost = _busy()

    def other(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        self.addCleanup(connection.close)
        return connection

    async def test_writing_waits_while_another_process_has_the_lock(self) -> None:
        other = self.other()
        other.execute("BEGIN IMMEDIATE")
        writing = Deferred.fromCoroutine(self.append(send(self.talk, ALICE)))
        await self.stored()
        self.assertFalse(writing.called)
        other.execute("ROLLBACK")
        self.assertEqual((await writing).message.seq, 1)

    async def test_another_process_that_writes_and_ends_takes_nothing_with_it(self) -> None:
        await self.append(send(self.talk, ALICE))
        await gatherResults([Deferred.fromCoroutine(self.stored()) for _ in range(2 * SQLITE_READERS)])
        path = self.url.removeprefix("sqlite:///")
        await deferToThread(subprocess.run, [sys.executable, "-c", _WRITES_AND_ENDS, path], check=True)
        self.assertTrue(Path(f"{path}-wal").exists())
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 2)
        self.assertEqual(await self.stored(), [1, 2])

    async def test_a_lock_that_stays_is_unavailable(self) -> None:
        other = self.other()
        other.execute("BEGIN IMMEDIATE")
        with mock.patch.object(pool_module(), "UNIT_DEADLINE_S", 0.5):
            await self.refused(Unavailable, self.append(send(self.talk, ALICE)))
        other.execute("ROLLBACK")
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 1)

    async def test_what_is_stored_stays_when_another_process_comes_and_goes(self) -> None:
        accounts = [Deferred.fromCoroutine(self.storage.users.list_accounts()) for _ in range(20)]
        await gatherResults(accounts)  # by now there are several connections
        path = self.url.removeprefix("sqlite:///")
        for seq in range(1, 4):
            self.assertEqual(in_another_process(path), seq - 1)
            self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, seq)
        self.assertEqual(in_another_process(path), 3)

    async def test_a_full_disk_is_unavailable_until_there_is_room(self) -> None:
        database = self.storage._database
        pages = await database.write(lambda txn: txn.rows("PRAGMA page_count")[0][0])
        await database.write(lambda txn: txn.rows(f"PRAGMA max_page_count = {pages}"))
        stored = 0
        while True:
            try:
                await self.append(send(self.talk, ALICE, "x" * 4_000))
                stored += 1
            except Unavailable:
                break
        await database.write(lambda txn: txn.rows("PRAGMA max_page_count = 100000"))
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, stored + 1)


class TestOutagesOnMariaDB(OnMariaDB, OutageContract, TestCase):
    engine = MySQLEngine
    lost = pymysql.err.OperationalError(2013, "Lost connection to server during query")

    async def connections(self) -> int:
        counted = await self.storage._database.read(lambda txn: txn.row(_CONNECTIONS))
        return int((counted or self.fail("no row"))[0])

    async def test_stopping_closes_its_connections(self) -> None:
        other = await self._open()
        await gatherResults([Deferred.fromCoroutine(other.users.list_accounts()) for _ in range(20)])
        before = await self.connections()
        await other.stop()
        while await self.connections() > before - 4:  # the server takes its time; trial's limit ends the wait
            await deferLater(reactor, 0.05)

    async def test_dropped_connections_are_replaced(self) -> None:
        await self.append(send(self.talk, ALICE))
        await self.storage._database.write(_kill_others)
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 2)

    async def test_whoever_is_stopped_in_a_transaction_is_ended_and_others_go_on(self) -> None:
        engine = engine_for(self.url)
        self.addCleanup(engine.close)
        with engine.connection() as connection:
            cursor = engine.begin_write(connection)
            cursor.execute("SELECT last_seq FROM talk WHERE talk_id = %s FOR UPDATE", (self.talk,))
            self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 1)
            with self.assertRaises(pymysql.err.Error) as ended:
                cursor.execute("SELECT 1")
        self.assertIs(engine.fault_of(ended.exception), Fault.LOST)


_CONNECTIONS = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE()"


def _kill_others(txn: Any) -> None:
    mine = txn.row("SELECT CONNECTION_ID(), DATABASE()")
    others = txn.rows(
        "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> %s", (mine[1], mine[0])
    )
    for (number,) in others:
        txn.execute(f"KILL {number}")


class TestMariaDBServerFaults(StorageContract, TestCase):
    """On a server of its own, which dies and stops."""

    timeout = 120

    def new_migrated_database_url(self) -> str:
        self.server = MariaDBServer()
        self.server.start()
        self.addCleanup(self.server.close)
        url = self.server.create_database()
        migrate(url)
        return url

    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB)
        self.talk = await self.befriend(ALICE, BOB)

    async def _append_until(self, acked: dict[bytes, int], stop: list[bool]) -> None:
        while not stop:
            entry = send(self.talk, ALICE)
            try:
                acked[entry.msg_uuid] = (await self.append(entry)).message.seq
            except Unavailable:
                await deferLater(reactor, 0.05)

    async def test_what_was_acked_survives_a_kill_of_the_server(self) -> None:
        acked: dict[bytes, int] = {}
        stop: list[bool] = []
        writers = [Deferred.fromCoroutine(self._append_until(acked, stop)) for _ in range(20)]
        for _ in range(2):
            await deferLater(reactor, 0.3)
            before = len(acked)
            await deferToThread(self.server.kill)
            await deferLater(reactor, 0.2)
            await deferToThread(self.server.start)
            while len(acked) < before + 100:
                await deferLater(reactor, 0.05)
        stop.append(True)
        await gatherResults(writers)
        rows = await self.storage._database.read(
            lambda txn: txn.rows("SELECT msg_uuid, seq FROM chat_record")
        )
        stored = {bytes(name): seq for name, seq in rows}
        self.assertEqual({name: stored.get(name) for name in acked}, acked)
        self.assertEqual(sorted(stored.values()), list(range(1, len(stored) + 1)))

    async def test_a_stopped_server_is_unavailable_in_bounded_time_and_comes_back(self) -> None:
        await self.append(send(self.talk, ALICE))
        self.server.pause()
        began = time.monotonic()
        asking = [Deferred.fromCoroutine(self.append(send(self.talk, ALICE))) for _ in range(3)]
        asking += [
            Deferred.fromCoroutine(self.storage.users.find_account(ALICE))
            for _ in range(20)  # type: ignore[misc]
        ]
        for waiting in asking:
            await self.assertFailure(waiting, Unavailable)
        self.assertLess(time.monotonic() - began, 25)
        self.server.resume()
        self.assertIn((await self.append(send(self.talk, ALICE))).message.seq, range(2, 6))

    async def test_a_server_that_is_away_is_refused_quickly(self) -> None:
        await deferToThread(self.server.kill)
        await self.refused(Unavailable, self.append(send(self.talk, ALICE)))
        await self.refused(Unavailable, self.storage.users.find_account(ALICE))
        with self.assertRaises(Unavailable):
            migrate(self.url)

    async def test_settings_that_lose_messages_are_named(self) -> None:
        self.assertEqual(await self.storage._database.warnings(), ())
        with self.server.connection() as connection, connection.cursor() as cursor:
            cursor.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 0")
        (warning,) = await self.storage._database.warnings()
        self.assertIn("innodb_flush_log_at_trx_commit is 0", warning)
