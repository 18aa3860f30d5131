"""The client library at a node that lets people write and read slowly: all of it arrives, once and in order."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.client import FRIEND, ChatClient, LocalStore, MessageShown, ServerAddress
from naivechat.protocol.friend import AddFriendRequest
from tests.clusters import Person
from tests.servers import NodeProcess
from tests.wire import PASSWORD

FRIENDS = 4
MESSAGES = 15
BEHIND = 3


class ClientUnderLimitsTests(TestCase):
    def setUp(self) -> None:
        limit = {"NAIVECHAT_LIMIT": "messages=40/s message-burst=5 pages=10/s page-burst=1 registrations=off"}
        self.node = NodeProcess(registration="open", environment=limit)
        self.node.start()
        self.addCleanup(self.node.close)
        people = [Person.arrives(self.node, name) for name in ["li", *["friend"] * FRIENDS]]
        self.li, *self.friends = people
        for person in people:
            self.addCleanup(person.close)
        for friend in self.friends:
            friend.accepted(AddFriendRequest(rid=0, friend_id=self.li.user_id))

    async def test_what_is_written_faster_than_the_node_takes_it_arrives_once_and_in_order(self) -> None:
        address = ServerAddress.parse(f"{self.li.user_id}@127.0.0.1:{self.node.port}")
        client = ChatClient(reactor, address, password=PASSWORD, device="bot")
        await client.start()
        try:
            await self._write_all(client)
        finally:
            await client.stop()
        wanted = [str(number) for number in range(MESSAGES)]
        for friend in self.friends:
            records = friend.history(FRIEND, self.li.user_id)
            self.assertEqual([record.msg_text for record in records], wanted)

    async def test_what_came_while_it_was_away_is_shown_however_slowly_the_node_lets_it_read(self) -> None:
        address = ServerAddress.parse(f"{self.li.user_id}@127.0.0.1:{self.node.port}")
        store = Path(self.enterContext(TemporaryDirectory())) / "store"
        before = ChatClient(reactor, address, password=PASSWORD, device="bot", store=LocalStore(store))
        await before.start()
        await before.stop()
        wanted = {(friend.user_id, str(number)) for friend in self.friends for number in range(BEHIND)}
        for friend in self.friends:
            for number in range(BEHIND):
                friend.says(self.li, str(number))
        client = ChatClient(reactor, address, password=PASSWORD, device="bot", store=LocalStore(store))
        all_shown: Deferred[None] = Deferred()

        def show(shown: MessageShown) -> None:
            wanted.remove((shown.talk_id, shown.message.msg_text))
            if not wanted:
                all_shown.callback(None)

        client.on(MessageShown, show)
        await client.start()
        try:
            await all_shown.addTimeout(30, reactor)
        finally:
            await client.stop()

    async def _write_all(self, client: ChatClient) -> None:
        sendings: list[Deferred[Any]] = [
            Deferred.fromCoroutine(client.send(FRIEND, friend.user_id, str(number)))
            for number in range(MESSAGES)
            for friend in self.friends
        ]
        await gatherResults(sendings)
