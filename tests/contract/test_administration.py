"""What operators do, as a node has it: services and a database together."""

from typing import Any

import attrs
from twisted.trial.unittest import TestCase

from naivechat.application.audit import AuditTrail
from naivechat.directory_graph import make_directory_services
from naivechat.domain.audit import AuditFilter
from naivechat.domain.directory import OPERATORS, AccountQuery, GroupQuery, talk_named
from naivechat.domain.errors import Forbidden, UserExists
from naivechat.domain.message import HistoryRange
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.talk import TalkAddress, TalkType, group_talk_id
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LonePresence
from tests.contract.stores import ALICE, BOB, StorageContract, send
from tests.databases import OnMariaDB, OnSQLite
from tests.fakes import MemoryBus, MemoryDirectory, PlainHasher

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR)
REASON = "reported by three people"


class AdministrationContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB)
        audit = AuditTrail(log=self.storage.audit, clock=lambda: 500, node="n1")
        self.services: Any = make_directory_services(
            self.storage,
            PlainHasher(),
            bus=MemoryBus(),
            presence=MemoryDirectory(),
            sessions=LonePresence(),
            audit=audit,
            clock=lambda: 500,
        )
        self.administration = self.services.administration

    async def actions(self) -> list[str]:
        page = await self.storage.audit.read_page(AuditFilter(), before_id=None, limit=50)
        return [entry.action for entry in reversed(page.entries)]

    async def test_people_come_by_a_file_and_go(self) -> None:
        text = "user_id,nickname,password\n" + "".join(f"u{n},U {n},password\n" for n in range(600))
        outcome = await self.administration.import_people(ROOT, text)
        self.assertEqual(len(outcome.added), 600)
        await self.administration.set_disabled(ROOT, UserId("u7"), True)
        page = await self.services.people.search(AccountQuery(disabled=True))
        self.assertEqual([person.account.user.user_id for person in page.people], ["u7"])
        lines = [
            line async for piece in self.administration.export_people(ROOT) for line in piece.splitlines()
        ]
        self.assertEqual(len(lines), 1 + 602)
        self.assertEqual(await self.actions(), ["user.import", "user.disable", "user.export"])

    async def test_an_official_account_lives_and_ends(self) -> None:
        group = await self.administration.create_official(ROOT, "公告")
        self.assertEqual(group.member_count, 3)
        await self.administration.announce(ROOT, group.group_id, "停机维护")
        page = await self.storage.log.history(group_talk_id(group.group_id), BOB, HistoryRange())
        self.assertEqual([message.text for message in page.messages], ["停机维护"])
        await self.administration.dissolve_group(ROOT, group.group_id)
        self.assertEqual((await self.services.groups.search(GroupQuery())).total, 0)
        told = ["official.create", "official.announce", "group.dissolve"]
        self.assertEqual(await self.actions(), told)

    async def test_a_message_is_found_and_taken_back(self) -> None:
        await self.append(send(await self.befriend(ALICE, BOB), ALICE, "Rude words"))
        talk_id = talk_named("bob", "alice")
        found = await self.administration.search_messages(ROOT, talk_id, "rude", REASON)
        self.assertEqual([message.seq for message in found.messages], [1])
        recalled = await self.administration.recall_message(ROOT, talk_id, 1, REASON)
        self.assertEqual(recalled.message.sender_id, OPERATORS.user_id)
        ((message, sender),) = await self.storage.log.list_between(talk_id, 1, 3)
        self.assertEqual((message.target_seq, sender), (1, OPERATORS))
        self.assertEqual(await self.actions(), ["message.search", "message.recall"])

    async def test_a_bot_is_made_once_and_writes_once(self) -> None:
        bot_id = UserId("helper")
        await self.services.bots.create(ROOT, bot_id, "助手", "")
        await self.refused(UserExists, self.services.bots.create(ROOT, bot_id, "助手", ""))
        await self.befriend(ALICE, bot_id)
        to_alice = TalkAddress(talk_type=TalkType.FRIEND, other_id=ALICE)
        sent = [await self.services.bots.send(ROOT, bot_id, to_alice, "你好", bytes(16)) for _ in range(2)]
        self.assertEqual([(one.message.seq, one.duplicate) for one in sent], [(1, False), (1, True)])
        page = await self.services.people.search(AccountQuery())
        self.assertEqual([one.account.bot for one in page.people], [False, False, True])
        await self.administration.set_password(ROOT, bot_id, "password")
        self.assertFalse((await self.services.people.get_person(bot_id)).account.bot)
        late = self.services.bots.send(ROOT, bot_id, to_alice, "again", bytes(range(16)))
        await self.refused(Forbidden, late)

    async def test_a_viewer_is_refused_and_written_down(self) -> None:
        viewer = attrs.evolve(ROOT, role=OperatorRole.VIEWER)
        await self.refused(Forbidden, self.administration.set_disabled(viewer, ALICE, True))
        page = await self.storage.audit.read_page(AuditFilter(), before_id=None, limit=50)
        self.assertEqual([dict(entry.detail) for entry in page.entries], [{"refused": "FORBIDDEN"}])
        self.assertFalse((await self.services.people.get_person(ALICE)).account.disabled)

    async def test_nobody_takes_the_operators_name(self) -> None:
        create = self.administration.create_user(ROOT, OPERATORS.user_id, "password", "Me")
        await self.refused(UserExists, create)


class TestAdministrationOnSQLite(OnSQLite, AdministrationContract, TestCase):
    pass


class TestAdministrationOnMariaDB(OnMariaDB, AdministrationContract, TestCase):
    pass
