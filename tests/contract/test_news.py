"""News: what a node stores is found by the others, on every database."""

import functools
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from naivechat.domain import group as rules
from naivechat.domain.appending import Read
from naivechat.domain.errors import NotFriend, Unavailable
from naivechat.domain.group import Group, GroupId, GroupUpdate
from naivechat.domain.node_ports import StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import pool
from naivechat.infrastructure.sql.news import KEPT_S, SqlNewsFeed
from naivechat.infrastructure.sql.storage import Storage, engine_for
from naivechat.infrastructure.sql.transaction import Transaction
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, person, recall, send
from tests.databases import OnMariaDB, OnSQLite

TEAM = GroupId("team")


def stored(talk_id: str, first: int, last: int, *joined: UserId) -> StoredRange:
    return StoredRange(talk_id=TalkId(talk_id), first_seq=first, last_seq=last, joined=joined)


class NewsContract(StorageContract):
    """`self.storage` only looks; `self.writer` is another node."""

    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.talk = await self.befriend(ALICE, BOB)
        self.writer = await self._open("there")
        self.now_s = 0.0
        self.feed = await self.begin("here")

    async def begin(self, node: str) -> SqlNewsFeed:
        feed = SqlNewsFeed(self.storage._database, node, clock=lambda: self.now_s)
        await feed.begin()
        return feed

    async def news(self, feed: SqlNewsFeed | None = None) -> list[StoredRange]:
        news = await (feed or self.feed).read()
        self.assertTrue(news.complete)
        return list(news.stored)

    async def rows(self) -> int:
        counted = await self.storage._database.read(lambda txn: txn.row("SELECT COUNT(*) FROM log_news"))
        return int((counted or self.fail("no row"))[0])

    async def change(self, storage: Storage, rule: Any, *args: Any) -> None:
        decide = functools.partial(rule, **args[-1])
        await storage.groups.change(TEAM, args[:-1], decide, person(ALICE), 5)

    async def create_group(self, *others: UserId) -> None:
        group = Group(group_id=TEAM, name="Team", owner_id=ALICE, member_count=1)
        await self.change(self.writer, rules.create, ALICE, *others, {"group": group, "others": others})

    async def test_records_are_news_once_in_as_few_ranges_as_possible(self) -> None:
        for _ in range(3):
            await self.writer.log.append(send(self.talk, ALICE))
        await self.writer.log.append(recall(self.talk, ALICE, 3))
        self.assertEqual(await self.news(), [stored(self.talk, 1, 4)])
        self.assertEqual(await self.news(), [])

    async def test_a_transaction_is_one_row(self) -> None:
        other = await self.befriend(ALICE, CAROL)
        appending = [Deferred.fromCoroutine(self.writer.log.append(send(self.talk, ALICE)))]
        for talk_id in (self.talk, other, self.talk):
            appending.append(Deferred.fromCoroutine(self.writer.log.append(send(talk_id, ALICE))))
        for waiting in appending:
            await waiting
        self.assertEqual(await self.rows(), 2)
        self.assertEqual(await self.news(), [stored(self.talk, 1, 3), stored(other, 1, 1)])

    async def test_who_came_into_a_group_is_told_with_its_records(self) -> None:
        await self.create_group(BOB)
        invitation = {"actor_id": ALICE, "user_ids": (CAROL,)}
        await self.change(self.writer, rules.invite, CAROL, invitation)
        await self.change(self.writer, rules.invite, CAROL, invitation)
        update = {"actor_id": ALICE, "values": GroupUpdate(notice="Friday")}
        await self.change(self.writer, rules.update, update)
        self.assertEqual(await self.news(), [stored(":team", 1, 1, ALICE, BOB), stored(":team", 2, 3, CAROL)])

    async def test_a_group_of_two_thousand_who_come_at_once_is_one_row(self) -> None:
        crowd = [UserId(f"{number:032}") for number in range(1_998)]
        values = [(u, u, u, u, "", "", 1) for u in crowd]
        columns = "user_id, nickname, nickname_folded, user_id_folded, avatar, password_hash, created_at_ms"
        row = "(%s, %s, %s, %s, %s, %s, %s)"
        for start in range(0, len(crowd), 100):
            some = values[start : start + 100]
            insert = f"INSERT INTO user ({columns}) VALUES {', '.join([row] * len(some))}"
            await self.storage._database.write(
                lambda txn, sql, flat: txn.execute(sql, flat), insert, [v for one in some for v in one]
            )
        await self.create_group(*crowd)
        (news,) = await self.news()
        self.assertEqual((news.first_seq, news.joined), (1, (ALICE, *crowd)))
        self.assertEqual(await self.rows(), 1)

    async def test_what_appends_nothing_is_no_news(self) -> None:
        entry = send(self.talk, ALICE)
        await self.writer.log.append(entry)
        await self.news()
        self.assertTrue((await self.writer.log.append(entry)).duplicate)
        await self.writer.log.read(Read(talk_id=TalkId(self.talk), reader_id=BOB, seq=1))
        await self.refused(NotFriend, self.writer.log.append(send(self.talk, CAROL)))
        self.assertEqual((await self.news(), await self.rows()), ([], 1))

    async def test_a_node_without_others_writes_none_and_none_reads_its_own(self) -> None:
        await self.append(send(self.talk, ALICE))
        self.assertEqual(await self.rows(), 0)
        own = await self.begin("there")
        await self.writer.log.append(send(self.talk, ALICE))
        self.assertEqual((await self.news(own), await self.news()), ([], [stored(self.talk, 2, 2)]))

    async def test_old_news_are_forgotten_and_who_missed_them_says_so_once(self) -> None:
        sleeper = await self.begin("sleeper")
        await self.writer.log.append(send(self.talk, ALICE))
        await self.news()
        self.now_s += KEPT_S
        await self.feed.forget_old()
        self.assertEqual(await self.rows(), 0)
        self.assertFalse((await sleeper.read()).complete)
        await self.writer.log.append(send(self.talk, ALICE))
        self.assertEqual(await self.news(sleeper), await self.news())

    async def test_nodes_forget_at_once_without_hindering_each_other_or_writers(self) -> None:
        feeds = [await self.begin(f"node {number}") for number in range(4)]
        for _ in range(20):
            await self.writer.log.append(send(self.talk, ALICE))
        for feed in feeds:
            await self.news(feed)
        self.now_s += KEPT_S
        forgetting = [Deferred.fromCoroutine(feed.forget_old()) for feed in feeds]
        await self.writer.log.append(send(self.talk, ALICE))
        for waiting in forgetting:
            await waiting
        self.assertEqual(await self.rows(), 1)
        self.assertEqual(await self.news(feeds[0]), [stored(self.talk, 21, 21)])

    async def test_a_reading_that_fails_loses_nothing(self) -> None:
        await self.writer.log.append(send(self.talk, ALICE))
        asleep = await self._open()
        feed = SqlNewsFeed(asleep._database, "here", clock=lambda: self.now_s)
        feed._cursor = self.feed._cursor
        await asleep.stop()
        await self.refused(Unavailable, feed.read())
        feed._database = self.storage._database
        self.assertEqual(await self.news(feed), [stored(self.talk, 1, 1)])


class TestNewsOnSQLite(OnSQLite, NewsContract, TestCase):
    pass


class TestNewsOnMariaDB(OnMariaDB, NewsContract, TestCase):
    timeout = 60

    async def insert(self, seq: int, *, commit: bool) -> Any:
        """A transaction of another node; left open when it is not committed."""
        engine = engine_for(self.url)
        self.addCleanup(engine.close)
        held = engine.connection()
        connection = held.__enter__()
        self.addCleanup(held.__exit__, None, None, None)
        cursor = engine.begin_write(connection)
        values = f'[["a:b",{seq},{seq}]]'
        cursor.execute("INSERT INTO log_news (node, stored) VALUES ('there', %s)", (values,))
        if commit:
            connection.commit()
        return connection

    async def test_a_transaction_that_commits_late_is_not_missed(self) -> None:
        late = await self.insert(1, commit=False)
        await self.insert(2, commit=True)
        self.assertEqual(await self.news(), [stored("a:b", 2, 2)])
        newcomer = await self.begin("newcomer")
        late.commit()
        for feed in (self.feed, newcomer):
            self.assertEqual(await self.news(feed), [stored("a:b", 1, 1)])

    async def test_numbers_of_transactions_that_were_rolled_back_are_given_up(self) -> None:
        (await self.insert(1, commit=False)).rollback()
        await self.insert(2, commit=True)
        await self.news()
        self.assertEqual(len(self.feed._gaps), 1)
        self.now_s += 21
        self.assertEqual((await self.news(), self.feed._gaps), ([], {}))

    async def test_many_writers_at_once_are_all_read_while_they_write(self) -> None:
        writers = [await self._open(f"writer {number}") for number in range(3)]
        appending = [
            Deferred.fromCoroutine(storage.log.append(send(self.talk, sender)))
            for _ in range(100)
            for storage in writers
            for sender in (ALICE, BOB)
        ]
        found: list[StoredRange] = []
        for waiting in appending:
            await waiting
            found += await self.news()
        found += await self.news()
        seqs = [seq for one in found for seq in range(one.first_seq, one.last_seq + 1)]
        self.assertEqual(sorted(seqs), list(range(1, 601)))

    async def test_looking_and_forgetting_go_by_the_number_of_the_row(self) -> None:
        rows = ["('there', '[]')"] * 5_000
        await self.storage._database.write(
            lambda txn: txn.execute(f"INSERT INTO log_news (node, stored) VALUES {', '.join(rows)}")
        )
        plans: list[tuple[Any, ...]] = []

        class Explained(Transaction):
            def rows(self, sql: str, values: Any = ()) -> Any:
                if "FROM log_news" in sql:
                    plans.extend((*row, sql) for row in super().rows(f"EXPLAIN {sql}", values))
                return super().rows(sql, values)

        self.feed._gaps = dict.fromkeys(range(100, 200), 0.0)
        self.feed._cursor = 4_900
        self.patch(pool, "Transaction", Explained)
        await self.feed.read()
        await self.begin("newcomer")
        about_news = [plan for plan in plans if plan[2] != "log_news_end"]
        self.assertGreaterEqual(len(about_news), 4)
        for plan in about_news:
            self.assertTrue(plan[5] == "PRIMARY" or "optimized away" in str(plan), plan)
