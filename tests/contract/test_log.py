"""What a message log promises, on every database."""

import attrs
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.domain.appending import Read
from naivechat.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, NotFriend, NotMember
from naivechat.domain.message import HistoryRange
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.batch import BatchUnit
from naivechat.infrastructure.sql.dialect import Lookup
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.transaction import Transaction
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, person, recall, send
from tests.databases import OnMariaDB, OnSQLite


class LogContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.talk = await self.befriend(ALICE, BOB)
        self.log = self.storage.log

    async def texts(self, **wanted: int) -> list[str]:
        page = await self.log.history(self.talk, BOB, HistoryRange(**wanted))
        return [message.text for message in page.messages]

    async def test_records_are_numbered_in_the_order_of_their_appending(self) -> None:
        entries = [send(self.talk, (ALICE, BOB)[n % 2], str(n)) for n in range(600)]
        outcomes = await gatherResults([Deferred.fromCoroutine(self.log.append(e)) for e in entries])
        self.assertEqual([o.message.seq for o in outcomes], list(range(1, 601)))
        self.assertEqual({o.duplicate for o in outcomes}, {False})
        self.assertEqual(await self.texts(after_seq=590, limit=100), [str(n) for n in range(590, 600)])

    async def test_an_entry_takes_its_place_when_append_is_called(self) -> None:
        first, second = (self.log.append(send(self.talk, ALICE)) for _ in range(2))
        self.assertEqual((await second).message.seq, 2)
        self.assertEqual((await first).message.seq, 1)

    async def test_a_resend_gets_the_first_ones_record(self) -> None:
        entry = send(self.talk, ALICE, "once", sent_at_ms=7)
        first = await self.append(entry)
        again = await self.append(attrs.evolve(entry, sent_at_ms=8))
        self.assertEqual((again.duplicate, again.message), (True, first.message))
        self.assertEqual(await self.texts(), ["once"])

    async def test_a_resend_in_the_same_batch_is_stored_once(self) -> None:
        entry = send(self.talk, ALICE)
        first, again = self.log.append(entry), self.log.append(entry)
        self.assertEqual([(await first).duplicate, (await again).duplicate], [False, True])

    async def test_a_resend_among_new_ones_gets_its_record_and_they_theirs(self) -> None:
        entry = send(self.talk, ALICE, "once")
        await self.append(entry)
        await self.append(send(self.talk, ALICE, "twice"))
        both = [self.log.append(send(self.talk, BOB, "new")), self.log.append(entry)]
        outcomes = [await each for each in both]
        self.assertEqual([(o.message.seq, o.duplicate) for o in outcomes], [(3, False), (1, True)])
        self.assertEqual(await self.texts(), ["once", "twice", "new"])

    async def test_names_are_looked_up_only_after_one_has_turned_out_to_be_known(self) -> None:
        entry = send(self.talk, ALICE)
        looked = []
        for _ in range(2):
            unit = BatchUnit([entry], 5, NewsWriter(), look_first=False)
            await self.storage._database.write_log(unit)
            looked.append(unit.has_looked)
        self.assertEqual(looked, [False, True])

    async def test_a_resend_of_somebody_who_may_only_read_by_now_gets_its_record(self) -> None:
        entry = send(self.talk, ALICE)
        await self.append(entry)
        await self.storage._database.write(lambda txn: txn.execute("UPDATE talk SET official = 1"))
        await self.refused(Forbidden, self.append(send(self.talk, ALICE)))
        self.assertTrue((await self.append(entry)).duplicate)

    async def test_a_resend_of_somebody_who_may_only_read_by_now_gets_its_record_among_others_new_ones(
        self,
    ) -> None:
        entry = send(self.talk, ALICE)
        await self.append(entry)
        other = await self.befriend(ALICE, CAROL)
        await self.storage._database.write(
            lambda txn: txn.execute("UPDATE talk SET official = 1 WHERE talk_id = %s", (self.talk,))
        )
        # The first of three has a transaction of its own, the others share the next one.
        entries = (send(other, CAROL), send(other, CAROL), entry)
        *_, again = await gatherResults([Deferred.fromCoroutine(self.append(e)) for e in entries])
        self.assertTrue(again.duplicate)

    async def test_the_same_name_with_another_text_is_a_conflict(self) -> None:
        entry = send(self.talk, ALICE, "this")
        await self.append(entry)
        await self.refused(Conflict, self.append(attrs.evolve(entry, text="that")))

    async def test_the_same_name_in_another_talk_is_a_conflict(self) -> None:
        entry = send(self.talk, ALICE)
        await self.append(entry)
        other = await self.befriend(ALICE, CAROL)
        await self.refused(Conflict, self.append(attrs.evolve(entry, talk_id=other)))

    async def test_strangers_neither_write_nor_read(self) -> None:
        await self.refused(NotFriend, self.append(send(self.talk, CAROL)))
        await self.refused(NotMember, self.append(send(":nowhere", CAROL)))
        await self.refused(NotFriend, self.log.history(self.talk, CAROL, HistoryRange()))
        await self.refused(NotMember, self.log.history(":nowhere", CAROL, HistoryRange()))
        await self.refused(NotFriend, self.log.read(Read(talk_id=self.talk, reader_id=CAROL, seq=1)))

    async def test_nobody_writes_after_a_friendship_has_ended(self) -> None:
        await self.storage.friends.remove(ALICE, BOB)
        await self.refused(NotFriend, self.append(send(self.talk, ALICE)))

    async def test_one_refusal_leaves_the_rest_of_the_batch(self) -> None:
        await self.append(send(self.talk, ALICE))
        senders = (ALICE, CAROL, ALICE, CAROL, ALICE)  # the first is under way when the others queue up
        first, refused, second, refused_too, third = [
            Deferred.fromCoroutine(self.log.append(send(self.talk, sender))) for sender in senders
        ]
        await self.assertFailure(refused, NotFriend)
        await self.assertFailure(refused_too, NotFriend)
        stored = await gatherResults([first, second, third])
        self.assertEqual([appended.message.seq for appended in stored], [2, 3, 4])

    async def test_any_text_comes_back_as_it_went(self) -> None:
        text = "你好 👋🏽 '\\\"%s %% ? ; -- \t\n\r\x1a\0 \\" + "漢" * 3_900
        await self.append(send(self.talk, ALICE, text))
        await self.append(send(self.talk, BOB, "\\'"))
        self.assertEqual(await self.texts(), [text, "\\'"])

    async def test_read_positions_only_move_forward(self) -> None:
        for _ in range(3):
            await self.append(send(self.talk, ALICE))
        moved = [await self.log.read(Read(talk_id=self.talk, reader_id=BOB, seq=seq)) for seq in (2, 1, 3)]
        self.assertEqual([(m.seq, m.moved) for m in moved], [(2, True), (2, False), (3, True)])

    async def test_reading_beyond_the_last_record_is_refused(self) -> None:
        await self.refused(InvalidRequest, self.log.read(Read(talk_id=self.talk, reader_id=BOB, seq=1)))

    async def test_writing_reads(self) -> None:
        await self.append(send(self.talk, ALICE))
        await self.append(send(self.talk, BOB))
        talk = await self.storage.talks.get_talk(self.talk, BOB)
        self.assertEqual((talk.read_seq, talk.unread), (2, 0))
        talk = await self.storage.talks.get_talk(self.talk, ALICE)
        self.assertEqual((talk.read_seq, talk.unread), (1, 1))

    async def test_a_recall_empties_its_target_and_is_a_record(self) -> None:
        await self.append(send(self.talk, ALICE, "a secret"))
        outcome = await self.append(recall(self.talk, ALICE, 1))
        page = await self.log.history(self.talk, BOB, HistoryRange())
        target, record = page.messages
        self.assertEqual((target.text, target.recalled, record.target_seq), ("", True, 1))
        self.assertEqual(record, outcome.message)

    async def test_recalling_again_acks_the_first_recall(self) -> None:
        await self.append(send(self.talk, ALICE))
        first = await self.append(recall(self.talk, ALICE, 1))
        again = await self.append(recall(self.talk, ALICE, 1))
        self.assertEqual((again.duplicate, again.message.seq), (True, first.message.seq))

    async def test_what_may_not_be_recalled_stays(self) -> None:
        await self.append(send(self.talk, ALICE, "mine"))
        await self.refused(Forbidden, self.append(recall(self.talk, BOB, 1)))
        await self.refused(Forbidden, self.append(recall(self.talk, ALICE, 1, sent_at_ms=200_000)))
        await self.refused(NotFound, self.append(recall(self.talk, ALICE, 2)))
        self.assertEqual(await self.texts(), ["mine"])

    async def test_history_pages_both_ways(self) -> None:
        for n in range(1, 8):
            await self.append(send(self.talk, ALICE, str(n)))
        self.assertEqual(await self.texts(limit=3), ["5", "6", "7"])
        self.assertEqual(await self.texts(before_seq=5, limit=3), ["2", "3", "4"])
        self.assertEqual(await self.texts(after_seq=2, limit=3), ["3", "4", "5"])
        for wanted, more in (({"after_seq": 4}, False), ({"after_seq": 3}, True), ({"before_seq": 4}, False)):
            page = await self.log.history(self.talk, BOB, HistoryRange(**wanted, limit=3))
            self.assertEqual(page.has_more, more, wanted)

    async def test_missed_records_come_with_their_senders(self) -> None:
        for n in range(5):
            await self.append(send(self.talk, (ALICE, BOB)[n % 2], str(n)))
        found = await self.log.list_between(self.talk, 1, 4)
        self.assertEqual([(m.seq, user) for m, user in found], [(2, person(BOB)), (3, person(ALICE))])

    async def test_two_nodes_writing_at_once_leave_no_gap(self) -> None:
        nodes = [self.storage.log, (await self._open()).log]
        talks = [self.talk, await self.befriend(ALICE, CAROL)]
        writing = [
            Deferred.fromCoroutine(nodes[n % 2].append(send(talks[n // 2 % 2], ALICE))) for n in range(400)
        ]
        outcomes = await gatherResults(writing)
        for talk in talks:
            seqs = sorted(o.message.seq for o in outcomes if o.message.talk_id == talk)
            self.assertEqual(seqs, list(range(1, 201)))

    async def test_one_name_on_two_nodes_at_once_is_one_record(self) -> None:
        nodes = [self.storage.log, (await self._open()).log]
        for _ in range(20):
            entry = send(self.talk, ALICE)
            both = await gatherResults([Deferred.fromCoroutine(log.append(entry)) for log in nodes])
            self.assertEqual(len({o.message.seq for o in both}), 1)
            self.assertEqual(sorted(o.duplicate for o in both), [False, True])
        self.assertEqual(len(await self.texts(limit=100)), 20)

    async def test_stopping_commits_and_answers_what_is_queued(self) -> None:
        storage = await self._open()
        writing = [Deferred.fromCoroutine(storage.log.append(send(self.talk, ALICE))) for _ in range(700)]
        await storage.log.drain()
        self.assertTrue(all(d.called for d in writing))
        self.assertEqual((await writing[-1]).message.seq, 700)

    async def test_unknown_people_are_no_members_whatever_their_names(self) -> None:
        await self.refused(NotFriend, self.append(send(self.talk, UserId("Alice"))))
        strangers = [send(self.talk, UserId("Alice")), send(self.talk.title(), ALICE), send(self.talk, CAROL)]
        asking = [Deferred.fromCoroutine(self.log.append(entry)) for entry in strangers]
        stored = await self.append(send(self.talk, ALICE))
        for refused in asking:
            await self.assertFailure(refused, NotFriend)
        self.assertEqual(stored.message.seq, 1)


class TestLogOnSQLite(OnSQLite, LogContract, TestCase):
    pass


class TestLogOnMariaDB(OnMariaDB, LogContract, TestCase):
    async def test_rows_of_many_keys_are_looked_up_one_by_one_though_the_table_looks_empty(self) -> None:
        names = [(ALICE, bytes(15) + bytes([number])) for number in range(50)]
        lookups = (
            Lookup(
                columns="*", table="talk_member", by=("talk_id", "user_id"), keys=[("a", "b"), ("c", "d")]
            ),
            Lookup(columns="*", table="chat_record", by=("talk_id", "seq"), keys=[("a", 1), ("b", 2)]),
            Lookup(
                columns="*",
                table="chat_record",
                by=("sender_id", "msg_uuid"),
                keys=names,
                index="chat_record_name",
            ),
        )
        for lookup in lookups:
            plan = await self.storage._database.read(_explain, lookup)
            self.assertIn(("r", "eq_ref", lookup.index), plan)


def _explain(txn: Transaction, lookup: Lookup) -> list[tuple[str, str, str]]:
    ((asked, values),) = txn.dialect.for_keys(lookup)
    return [(row[2], row[3], row[5]) for row in txn.rows(f"EXPLAIN {asked}", values)]
