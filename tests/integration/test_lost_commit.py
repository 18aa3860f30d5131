"""A transaction is committed, and the database's answer to that is lost on its way to the node."""

from random import Random
from typing import Any

import pymysql
from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from naivechat.infrastructure.sql.mysql_engine import mysql_arguments
from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.group import CreateGroupRequest, GroupNotice
from naivechat.protocol.message import MsgAckResponse, MsgRequest
from tests.node_log import complaints
from tests.servers import NodeProcess, shared_mariadb
from tests.soak.database_proxy import DatabaseProxy
from tests.wire import WireClient, new_person

reactor: Any = _reactor
TO_BOB = MsgRequest(rid=0, friend_id="bob", msg_uuid=b"the only message", msg_type=0, msg_text="hello")


class TestLostCommit(TestCase):
    timeout = 120

    def setUp(self) -> "Deferred[None]":
        self.url = shared_mariadb().create_database()
        self.proxy = DatabaseProxy(reactor, shared_mariadb().port, Random(1))
        return Deferred.fromCoroutine(self.start())

    async def start(self) -> None:
        await self.proxy.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(self.proxy.stop()))
        url = self.url.replace(f":{shared_mariadb().port}/", f":{self.proxy.port}/")
        self.node = NodeProcess(db=url, registration="open", limits="off")
        self.addCleanup(deferToThread, self.node.close)
        await deferToThread(self.node.start)
        self.ann: WireClient = await deferToThread(new_person, self.node.port, "ann")
        self.bob: WireClient = await deferToThread(new_person, self.node.port, "bob")
        self.addCleanup(self.ann.close)
        self.addCleanup(self.bob.close)
        await self.asked(AddFriendRequest(rid=0, friend_id="bob"))

    async def asked(self, request: Any) -> Any:
        return await deferToThread(self.ann.accepted, request)

    def stored(self, what: str) -> Any:
        """The one row of a statement."""
        with pymysql.connect(**mysql_arguments(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(what)
            return cursor.fetchone()

    async def test_a_message_is_stored_once_acked_as_new_and_sent_again_a_duplicate(self) -> None:
        self.proxy.to_lose = 1
        ack = await self.asked(TO_BOB)
        again = await self.asked(TO_BOB)
        assert isinstance(ack, MsgAckResponse)
        self.assertEqual(self.proxy.lost, 1)
        self.assertEqual((ack.seq, ack.duplicate), (1, False))
        self.assertEqual((again.seq, again.sent_at, again.duplicate), (1, ack.sent_at, True))
        count = "SELECT COUNT(*), MAX(seq) FROM chat_record"
        self.assertEqual(await deferToThread(self.stored, count), (1, 1))
        self.assertEqual(complaints(self.node.log_text), [])

    async def test_a_group_is_made_once(self) -> None:
        self.proxy.to_lose = 1
        made = await self.asked(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
        assert isinstance(made, GroupNotice)
        self.assertEqual(self.proxy.lost, 1)
        count = "SELECT (SELECT COUNT(*) FROM chat_group), (SELECT COUNT(*) FROM chat_record)"
        self.assertEqual(await deferToThread(self.stored, count), (1, 1))
