"""Bugs that are planted into the message log still fit it: only then does the checker's finding them tell anything.

That it finds them is seen on whole systems, by `make soak`.
"""

from twisted.trial.unittest import TestCase

from naivechat import bootstrap
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.mysql_engine import MySQLEngine
from tests.contract.stores import ALICE, BOB, StorageContract, send
from tests.databases import OnMariaDB
from tests.soak import broken


class TestPlantedIntoTheLog(StorageContract, OnMariaDB, TestCase):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, UserId("person-0"))
        self.talk = await self.befriend(ALICE, BOB)

    async def test_an_ack_before_the_commit_is_an_ack(self) -> None:
        self.patch(SqlMessageLog, "_commit", SqlMessageLog._commit)
        broken.ack_before_commit()
        outcomes = [await self.append(send(self.talk, ALICE)) for _ in range(2)]
        self.assertEqual([outcome.message.seq for outcome in outcomes], [1, 2])

    async def test_without_uniqueness_what_is_sent_again_is_stored_again(self) -> None:
        self.patch(bootstrap, "prepare", bootstrap.prepare)
        self.patch(records, "_named", records._named)
        broken.no_uniqueness()
        bootstrap.prepare(self.url)
        entry = send(self.talk, ALICE)
        outcomes = [await self.append(entry) for _ in range(2)]
        self.assertEqual([(o.message.seq, o.duplicate) for o in outcomes], [(1, False), (2, False)])

    async def test_a_forged_sender_is_another_one(self) -> None:
        self.patch(records, "insert", records.insert)
        self.patch(MySQLEngine, "can_number", MySQLEngine.can_number)
        broken.forged_senders()
        outcome = await self.append(send(self.talk, ALICE, msg_uuid=bytes(16)))
        self.assertEqual(outcome.message.sender_id, "person-0")
