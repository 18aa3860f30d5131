"""Texts go with age; numbers, names and what the node itself has written stay."""

from unittest import mock

from twisted.trial.unittest import TestCase

from naivechat.domain import group as rules
from naivechat.domain.group import Group, GroupId
from naivechat.domain.message import HistoryRange, Message
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.infrastructure.sql import expiry
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, person, recall, send
from tests.databases import OnMariaDB, OnSQLite


class ExpiryContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.talk = TalkId(await self.befriend(ALICE, BOB))

    async def expire(self, before_ms: int) -> int:
        count, place = 0, TalkId("")
        while True:
            portion = await self.storage.expiry.expire(before_ms, place)
            count += portion.count
            if portion.next_talk_id is None:
                return count
            place = portion.next_talk_id

    async def read(self, talk_id: TalkId) -> list[Message]:
        page = await self.storage.log.history(talk_id, ALICE, HistoryRange(after_seq=0, limit=100))
        return list(page.messages)

    async def test_what_is_old_enough_loses_its_text_and_keeps_its_place(self) -> None:
        for number in range(1, 6):
            await self.append(send(self.talk, ALICE, f"message {number}", sent_at_ms=number * 1_000))
        self.assertEqual(await self.expire(3_000), 2)
        self.assertEqual(
            [(m.seq, m.text, m.recalled, m.sent_at_ms) for m in await self.read(self.talk)],
            [
                (1, "", True, 1_000),
                (2, "", True, 2_000),
                (3, "message 3", False, 3_000),
                (4, "message 4", False, 4_000),
                (5, "message 5", False, 5_000),
            ],
        )
        self.assertEqual(await self.expire(3_000), 0)
        self.assertEqual(await self.expire(99_000), 3)

    async def test_all_talks_are_reached_however_large(self) -> None:
        others = [TalkId(await self.befriend(ALICE, CAROL)), TalkId(await self.befriend(BOB, CAROL))]
        for talk_id, sender in ((self.talk, ALICE), (others[0], CAROL), (others[1], BOB)):
            for _ in range(7):
                await self.append(send(talk_id, sender))
        with mock.patch.object(expiry, "RECORDS_A_STEP", 3), mock.patch.object(expiry, "TALKS_A_LOOK", 2):
            self.assertEqual(await self.expire(1_000), 0)
            self.assertEqual(await self.expire(1_001), 21)
            self.assertEqual(await self.expire(1_001), 0)

    async def test_an_old_message_that_is_sent_again_is_still_stored_once(self) -> None:
        entry = send(self.talk, ALICE, "once", msg_uuid=bytes(16))
        await self.append(entry)
        await self.expire(99_000)
        again = await self.append(entry)
        self.assertEqual((again.message.seq, again.duplicate), (1, True))
        self.assertEqual(len(await self.read(self.talk)), 1)

    async def test_events_of_groups_and_recalls_stay(self) -> None:
        group = Group(group_id=GroupId("team"), name="Team", owner_id=ALICE, member_count=0)

        def create(members: object) -> object:
            return rules.create(members, group=group, others=(BOB,))  # type: ignore[arg-type]

        await self.storage.groups.change(group.group_id, {ALICE, BOB}, create, person(ALICE), 5)  # type: ignore[arg-type]
        talk_id = group_talk_id(group.group_id)
        await self.append(send(talk_id, ALICE, "taken back"))
        await self.append(recall(talk_id, ALICE, 2))
        before = await self.read(talk_id)
        self.assertEqual(await self.expire(99_000), 0)
        self.assertEqual(await self.read(talk_id), before)
        self.assertNotEqual(before[0].text, "")

    async def test_a_message_younger_than_one_behind_it_is_waited_for(self) -> None:
        # The clocks of two nodes differ.
        for sent_at_ms in (1_000, 5_000, 2_000):
            await self.append(send(self.talk, ALICE, sent_at_ms=sent_at_ms))
        self.assertEqual(await self.expire(3_000), 1)
        self.assertEqual(await self.expire(6_000), 2)

    async def test_nodes_that_expire_at_once_do_it_once(self) -> None:
        for _ in range(5):
            await self.append(send(self.talk, ALICE))
        portions = [await expiring.expire(99_000, TalkId("")) for expiring in [self.storage.expiry] * 3]
        self.assertEqual([portion.count for portion in portions], [5, 0, 0])


class TestExpiryOnSQLite(OnSQLite, ExpiryContract, TestCase):
    pass


class TestExpiryOnMariaDB(OnMariaDB, ExpiryContract, TestCase):
    pass
