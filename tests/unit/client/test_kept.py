"""What a second run finds of the first one, before a node answers."""

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import attrs
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import HistoryBegan, LocalStore, MessageShown, NotConnected, SendRefused, TalkKey
from naivechat.client.outbox import Outgoing
from naivechat.protocol.friend import AskedRecord
from naivechat.protocol.group import GroupMembersRequest, GroupMembersResponse, GroupRecord, MemberRecord
from naivechat.protocol.message import HistoryRequest, MsgRequest, ReadNotice, ReadRequest
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import KickedNotice, LoginRequest, LogoutRequest
from naivechat.protocol.talk import SyncRequest, SyncResponse
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import (
    NOW_MS,
    TOKEN,
    FakeNode,
    friend,
    group_push,
    push,
    record,
    talk,
    uuid_of,
)

LI = TalkKey(0, "li")
TEAM = TalkKey(1, "g1")
GROUP = GroupRecord(group_id="g1", name="Team", avatar="", notice="", owner_id="me", member_count=2)
ASKED = AskedRecord(
    user=UserRecord(user_id="zhao", nickname="Zhao", avatar=""), greeting="hi", asked_at=NOW_MS
)
MEMBER = MemberRecord(user_id="sun", nickname="Sun", avatar="cat", role=1)
OLD_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE talk (
    talk_type INTEGER, talk_id TEXT, shown_seq INTEGER NOT NULL, PRIMARY KEY (talk_type, talk_id)) WITHOUT ROWID;
CREATE TABLE message (
    talk_type INTEGER, talk_id TEXT, seq INTEGER, sender_id TEXT NOT NULL, msg_type INTEGER NOT NULL,
    msg_text TEXT NOT NULL, sent_at INTEGER NOT NULL, msg_uuid BLOB NOT NULL, target_seq INTEGER, recalled INTEGER,
    PRIMARY KEY (talk_type, talk_id, seq)) WITHOUT ROWID;
CREATE TABLE outgoing (
    place INTEGER PRIMARY KEY, talk_type INTEGER NOT NULL, talk_id TEXT NOT NULL, msg_uuid BLOB NOT NULL UNIQUE,
    msg_type INTEGER NOT NULL, msg_text TEXT NOT NULL);
INSERT INTO fact VALUES ('user_id', 'me');
INSERT INTO outgoing VALUES (1, 0, 'li', x'00000000000000000000000000000001', 0, 'hello');
"""


class FileTests(SynchronousTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "store"

    def open(self) -> LocalStore:
        store = LocalStore(self.path)
        self.addCleanup(store.close)
        return store

    def test_a_file_of_the_first_release_goes_on(self) -> None:
        old = sqlite3.connect(self.path)
        old.executescript(OLD_SCHEMA)
        old.close()
        store = self.open()
        store.open_for("me")
        hello = Outgoing(talk=LI, msg_uuid=uuid_of(1), msg_type=0, text="hello")
        self.assertEqual(store.list_outgoing(), (hello,))
        store.set_draft(LI, "typed")
        self.assertEqual(self.open().list_drafts(), ((LI, "typed"),))

    def test_a_file_of_a_later_version_is_left_alone(self) -> None:
        later = sqlite3.connect(self.path)
        later.execute("PRAGMA user_version = 99")
        later.close()
        with self.assertRaises(sqlite3.NotSupportedError):
            LocalStore(self.path)


class StoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.store = LocalStore(":memory:")
        self.addCleanup(self.store.close)
        self.store.open_for("me")
        self.store.begin_epoch("e1", NOW_MS)

    def test_older_messages_are_kept_before_the_oldest_without_a_gap(self) -> None:
        self.assertFalse(self.store.add_older(LI, (record(1),)))
        self.store.start_talk(LI, 9)
        self.assertFalse(self.store.add_older(LI, (record(7), record(8))))
        self.assertTrue(self.store.add_older(LI, (record(8), record(9))))
        self.store.add_message(LI, record(10))
        self.assertTrue(self.store.add_older(LI, (record(6), record(7), record(8))))
        self.assertFalse(self.store.add_older(LI, (record(1), record(2))))
        self.assertFalse(self.store.add_older(LI, ()))
        self.assertEqual([m.seq for m in self.store.list_messages(LI)], [6, 7, 8, 9, 10])

    def test_a_draft_is_kept_until_it_is_empty(self) -> None:
        self.store.set_draft(LI, "a")
        self.store.set_draft(LI, "ab")
        self.assertEqual(self.store.list_drafts(), ((LI, "ab"),))
        self.store.set_draft(LI, "")
        self.assertEqual(self.store.list_drafts(), ())

    def test_another_epoch_keeps_what_the_user_wrote_and_nothing_else(self) -> None:
        self.store.set_draft(LI, "typed")
        self.store.add_outgoing(Outgoing(talk=LI, msg_uuid=uuid_of(1), msg_type=0, text="hello"))
        self.store.refuse_outgoing(uuid_of(1), "NOT_FRIEND")
        self.store.set_read_mark(LI, 4)
        self.store.keep_known({("user", "me"): "{}"})
        self.store.begin_epoch("e2", NOW_MS)
        self.assertEqual((self.store.list_read_marks(), self.store.list_known()), ((), ()))
        self.assertEqual((len(self.store.list_drafts()), len(self.store.list_refused())), (1, 1))
        self.store.open_for("wang")
        self.assertEqual((self.store.list_drafts(), self.store.list_refused()), ((), ()))


class SecondRunTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.store = LocalStore(":memory:")
        self.addCleanup(self.store.close)

    def node(self, **options: Any) -> FakeNode:
        return FakeNode(store=self.store, **options)

    def stop(self, node: FakeNode) -> None:
        node.run(node.client.stop())
        node.reactor.advance(0)
        if node.line is not None:
            node.lose()

    def test_what_was_known_is_there_before_the_node_answers(self) -> None:
        first = self.node().start(
            friends=(friend(online=True),),
            groups=(GROUP,),
            asked=(ASKED,),
            talks=(talk(), talk("g1", talk_type=1)),
        )
        first.say(group_push(1, name="Wang Wu"))
        first.run(first.client.members("g1"))
        answer = GroupMembersResponse(rid=0, group_id="g1", members=(MEMBER,))
        first.answer(first.take_one(GroupMembersRequest), answer)
        first.reactor.advance(1)
        before = first.client.state
        state = self.node().client.state
        self.assertEqual((state.user, state.talks, state.groups), (before.user, before.talks, before.groups))
        self.assertEqual((state.asked, state.members), ({"zhao": ASKED}, {"g1": (MEMBER,)}))
        self.assertEqual(state.friends, {"li": friend(online=False)})
        self.assertEqual((state.name_of("wang"), state.name_of("sun")), ("Wang Wu", "Sun"))

    def test_what_is_gone_is_not_there(self) -> None:
        first = self.node().start(friends=(friend(),), talks=(talk(),))
        first.reactor.advance(1)
        first.client.state.friend_removed("li")
        self.stop(first)
        state = self.node().client.state
        self.assertEqual((state.friends, state.talks), ({}, {}))

    def test_records_that_cannot_be_read_are_passed_over(self) -> None:
        self.store.open_for("me")
        self.store.keep_known(
            {("talk", "0:li"): "{", ("friend", "li"): '{"a": 1}', ("asked", "x"): "[]", ("later", "x"): "{}"}
        )
        self.assertEqual(self.node().client.state.friends, {})

    def test_another_history_begins_with_nothing(self) -> None:
        self.stop(self.node().start(friends=(friend(),), talks=(talk(),)))
        second = self.node()
        second.listen(HistoryBegan)
        second.start(epoch="e2")
        self.assertEqual((second.client.state.talks, len(second.events)), ({}, 1))
        self.assertEqual(self.store.list_shown(), ())

    def test_a_token_kept_elsewhere_is_not_in_the_file(self) -> None:
        self.stop(self.node().start())
        self.assertEqual(self.store.token, TOKEN)
        second = self.node(keep_token=False)
        self.assertIsNone(self.store.token)
        second.run(second.client.start())
        self.assertIsInstance(second.log_in(), LoginRequest)
        self.assertEqual((self.store.token, second.client.token), (None, TOKEN))
        second.run(second.client.logout())
        second.ok(second.take_one(LogoutRequest))
        second.reactor.advance(0)
        self.assertIsNone(second.client.token)

    def test_a_refused_message_is_kept_and_can_be_tried_again(self) -> None:
        first = self.node()
        first.listen(SendRefused)
        first.start()
        uuid = first.client.submit(0, "li", "hello").msg_uuid
        first.refuse_request(first.take_one(MsgRequest), "NOT_FRIEND")
        self.stop(first)
        (refused,) = self.store.list_refused()
        self.assertEqual((refused.outgoing.msg_uuid, refused.code), (uuid, "NOT_FRIEND"))
        second = self.node()
        second.listen(MessageShown)
        second.start()
        second.client.submit(0, "li", "hello", msg_uuid=uuid)
        self.assertEqual(self.store.list_refused(), ())
        second.ack(second.take_one(MsgRequest), 1)
        self.assertEqual(second.events[0].message.msg_uuid, uuid)

    def test_what_is_written_is_dated(self) -> None:
        node = self.node(now_ms=lambda: NOW_MS).start()
        node.client.submit(0, "li", "hello")
        self.assertEqual(self.store.list_outgoing()[0].written_at_ms, NOW_MS)

    def test_a_refused_message_can_be_discarded(self) -> None:
        node = self.node().start()
        uuid = node.client.submit(0, "li", "hello").msg_uuid
        node.refuse_request(node.take_one(MsgRequest), "TOO_LARGE")
        node.client.discard(uuid)
        self.assertEqual(self.store.list_refused(), ())

    def test_what_was_read_without_a_node_is_read_for_good(self) -> None:
        first = self.node().start(talks=(talk(last_seq=3, unread=3),))
        first.lose()
        first.client.mark_read(0, "li", 2)
        first.client.mark_read(0, "li", 3)
        self.assertEqual(first.client.state.talks[LI].unread, 0)
        self.stop(first)
        second = self.node().start(talks=(talk(last_seq=3, unread=3),))
        self.assertEqual(second.client.state.talks[LI].unread, 0)
        request = second.take_one(ReadRequest)
        self.assertEqual((request.talk_id, request.seq), ("li", 3))
        second.ok(request)
        self.assertEqual(self.store.list_read_marks(), ())


class ReadingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode().start(talks=(talk(last_seq=3, unread=3),))

    def test_while_the_node_is_asked_only_the_last_mark_counts(self) -> None:
        for seq in (1, 2, 3, 2):
            self.node.client.mark_read(0, "li", seq)
        first = self.node.take_one(ReadRequest)
        self.node.ok(first)
        second = self.node.take_one(ReadRequest)
        self.node.ok(second)
        self.assertEqual((first.seq, second.seq, self.node.take()), (1, 3, []))

    def test_a_busy_node_is_asked_again_and_a_refusal_is_not(self) -> None:
        self.node.client.mark_read(0, "li", 3)
        self.node.refuse_request(self.node.take_one(ReadRequest), "UNAVAILABLE", 2000)
        self.node.reactor.advance(2)
        self.node.refuse_request(self.node.take_one(ReadRequest), "NOT_FRIEND")
        self.node.reactor.advance(9)
        self.assertEqual(self.node.take(), [])

    def test_a_mark_without_an_answer_is_told_again(self) -> None:
        self.node.client.mark_read(0, "li", 3)
        self.node.take_one(ReadRequest)
        (again,) = self.node.answer_heartbeats_only()
        self.assertIsInstance(again, ReadRequest)

    def test_an_older_answer_does_not_bring_unread_ones_back(self) -> None:
        syncing = self.node.run(self.node.client.sync())
        self.node.client.mark_read(0, "li", 3)
        request, read = self.node.take()
        self.node.ok(read)
        page = SyncResponse(
            rid=0,
            epoch="e1",
            server_time=NOW_MS,
            talks=(talk(last_seq=3, unread=3),),
            has_more=False,
            groups=(),
            friends=(),
            asked=(),
        )
        self.assertIsInstance(request, SyncRequest)
        self.node.answer(request, page)
        self.successResultOf(syncing)
        self.assertEqual(self.node.client.state.talks[LI].unread, 0)

    def test_who_was_kicked_cannot_submit(self) -> None:
        self.node.say(KickedNotice(reason="admin", message="out"))
        self.node.lose()
        self.assertRaises(NotConnected, self.node.client.submit, 0, "li", "hello")
        self.assertIs(type(self.node.client.why).__name__, "Kicked")


class CatchingUpTests(SynchronousTestCase):
    def test_what_one_did_to_a_group_is_shown(self) -> None:
        node = FakeNode()
        node.listen(MessageShown)
        node.start(groups=(GROUP,), talks=(talk("g1", 3, talk_type=1),))
        catching_up = node.run(node.client.catch_up(1, "g1"))
        request = node.take_one(HistoryRequest)
        self.assertEqual(request.after_seq, 3)
        give_history(node, request, 4)
        self.successResultOf(catching_up)
        self.assertEqual([event.message.seq for event in node.events], [4])


class EndedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode().start(
            friends=(friend(),), groups=(GROUP,), talks=(talk(unread=2, last_seq=2), talk("g1", talk_type=1))
        )
        self.state = self.node.client.state

    def test_who_was_removed_while_away_finds_the_dialogue_ended(self) -> None:
        self.node.lose()
        self.node.come_back(talks=(), friends=(), groups=())
        self.assertEqual((set(self.state.ended), self.state.talks), ({LI, TEAM}, {}))
        self.assertEqual(self.state.ended[LI].unread, 0)

    def test_a_dialogue_deleted_elsewhere_is_gone_and_not_ended(self) -> None:
        self.node.lose()
        self.node.come_back(talks=(), friends=(friend(),), groups=(GROUP,))
        self.assertEqual((self.state.ended, self.state.talks), ({}, {}))

    def test_an_ended_dialogue_goes_on_when_it_is_listed_again(self) -> None:
        self.node.lose()
        self.node.come_back(talks=(), friends=(), groups=())
        self.node.lose()
        self.node.come_back(talks=(talk(last_seq=2),), friends=(friend(),))
        self.assertEqual((set(self.state.talks), set(self.state.ended)), ({LI}, {TEAM}))

    def test_messages_that_come_after_the_end_do_not_list_it_again(self) -> None:
        self.node.lose()
        self.node.come_back(talks=(), friends=(), groups=())
        self.node.say(push(3))
        self.assertEqual((self.state.ended[LI].last_seq, self.state.talks), (3, {}))

    def test_deleting_it_forgets_it(self) -> None:
        self.node.lose()
        self.node.come_back(talks=(), friends=(), groups=())
        self.state.talk_removed(LI)
        self.assertEqual(set(self.state.ended), {TEAM})

    def test_reading_elsewhere_is_heard(self) -> None:
        self.node.say(ReadNotice(talk_type=0, talk_id="li", user_id="me", seq=2))
        self.assertEqual(self.state.talks[LI].unread, 0)
        self.assertEqual(attrs.evolve(self.state.talks[LI], read_seq=0), talk(last_seq=2))
