"""Two client libraries chat while their node is killed (-9) and restarted: what was acked is there, once and in order."""

import signal
from collections import defaultdict
from typing import Any, ClassVar

from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from naivechat.client import (
    FRIEND,
    GROUP,
    ChatClient,
    ConnectionState,
    MessageShown,
    ReconnectPolicy,
    Sent,
    ServerAddress,
    StateChanged,
    TalkKey,
    register,
)
from naivechat.protocol.message import MessageRecord
from tests.databases import OnMariaDB, OnSQLite
from tests.node_log import complaints
from tests.servers import NodeProcess
from tests.wire import PASSWORD

reactor: Any = _reactor

POLICY = ReconnectPolicy(first_delay_s=0.05, max_delay_s=0.5)
TEXT = 0


class Person:
    """A client and all that its user saw."""

    def __init__(self, address: ServerAddress, user_id: str) -> None:
        self.client = ChatClient(reactor, address, user_id=user_id, password=PASSWORD, policy=POLICY)
        self.shown: defaultdict[TalkKey, list[MessageRecord]] = defaultdict(list)
        self.sent: dict[str, Sent] = {}
        self.losses = 0
        self._is_online = False
        self.client.on(MessageShown, self._show)
        self.client.on(StateChanged, self._change)

    def texts_shown(self) -> list[str]:
        return [
            record.msg_text for records in self.shown.values() for record in records if not record.msg_type
        ]

    def _show(self, event: MessageShown) -> None:
        self.shown[TalkKey(event.talk_type, event.talk_id)].append(event.message)

    def _change(self, event: StateChanged) -> None:
        self.losses += self._is_online and event.state is ConnectionState.CONNECTING
        self._is_online = event.state is ConnectionState.ONLINE


class KillContract:
    """A friend talk and `groups` groups, in each of which both people write at the same time."""

    timeout = 240
    messages: ClassVar[int]
    kills: ClassVar[int]
    groups: ClassVar[int] = 9

    def setUp(self: Any) -> None:
        self.node = NodeProcess(
            db=self.new_database_url(), registration="open", limits="off", strict_port=True
        )
        self.addCleanup(self.node.close)
        self.node.start()
        self.acked = 0
        self.acked_at_kill: list[int] = []
        self.restarts: list[Deferred[None]] = []

    def test_what_was_acked_is_stored_once_and_shown_once_in_order(self: Any) -> "Deferred[None]":
        return Deferred.fromCoroutine(self.chat_while_the_node_dies())

    async def chat_while_the_node_dies(self: Any) -> None:
        await self.meet()
        await gatherResults([self.say_everything(person) for person in self.people], consumeErrors=True)
        await gatherResults(self.restarts, consumeErrors=True)
        self.every_kill_hit_the_traffic()
        for person in self.people:
            await self.until_everything_is_shown(person)
        for mine, theirs in zip(self.talks["ann"], self.talks["bob"], strict=True):
            stored = await self.read_whole_talk(mine)
            self.the_log_is_right(mine, theirs, stored)
        self.each_saw_everything_once_in_order()
        self.assertEqual(complaints(self.node.log_text), [])
        await gatherResults([Deferred.fromCoroutine(person.client.stop()) for person in self.people])

    async def meet(self: Any) -> None:
        address = ServerAddress.parse(f"127.0.0.1:{self.node.port}")
        for user_id in ("ann", "bob"):
            await register(reactor, address, user_id, PASSWORD, user_id)
        self.ann, self.bob = self.people = [Person(address, user_id) for user_id in ("ann", "bob")]
        for person in self.people:
            await person.client.start()
        await self.ann.client.add_friend("bob")
        groups = [await self.ann.client.create_group(f"group {n}", ["bob"]) for n in range(self.groups)]
        shared = [TalkKey(GROUP, group.group_id) for group in groups]
        self.talks = {"ann": [TalkKey(FRIEND, "bob"), *shared], "bob": [TalkKey(FRIEND, "ann"), *shared]}

    def say_everything(self: Any, person: Person) -> "Deferred[Any]":
        talks = self.talks[person.client.user_id]
        count = self.messages // len(self.people)
        return gatherResults(
            [Deferred.fromCoroutine(self.say(person, talks[n % len(talks)], n)) for n in range(count)],
            consumeErrors=True,
        )

    async def say(self: Any, person: Person, talk: TalkKey, number: int) -> None:
        text = f"{person.client.user_id} says {number}"
        person.sent[text] = await person.client.send(talk.talk_type, talk.talk_id, text)
        self.acked += 1
        if self.acked * (self.kills + 1) >= self.messages * (len(self.acked_at_kill) + 1):
            self.kill()

    def kill(self: Any) -> None:
        """End the node while both have requests under way; if it is not so now, the next ack tries again."""
        is_traffic = all(
            person.client.connection_state is ConnectionState.ONLINE and person.client.waiting
            for person in self.people
        )
        if len(self.acked_at_kill) == self.kills or not is_traffic or not self.node.is_running:
            return
        self.acked_at_kill.append(self.acked)
        self.node.kill()
        self.restarts.append(deferToThread(self.restart))

    def restart(self: Any) -> None:
        assert self.node.wait() == -signal.SIGKILL
        self.node.start()

    def every_kill_hit_the_traffic(self: Any) -> None:
        self.assertEqual(len(self.acked_at_kill), self.kills)
        self.assertEqual(sorted(set(self.acked_at_kill)), self.acked_at_kill)
        self.assertLess(self.acked_at_kill[-1], self.messages)
        for person in self.people:
            self.assertEqual(person.losses, self.kills)

    async def until_everything_is_shown(self: Any, person: Person) -> None:
        while len(person.texts_shown()) < self.messages:
            await deferLater(reactor, 0.05)

    async def read_whole_talk(self: Any, talk: TalkKey) -> list[MessageRecord]:
        records: list[MessageRecord] = []
        has_more = True
        while has_more:
            page = await self.ann.client.history(
                talk.talk_type, talk.talk_id, after_seq=len(records), limit=100
            )
            records += page.messages
            has_more = page.has_more
        return records

    def the_log_is_right(self: Any, mine: TalkKey, theirs: TalkKey, stored: list[MessageRecord]) -> None:
        self.assertEqual([record.seq for record in stored], list(range(1, len(stored) + 1)))
        said = {record.msg_text: record for record in stored if record.msg_type == TEXT}
        self.assertEqual(len(said), sum(record.msg_type == TEXT for record in stored), "stored twice")
        acked = {
            text: sent
            for person, talk in ((self.ann, mine), (self.bob, theirs))
            for text, sent in person.sent.items()
            if sent.talk == talk
        }
        self.assertEqual(
            {text: (record.seq, record.msg_uuid) for text, record in said.items()},
            {text: (sent.seq, sent.msg_uuid) for text, sent in acked.items()},
        )
        self.assertEqual(self.ann.shown[mine], stored)
        self.assertEqual(self.bob.shown[theirs], stored)

    def each_saw_everything_once_in_order(self: Any) -> None:
        everything = sorted([*self.ann.sent, *self.bob.sent])
        self.assertEqual(len(everything), self.messages)
        for person in self.people:
            self.assertEqual(sorted(person.texts_shown()), everything)
            for records in person.shown.values():
                seqs = [record.seq for record in records]
                self.assertEqual(seqs, sorted(set(seqs)))


class TestKillOnSQLite(OnSQLite, KillContract, TestCase):
    messages = 20_000
    kills = 5


class TestKillOnMariaDB(OnMariaDB, KillContract, TestCase):
    messages = 9_000
    kills = 2
