import tempfile
from pathlib import Path

import attrs
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import LocalStore, MessageShown, NotConnected, TalkKey
from naivechat.client.outbox import Outgoing
from naivechat.protocol.message import HistoryRequest, MsgRequest
from naivechat.protocol.session import LogoutRequest, ReconnectRequest
from tests.unit.client.fake_node import NOW_MS, TOKEN, FakeNode, push, record, talk, uuid_of

KEY = TalkKey(0, "li")


class StoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "store"
        self.store = LocalStore(self.path)
        self.store.open_for("me")
        self.store.begin_epoch("e1", NOW_MS)
        self.addCleanup(self.store.close)

    def test_the_file_is_its_owners_alone(self) -> None:
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)

    def test_messages_come_back_in_order_and_by_pages(self) -> None:
        for seq in (1, 2, 3, 2):
            self.store.add_message(KEY, record(seq))
        self.assertEqual(self.store.list_messages(KEY, limit=2), (record(2), record(3)))
        self.assertEqual(self.store.list_messages(KEY, before_seq=2), (record(1),))
        self.assertEqual(self.store.list_messages(TalkKey(1, "li")), ())

    def test_a_recall_empties_its_target(self) -> None:
        self.store.add_message(KEY, record(1))
        self.store.add_message(KEY, attrs.evolve(record(2), msg_type=5, target_seq=1))
        first = self.store.list_messages(KEY)[0]
        self.assertEqual((first.msg_text, first.recalled), ("", True))

    def test_everything_is_there_after_opening_again(self) -> None:
        outgoing = Outgoing(talk=KEY, msg_uuid=uuid_of(1), msg_type=0, text="hello")
        self.store.add_outgoing(outgoing)
        self.store.start_talk(KEY, 4)
        self.store.token = TOKEN
        self.store.close()
        self.store = LocalStore(self.path)
        self.store.open_for("me")
        self.assertEqual(self.store.begin_epoch("e1", 1), NOW_MS)
        self.assertEqual(self.store.list_outgoing(), (outgoing,))
        self.assertEqual(self.store.list_shown(), ((KEY, 4),))
        self.assertEqual(self.store.token, TOKEN)

    def test_another_epoch_drops_messages_and_keeps_what_is_on_its_way(self) -> None:
        self.store.add_message(KEY, record(1))
        self.store.add_outgoing(Outgoing(talk=KEY, msg_uuid=uuid_of(1), msg_type=0, text="hello"))
        self.assertIsNone(self.store.begin_epoch("e2", NOW_MS))
        self.assertEqual((self.store.list_messages(KEY), self.store.list_shown()), ((), ()))
        self.assertEqual(len(self.store.list_outgoing()), 1)

    def test_another_user_finds_nothing(self) -> None:
        self.store.add_outgoing(Outgoing(talk=KEY, msg_uuid=uuid_of(1), msg_type=0, text="hello"))
        self.store.token = TOKEN
        self.store.open_for("wang")
        self.assertEqual((self.store.list_outgoing(), self.store.token), ((), None))


class ClientWithStoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.store = LocalStore(":memory:")
        self.addCleanup(self.store.close)

    def node(self) -> FakeNode:
        node = FakeNode(store=self.store)
        node.listen(MessageShown)
        return node

    def stop(self, node: FakeNode) -> None:
        node.run(node.client.stop())
        node.reactor.advance(0)
        node.lose()

    def test_a_second_run_logs_in_by_token_and_shows_what_came_meanwhile(self) -> None:
        first = self.node().start(talks=(talk(last_seq=3),))
        first.say(push(4))
        self.stop(first)
        second = self.node()
        second.run(second.client.start())
        talks = (talk(last_seq=5), talk("wang", 1), talk("old", 9, talk_date=1))
        self.assertIsInstance(second.log_in(talks=talks), ReconnectRequest)
        li, wang = second.take()
        self.assertEqual((li.talk_id, li.after_seq), ("li", 4))  # type: ignore[attr-defined]
        self.assertEqual((wang.talk_id, wang.before_seq), ("wang", 2))  # type: ignore[attr-defined]
        self.assertIsInstance(li, HistoryRequest)
        self.assertEqual([m.seq for m in self.store.list_messages(KEY)], [4])

    def test_a_second_run_sends_what_the_first_could_not(self) -> None:
        first = self.node().start()
        first.run(first.client.send(0, "li", "hello")).addErrback(lambda _: None)
        uuid = first.take_one(MsgRequest).msg_uuid
        self.stop(first)
        second = self.node().start()
        request = second.take_one(MsgRequest)
        self.assertEqual((request.msg_uuid, request.msg_text), (uuid, "hello"))
        second.ack(request, 1)
        self.assertEqual(self.store.list_outgoing(), ())
        self.assertEqual([m.msg_text for m in self.store.list_messages(KEY)], ["hello"])

    def test_logging_out_forgets_the_token(self) -> None:
        node = self.node().start()
        self.assertEqual(self.store.token, TOKEN)
        node.run(node.client.logout())
        node.ok(node.take_one(LogoutRequest))
        node.reactor.advance(0)
        node.lose()
        self.assertIsNone(self.store.token)


class RememberedNodesTests(SynchronousTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "store"
        self.run_once()

    def open(self) -> LocalStore:
        store = LocalStore(self.path)
        self.addCleanup(store.close)
        return store

    def run_once(self) -> None:
        node = FakeNode(address="me@127.0.0.1:1", store=self.open())
        node.start(nodes=("127.0.0.1:8", "127.0.0.1:9"))
        node.run(node.client.stop())
        node.reactor.advance(0)
        node.lose()

    def ports_tried(self, address: str) -> list[int]:
        """Where a later run connects when no node is there."""
        node = FakeNode(address=address, store=self.open())
        started = node.run(node.client.start())
        while not started.called:
            node.refuse()
        self.failureResultOf(started, NotConnected)
        return [client[1] for client in node.reactor.tcpClients]

    def test_a_later_run_knows_the_nodes_that_an_earlier_one_was_told_of(self) -> None:
        self.assertEqual(self.ports_tried("me@127.0.0.1:1"), [1, 8, 9])

    def test_where_another_address_leads_they_are_not_tried(self) -> None:
        self.assertEqual(self.ports_tried("me@127.0.0.1:2"), [2])

    def test_another_user_does_not_know_them(self) -> None:
        self.assertEqual(self.ports_tried("zhao@127.0.0.1:1"), [1])

    def test_a_newer_list_replaces_the_kept_one(self) -> None:
        store = self.open()
        FakeNode(address="me@127.0.0.1:1", store=store).start(nodes=("127.0.0.1:7",))
        self.assertEqual(self.ports_tried("me@127.0.0.1:1"), [1, 7])
