"""What is stored blindly is stored as if everything had been asked first."""

import threading
from collections.abc import Sequence
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from naivechat.domain.appending import Appended, Entry, Read
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFriend, NotMember
from naivechat.infrastructure.sql import message_log
from naivechat.infrastructure.sql.batch import BatchUnit
from naivechat.infrastructure.sql.blind import MOST_BLIND
from naivechat.infrastructure.sql.mysql_engine import MySQLEngine
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.records import lock_heads
from naivechat.infrastructure.sql.transaction import Transaction
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, send
from tests.contract.test_log import LogContract
from tests.databases import OnMariaDB


def _always_blind(entries: list[Entry], now_ms: int, news: NewsWriter, *, look_first: bool) -> BatchUnit:
    return BatchUnit(entries, now_ms, news, look_first=False)


class TestLogOnMariaDBStoredBlindly(OnMariaDB, LogContract, TestCase):
    """Whatever was asked for before, the next batch is tried blindly."""

    async def _set_up(self) -> None:
        self.patch(message_log, "BatchUnit", _always_blind)
        await super()._set_up()


class TestBlind(OnMariaDB, StorageContract, TestCase):
    async def _set_up(self) -> None:
        self.storage = await self._open(node_instance="one")
        await self.add(ALICE, BOB, CAROL)
        self.talk = await self.befriend(ALICE, BOB)
        self.other = await self.befriend(ALICE, CAROL)
        self.asked = 0
        fetch = MySQLEngine.fetch

        def counted(*arguments: Any) -> Any:
            self.asked += 1
            return fetch(*arguments)

        self.patch(MySQLEngine, "fetch", counted)

    async def store(self, *entries: Entry, blindly: bool = True) -> list[Any]:
        unit = BatchUnit(list(entries), 5, NewsWriter("one"), look_first=not blindly)
        return await self.storage._database.write_log(unit)

    async def tables(self) -> list[Any]:
        def read(txn: Transaction) -> list[Any]:
            columns = {
                "talk": "*",
                "talk_member": "*",
                "chat_record": "*",
                "log_news": "node, JSON_COMPACT(stored)",
            }
            return [txn.rows(f"SELECT {columns[table]} FROM {table} ORDER BY 1, 2") for table in columns]

        return await self.storage._database.read(read)

    async def test_a_few_messages_are_stored_without_a_question(self) -> None:
        talks = (self.talk, self.other, self.talk, self.other)
        outcomes = await self.store(*[send(talk, ALICE) for talk in talks])
        self.assertEqual([outcome.message.seq for outcome in outcomes], [1, 1, 2, 2])
        self.assertEqual(self.asked, 0)

    async def test_many_are_asked_about_at_once(self) -> None:
        outcomes = await self.store(*[send(self.talk, ALICE) for _ in range(1 + MOST_BLIND)])
        self.assertEqual([outcome.message.seq for outcome in outcomes], list(range(1, 2 + MOST_BLIND)))
        self.assertEqual(self.asked, 1)

    async def test_one_way_stores_what_the_other_does(self) -> None:
        texts = ("it's \\ 100 %", "", "漢 👋🏽")
        senders = ((self.talk, BOB), (self.other, CAROL), (self.talk, ALICE))
        entries = [
            send(talk, sender, text, msg_type=msg_type)
            for (talk, sender), text, msg_type in zip(senders, texts, (0, 200, 3), strict=True)
        ]
        await self.store(*entries)
        blindly = await self.tables()
        self.assertEqual(self.asked, 0)
        await self.storage._database.write(_forget)
        await self.store(*entries, blindly=False)
        self.assertEqual(await self.tables(), blindly)

    async def test_the_outcomes_are_the_same(self) -> None:
        entries = [send(self.other, CAROL), send(self.talk, BOB), send(self.talk, ALICE)]
        blindly = await self.store(*entries)
        await self.storage._database.write(_forget)
        self.assertEqual(await self.store(*entries, blindly=False), blindly)

    async def test_a_reading_moves_the_position_without_a_question(self) -> None:
        await self.store(*[send(self.talk, ALICE, msg_type=msg_type) for msg_type in (0, 200, 0)])
        (moved,) = await self.store(Read(talk_id=self.talk, reader_id=BOB, seq=2))
        self.assertEqual((moved.seq, moved.moved, self.asked), (2, True, 0))
        blindly = await self.tables()
        await self.storage._database.write(_unread)
        await self.store(Read(talk_id=self.talk, reader_id=BOB, seq=2), blindly=False)
        self.assertEqual(await self.tables(), blindly)

    async def test_a_reading_that_moves_nothing_is_decided_by_asking(self) -> None:
        await self.store(*[send(self.talk, ALICE) for _ in range(3)])
        await self.store(Read(talk_id=self.talk, reader_id=BOB, seq=2))
        before = await self.tables()
        outcomes = [
            (await self.store(Read(talk_id=self.talk, reader_id=who, seq=seq)))[0]
            for who, seq in ((BOB, 2), (BOB, 0), (BOB, 4), (CAROL, 1))
        ]
        self.assertEqual([(one.seq, one.moved) for one in outcomes[:2]], [(2, False), (2, False)])
        self.assertEqual(list(map(type, outcomes[2:])), [InvalidRequest, NotFriend])
        self.assertEqual(await self.tables(), before)

    async def test_who_is_out_reads_no_more(self) -> None:
        await self.store(send(self.talk, ALICE))
        await self.storage.friends.remove(ALICE, BOB)
        (refused,) = await self.store(Read(talk_id=self.talk, reader_id=BOB, seq=1))
        self.assertEqual(type(refused), NotFriend)

    async def test_messages_and_readings_together_are_asked_about(self) -> None:
        reading = Read(talk_id=self.talk, reader_id=BOB, seq=1)
        stored, moved = await self.store(send(self.talk, ALICE), reading)
        self.assertEqual((stored.message.seq, moved.seq, moved.moved), (1, 1, True))
        moved, stored = await self.store(
            Read(talk_id=self.talk, reader_id=ALICE, seq=1), send(self.talk, BOB)
        )
        self.assertEqual((stored.message.seq, moved.seq, moved.moved), (2, 1, False))

    async def test_talks_are_locked_in_their_order(self) -> None:
        locked: list[str] = []
        commit = MySQLEngine.commit_numbered

        def noted(engine: MySQLEngine, cursor: Any, statements: Sequence[Any]) -> list[int]:
            locked.extend(values[1] for sql, values in statements if sql.startswith("UPDATE talk "))
            return commit(engine, cursor, statements)

        self.patch(MySQLEngine, "commit_numbered", noted)
        await self.store(*[send(talk, ALICE) for talk in (self.other, self.talk, self.other)])
        self.assertEqual(locked, [self.talk, self.other, self.other])

    async def test_a_refusal_stores_nothing_and_the_rest_is_decided_by_asking(self) -> None:
        await self.store(send(self.talk, ALICE))
        before = await self.tables()
        self.assertEqual(list(map(type, await self.store(send(self.talk, CAROL)))), [NotFriend])
        self.assertEqual(list(map(type, await self.store(send(":nowhere", ALICE)))), [NotMember])
        self.assertEqual(await self.tables(), before)
        refused, stored = await self.store(send(self.talk, CAROL), send(self.talk, BOB))
        self.assertEqual((type(refused), stored.message.seq), (NotFriend, 2))
        self.assertEqual(self.asked, 3 + 3)  # each time for the talk and the position, then for the name

    async def test_after_a_refusal_of_a_talk_that_is_not_there_nobody_gets_its_number(self) -> None:
        await self.store(send(self.talk, ALICE))
        await self.store(send(":nowhere", ALICE), send(self.other, ALICE), send(self.talk, ALICE))
        (last,) = await self.store(send(self.other, CAROL))
        self.assertEqual(last.message.seq, 2)

    async def test_in_an_official_account_only_operators_write(self) -> None:
        def make_official(txn: Transaction) -> None:
            txn.execute("UPDATE talk SET official = 1 WHERE talk_id = %s", (self.talk,))
            txn.execute(
                "UPDATE talk_member SET role = 1 WHERE talk_id = %s AND user_id = %s", (self.talk, ALICE)
            )

        await self.store(*[send(self.other, ALICE) for _ in range(MOST_BLIND)])
        await self.storage._database.write(make_official)
        (stored,) = await self.store(send(self.talk, ALICE))
        (refused,) = await self.store(send(self.talk, BOB))
        self.assertEqual((stored.message.seq, type(refused)), (1, Forbidden))

    async def test_who_is_put_out_while_a_message_waits_for_its_talk_is_refused(self) -> None:
        is_out, is_waiting = threading.Event(), threading.Event()

        def put_out(txn: Transaction) -> None:
            lock_heads(txn, [self.talk])
            txn.execute(
                "UPDATE talk_member SET active = 0 WHERE talk_id = %s AND user_id = %s", (self.talk, ALICE)
            )
            is_out.set()
            is_waiting.wait(5)

        putting_out = Deferred.fromCoroutine(self.storage._database.write(put_out))
        while not is_out.is_set():
            await deferLater(reactor, 0.001)
        storing = Deferred.fromCoroutine(self.store(send(self.talk, ALICE)))
        while not await self.storage._database.read(_waits_for_a_lock):
            await deferLater(reactor, 0.001)
        is_waiting.set()
        await putting_out
        self.assertEqual(list(map(type, await storing)), [NotFriend])

    async def test_two_nodes_that_store_blindly_at_once_leave_no_gap(self) -> None:
        self.patch(message_log, "BatchUnit", _always_blind)
        nodes = [self.storage.log, (await self._open(node_instance="two")).log]
        talks = {0: self.talk, 1: self.other}
        stored: list[Appended] = []
        for number in range(60):
            entries = [
                send(talks[number % 2], ALICE),
                send(talks[(number + 1) % 2], ALICE),
            ]
            writing = [
                Deferred.fromCoroutine(log.append(entry)) for log, entry in zip(nodes, entries, strict=True)
            ]
            stored += await gatherResults(writing)
        for talk in talks.values():
            seqs = sorted(one.message.seq for one in stored if one.message.talk_id == talk)
            self.assertEqual(seqs, list(range(1, 61)))

    async def test_a_name_that_is_known_is_found_by_asking(self) -> None:
        entry = send(self.talk, ALICE)
        first, again = await self.store(entry, entry)
        self.assertEqual([first.duplicate, again.duplicate], [False, True])
        (later,) = await self.store(entry)
        self.assertEqual((later.duplicate, later.message), (True, first.message))


def _forget(txn: Transaction) -> None:
    """As it was before anything was written."""
    txn.execute("DELETE FROM chat_record")
    txn.execute("DELETE FROM log_news")
    txn.execute("UPDATE talk SET last_seq = 0, counted = 0")
    txn.execute("UPDATE talk_member SET read_seq = 0, read_counted = 0, changed_at_ms = 5")


def _unread(txn: Transaction) -> None:
    txn.execute("UPDATE talk_member SET read_seq = 0, read_counted = 0 WHERE user_id = %s", (BOB,))


def _waits_for_a_lock(txn: Transaction) -> bool:
    raising = "UPDATE talk SET last_seq%"
    return bool(txn.rows("SELECT 1 FROM information_schema.processlist WHERE info LIKE %s", (raising,)))
