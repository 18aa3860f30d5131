"""What a node missed, and how a client finds it: SyncNotices, and the whole against a system that pushes badly."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import MessageShown, ReconnectPolicy, StateSynced, TalkKey
from naivechat.protocol.message import HistoryRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest, SyncResponse, TalkNoticeResponse
from tests.profiles import fewer
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import NOW_MS, FakeNode, push, talk
from tests.unit.client.fake_system import FakeSystem

HALF_WAY = ReconnectPolicy(draw=lambda: 0.5)
DELIVERIES = ("now", "twice", "late", "never")
STEPS = ("write", "write", "chatter", "join", "send", "catch_up", "notify", "be_busy", "reconnect", "wait")


def page(*talks: Any, has_more: bool = False, server_time: int = NOW_MS) -> SyncResponse:
    return SyncResponse(
        rid=0,
        epoch="e1",
        server_time=server_time,
        talks=talks,
        has_more=has_more,
        groups=(),
        friends=(),
        asked=(),
    )


class SyncTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode(policy=HALF_WAY).start(talks=(talk(last_seq=1),))

    def test_many_notices_lead_to_one_comparison_at_a_random_moment(self) -> None:
        self.node.say(SyncNotice(), SyncNotice())
        self.node.reactor.advance(0.9)
        self.node.say(SyncNotice())
        self.assertEqual(self.node.take(), [])
        self.node.reactor.advance(0.1)
        self.node.answer(self.node.take_one(SyncRequest), page())
        self.node.reactor.advance(5)
        self.assertEqual(self.node.take(), [])

    def test_who_knows_of_a_gap_compares_at_once(self) -> None:
        self.node.say(SyncNotice(), push(3), SyncNotice())
        self.node.reactor.advance(0)
        self.node.take_one(SyncRequest)

    def test_a_notice_during_a_comparison_leads_to_another_one(self) -> None:
        self.node.say(SyncNotice())
        self.node.reactor.advance(1)
        request = self.node.take_one(SyncRequest)
        self.node.say(SyncNotice(), SyncNotice())
        self.node.answer(request, page())
        self.node.answer(self.node.take_one(SyncRequest), page())
        self.node.reactor.advance(5)
        self.assertEqual(self.node.take(), [])

    def test_a_lost_connection_forgets_the_comparison_which_the_login_replaces(self) -> None:
        for wait_s in (0.0, 1.0):
            node = FakeNode(policy=HALF_WAY).start()
            node.say(SyncNotice())
            node.reactor.advance(wait_s)
            node.lose()
            node.come_back()
            node.reactor.advance(5)
            self.assertEqual(node.take(), [])
            node.say(SyncNotice())
            node.reactor.advance(1)
            node.take_one(SyncRequest)

    def test_the_next_comparison_begins_where_the_last_whole_one_began(self) -> None:
        syncing = self.node.run(self.node.client.sync())
        self.node.answer(self.node.take_one(SyncRequest), page(talk(), has_more=True, server_time=NOW_MS + 9))
        self.node.refuse_request(self.node.take_one(SyncRequest), "UNAVAILABLE")
        self.failureResultOf(syncing)
        syncing = self.node.run(self.node.client.sync())
        request = self.node.take_one(SyncRequest)
        self.assertEqual(request.since, NOW_MS - 60_000)
        self.node.answer(request, page(talk(), has_more=True, server_time=NOW_MS + 10))
        self.node.answer(self.node.take_one(SyncRequest), page(server_time=NOW_MS + 90))
        self.successResultOf(syncing)
        self.node.run(self.node.client.sync())
        self.assertEqual(self.node.take_one(SyncRequest).since, NOW_MS + 10 - 60_000)

    def test_a_comparison_is_told_when_it_is_whole(self) -> None:
        self.node.listen(StateSynced)
        self.node.run(self.node.client.sync())
        self.node.answer(self.node.take_one(SyncRequest), page(talk(), has_more=True))
        self.assertEqual(self.node.events, [])
        self.node.answer(self.node.take_one(SyncRequest), page())
        self.assertEqual(len(self.node.events), 1)

    def test_a_push_that_overtook_an_answer_is_not_undone_by_it(self) -> None:
        self.node.run(self.node.client.sync())
        self.node.say(push(2))
        self.node.answer(self.node.take_one(SyncRequest), page(talk(last_seq=1)))
        self.node.say(TalkNoticeResponse(rid=0, talk=talk(last_seq=1)))
        known = self.node.client.state.talks[TalkKey(0, "li")]
        self.assertEqual((known.last_seq, known.unread), (2, 1))

    def test_hundreds_of_missed_messages_are_read_page_by_page(self) -> None:
        self.node.listen(MessageShown)
        self.node.run(self.node.client.sync())
        self.node.answer(self.node.take_one(SyncRequest), page(talk(last_seq=251)))
        asked = []
        while requests := [each for each in self.node.take() if isinstance(each, HistoryRequest)]:
            asked.append(requests[0].after_seq)
            give_history(self.node, requests[0], 251)
        self.assertEqual(asked, [1, 101, 201])
        self.assertEqual([event.message.seq for event in self.node.events], list(range(2, 252)))


class BadPushTests(SynchronousTestCase):
    @fewer(2)
    @given(st.data())
    def test_whatever_happens_to_pushes_the_screen_equals_the_log_in_the_end(self, data: Any) -> None:
        system = FakeSystem()
        steps = st.tuples(
            st.sampled_from(STEPS),
            st.integers(0, 6),
            st.sampled_from(DELIVERIES),
            st.integers(0, 2),
            st.sampled_from([0.0, 0.2, 0.6, 3.0, 70.0]),
        )
        for step, number, delivery, answers, advance_s in data.draw(st.lists(steps, min_size=5, max_size=40)):
            self.take(system, step, number, getattr(system, delivery))
            system.settle(answers=answers, advance_s=advance_s)
        system.end()
        self.assertEqual(system.shown, system.expected)
        for log in system.logs:
            mine = [message.msg_text for message in log.messages if message.sender_id == "me"]
            self.assertEqual(mine, system.sent[log.key])

    def take(self, system: FakeSystem, step: str, number: int, deliver: Any) -> None:
        if step in ("write", "chatter", "join"):
            getattr(system, step)(number, deliver)
        elif step in ("notify", "reconnect"):
            getattr(system, step)()
        elif step != "wait":
            getattr(system, step)(number)
