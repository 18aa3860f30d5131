"""Gap filling of a whole client: what is pushed, lost, doubled or held back is shown once and in order."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import MessageShown, TalkKey
from naivechat.protocol.message import HistoryRequest, MsgRequest, RecallRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest, SyncResponse
from tests.profiles import fewer
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import NOW_MS, FakeNode, group_push, push, talk

OLD_MS = NOW_MS - 3_600_000
PUSHED, LOST, DOUBLED = range(3)


def shown(node: FakeNode, talk_id: str = "li") -> list[int]:
    return [event.message.seq for event in node.events if event.talk_id == talk_id]


class TimelineTests(SynchronousTestCase):
    def node(self, *talks: Any, **response: Any) -> FakeNode:
        node = FakeNode()
        node.listen(MessageShown)
        return node.start(talks=talks, **response)

    def test_showing_begins_after_what_the_first_login_lists(self) -> None:
        node = self.node(talk(last_seq=7))
        self.assertEqual(node.take(), [])
        node.say(push(7), push(8))
        self.assertEqual(shown(node), [8])

    def test_a_gap_that_closes_in_time_asks_nothing(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(3))
        node.reactor.advance(0.4)
        node.say(push(2))
        node.reactor.advance(1)
        self.assertEqual((shown(node), node.take()), ([2, 3], []))

    def test_a_gap_is_filled_from_history_page_by_page(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(6))
        node.reactor.advance(0.5)
        request = node.take_one(HistoryRequest)
        self.assertEqual((request.after_seq, request.limit), (1, 100))
        give_history(node, request, 6, limit=2)
        give_history(node, node.take_one(HistoryRequest), 6)
        self.assertEqual((shown(node), node.take()), ([2, 3, 4, 5, 6], []))

    def test_pushes_during_a_fill_keep_their_order(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(4))
        node.reactor.advance(0.5)
        request = node.take_one(HistoryRequest)
        node.say(push(2), push(5))
        give_history(node, request, 4)
        self.assertEqual(shown(node), [2, 3, 4, 5])

    def test_a_new_talk_is_shown_from_its_first_message(self) -> None:
        node = self.node()
        node.say(push(1), push(2))
        self.assertEqual(shown(node), [1, 2])

    def test_a_new_talk_whose_first_push_was_lost_is_shown_from_its_first_message(self) -> None:
        node = self.node()
        node.say(push(2))
        request = node.take_one(HistoryRequest)
        self.assertEqual(request.before_seq, 2)
        give_history(node, request, 2)
        request = node.take_one(HistoryRequest)
        self.assertEqual(request.after_seq, 0)
        give_history(node, request, 2)
        self.assertEqual(shown(node), [1, 2])

    def test_an_old_dialogue_that_was_off_the_list_shows_only_what_is_new(self) -> None:
        node = self.node()
        node.say(push(58))
        give_history(node, node.take_one(HistoryRequest), 58, sent_at=OLD_MS)
        self.assertEqual((shown(node), node.take()), ([58], []))

    def test_the_beginning_is_looked_for_backwards_page_by_page(self) -> None:
        node = self.node()
        node.say(push(9))
        give_history(node, node.take_one(HistoryRequest), 9, limit=3)
        request = node.take_one(HistoryRequest)
        self.assertEqual(request.before_seq, 6)
        give_history(node, request, 9, sent_at=OLD_MS)
        request = node.take_one(HistoryRequest)
        self.assertEqual(request.after_seq, 5)
        give_history(node, request, 9)
        self.assertEqual(shown(node), [6, 7, 8, 9])

    def test_a_group_joined_later_is_shown_from_joining_on(self) -> None:
        node = self.node()
        node.say(group_push(5))
        give_history(node, node.take_one(HistoryRequest), 5, first=5)
        self.assertEqual(shown(node, "g1"), [5])

    def test_a_group_joined_again_passes_over_what_was_said_meanwhile(self) -> None:
        node = self.node(talk("g1", 3, talk_type=1))
        node.say(group_push(4), group_push(9))
        node.reactor.advance(0.5)
        give_history(node, node.take_one(HistoryRequest), 9, first=9)
        self.assertEqual(shown(node, "g1"), [4, 9])

    def test_after_a_reconnection_what_was_missed_is_fetched_at_once(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(2))
        node.lose()
        node.come_back(talks=(talk(last_seq=4), talk("wang", 1)))
        requests = node.take()
        self.assertEqual(
            [(r.talk_id, r.after_seq, r.before_seq) for r in requests], [("li", 2, None), ("wang", None, 2)]
        )  # type: ignore[attr-defined]
        give_history(node, requests[0], 4)
        give_history(node, requests[1], 1)
        give_history(node, node.take_one(HistoryRequest), 1)
        self.assertEqual((shown(node), shown(node, "wang")), ([2, 3, 4], [1]))

    def test_a_fill_broken_by_the_connection_goes_on_after_it(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(3))
        node.reactor.advance(0.5)
        node.lose()
        node.come_back(talks=(talk(last_seq=3),))
        give_history(node, node.take_one(HistoryRequest), 3)
        self.assertEqual(shown(node), [2, 3])

    def test_a_fill_without_answer_is_asked_again(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(3))
        node.reactor.advance(0.5)
        node.take_one(HistoryRequest)
        (again,) = node.answer_heartbeats_only()
        give_history(node, again, 3)
        self.assertEqual(shown(node), [2, 3])

    def test_a_fill_refused_for_now_is_asked_again_when_the_node_says(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(3))
        node.reactor.advance(0.5)
        node.refuse_request(node.take_one(HistoryRequest), "UNAVAILABLE", 2000)
        node.reactor.advance(1.9)
        self.assertEqual(node.take(), [])
        node.reactor.advance(0.1)
        give_history(node, node.take_one(HistoryRequest), 3)
        self.assertEqual(shown(node), [2, 3])

    def test_at_most_four_talks_are_filled_at_once(self) -> None:
        for _ in range(30):  # which of the fillings under way is cancelled first, is left to chance
            self.fill_six_talks()

    def fill_six_talks(self) -> None:
        node = self.node()
        node.lose()
        node.come_back(talks=tuple(talk(f"f{number}", 1) for number in range(6)))
        requests = node.take()
        self.assertEqual(len(requests), 4)
        give_history(node, requests[0], 1)
        self.assertEqual(len(node.take()), 1)
        node.lose()
        node.come_back(talks=())
        self.assertEqual(len(node.take()), 4)

    def test_what_may_not_be_read_any_more_is_given_up(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(push(3))
        node.reactor.advance(0.5)
        node.refuse_request(node.take_one(HistoryRequest), "NOT_FRIEND")
        node.reactor.advance(10)
        node.say(push(4))
        self.assertEqual((shown(node), node.take()), ([4], []))

    def test_a_sync_notice_finds_what_pushes_missed(self) -> None:
        node = self.node(talk(last_seq=1))
        node.say(SyncNotice())
        node.reactor.advance(0)
        request = node.take_one(SyncRequest)
        self.assertEqual((request.since, request.offset), (NOW_MS - 60_000, 0))
        node.answer(request, self.page(talk(last_seq=2), has_more=True))
        give_history(node, *self.take_kinds(node, HistoryRequest), 2)
        self.assertEqual(shown(node), [2])

    def take_kinds(self, node: FakeNode, kind: type) -> list[Any]:
        """The requests of this kind; a SyncRequest among them gets an empty last page."""
        requests = node.take()
        for request in requests:
            if isinstance(request, SyncRequest):
                self.assertEqual(request.offset, 1)
                node.answer(request, self.page())
        return [request for request in requests if isinstance(request, kind)]

    def page(self, *talks: Any, has_more: bool = False) -> SyncResponse:
        return SyncResponse(
            rid=0,
            epoch="e1",
            server_time=NOW_MS,
            talks=talks,
            has_more=has_more,
            groups=(),
            friends=(),
            asked=(),
        )

    def test_a_sync_is_asked_again_until_it_works(self) -> None:
        node = self.node()
        node.say(SyncNotice())
        node.reactor.advance(0)
        node.refuse_request(node.take_one(SyncRequest), "UNAVAILABLE", 500)
        node.reactor.advance(1)
        node.take_one(SyncRequest)
        (again,) = node.answer_heartbeats_only()
        node.answer(again, self.page())
        node.reactor.advance(5)
        self.assertEqual(node.take(), [])

    def test_talks_beyond_the_first_page_begin_after_what_is_old_of_them(self) -> None:
        node = self.node(talk(last_seq=1), has_more=True)
        request = node.take_one(SyncRequest)
        self.assertEqual((request.since, request.offset), (None, 1))
        node.answer(request, self.page(talk("wang", 40, talk_date=OLD_MS)))
        self.assertEqual(node.take(), [])
        node.say(push(41, "wang"))
        self.assertEqual(shown(node, "wang"), [41])
        self.assertIn(TalkKey(0, "wang"), node.client.state.talks)

    def test_own_messages_take_their_place_in_the_order(self) -> None:
        node = self.node(talk(last_seq=1))
        node.run(node.client.send(0, "li", "hello"))
        node.ack(node.take_one(MsgRequest), 3)
        self.assertEqual(shown(node), [])
        node.say(push(2))
        self.assertEqual(shown(node), [2, 3])
        self.assertEqual([event.mine for event in node.events], [False, True])

    def test_an_own_recall_takes_its_place_in_the_order(self) -> None:
        node = self.node(talk(last_seq=1))
        recalling = node.run(node.client.recall(0, "li", 1))
        node.ack(node.take_one(RecallRequest), 2)
        self.assertEqual(self.successResultOf(recalling).seq, 2)
        message = node.events[-1].message
        self.assertEqual((message.seq, message.msg_type, message.target_seq), (2, 5, 1))

    def test_a_recall_that_somebody_made_before_is_fetched(self) -> None:
        node = self.node(talk(last_seq=1))
        node.run(node.client.recall(0, "li", 1))
        node.ack(node.take_one(RecallRequest), 2, duplicate=True)
        give_history(node, node.take_one(HistoryRequest), 2)
        self.assertEqual(shown(node), [2])

    def test_another_history_of_the_database_begins_anew(self) -> None:
        node = self.node(talk(last_seq=50))
        node.lose()
        node.come_back(epoch="e2", talks=(talk(last_seq=3),))
        node.say(push(4))
        self.assertEqual((shown(node), node.take()), ([4], []))

    def test_another_history_found_by_a_sync_leads_to_a_new_login(self) -> None:
        node = self.node(talk(last_seq=50))
        node.say(SyncNotice())
        node.reactor.advance(0)
        node.answer(node.take_one(SyncRequest), attrs.evolve(self.page(), epoch="e2"))
        assert node.line is not None
        self.assertTrue(node.line.aborted)

    def test_a_listener_that_fails_hinders_nobody(self) -> None:
        node = FakeNode()
        node.client.on(MessageShown, lambda event: 1 / 0)  # type: ignore[arg-type, return-value]
        node.listen(MessageShown)
        node.start()
        node.say(push(1))
        self.assertEqual(shown(node), [1])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    @fewer(10)
    @given(st.lists(st.sampled_from([PUSHED, LOST, DOUBLED]), min_size=1, max_size=20), st.data())
    def test_any_pushes_in_any_order_are_shown_once_in_order(self, fates: list[int], data: Any) -> None:
        last = len(fates)
        pushes = [seq for seq, fate in enumerate(fates, 1) for _ in range((1, 0, 2)[fate])]
        node = self.node(talk(last_seq=0))
        for seq in data.draw(st.permutations(pushes)):
            node.say(push(seq))
            self.feed(node, last, data.draw(st.sampled_from([0.0, 0.3, 0.6])))
        node.lose()
        node.come_back(talks=(talk(last_seq=last),))
        self.feed(node, last, 1)
        self.assertEqual(shown(node), list(range(1, last + 1)))

    def feed(self, node: FakeNode, last: int, advance_s: float) -> None:
        node.reactor.advance(advance_s)
        while requests := [request for request in node.take() if isinstance(request, HistoryRequest)]:
            for request in requests:
                give_history(node, request, last, limit=3)
