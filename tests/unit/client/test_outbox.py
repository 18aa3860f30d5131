"""Sending: each message goes out until it is acked, with one msg_uuid, in order per talk."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import MessageShown, NotConnected, RequestRefused, SendRefused
from naivechat.protocol.message import MsgGroupRequest, MsgRequest
from naivechat.protocol.session import KickedNotice
from tests.unit.client.fake_node import FakeNode, talk


class OutboxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode()
        self.node.listen(SendRefused)
        self.node.start(talks=(talk(last_seq=0),))

    def send(self, text: str, talk_type: int = 0, talk_id: str = "li") -> Any:
        return self.node.run(self.node.client.send(talk_type, talk_id, text))

    def test_a_message_is_sent_and_its_place_told(self) -> None:
        sending = self.send("hello")
        request = self.node.take_one(MsgRequest)
        self.assertEqual((request.friend_id, request.msg_text, len(request.msg_uuid)), ("li", "hello", 16))
        self.assertNoResult(sending)
        self.node.ack(request, 1)
        sent = self.successResultOf(sending)
        self.assertEqual((sent.seq, sent.msg_uuid, sent.duplicate), (1, request.msg_uuid, False))
        self.assertEqual(self.node.client.waiting, ())

    def test_a_group_message_goes_to_the_group(self) -> None:
        self.send("hello", 1, "g1")
        self.assertEqual(self.node.take_one(MsgGroupRequest).group_id, "g1")

    def test_a_talks_messages_go_one_after_another_and_talks_side_by_side(self) -> None:
        self.send("one")
        self.send("two")
        self.send("other", talk_id="wang")
        first, other = self.node.take()
        self.assertEqual((first.msg_text, other.msg_text), ("one", "other"))  # type: ignore[attr-defined]
        self.node.ack(first, 1)
        self.assertEqual(self.node.take_one(MsgRequest).msg_text, "two")

    def test_what_was_not_acked_is_sent_again_with_the_same_uuid(self) -> None:
        sending = self.send("hello")
        before = self.node.take_one(MsgRequest)
        self.node.lose()
        self.assertEqual([o.msg_uuid for o in self.node.client.waiting], [before.msg_uuid])
        self.node.come_back(talks=(talk(last_seq=0),))
        again = self.node.take_one(MsgRequest)
        self.assertEqual(again.msg_uuid, before.msg_uuid)
        self.node.ack(again, 1, duplicate=True)
        self.assertTrue(self.successResultOf(sending).duplicate)

    def test_what_is_sent_while_offline_waits_for_the_node(self) -> None:
        self.node.lose()
        sending = self.send("hello")
        self.assertNoResult(sending)
        self.node.come_back()
        self.node.ack(self.node.take_one(MsgRequest), 1)
        self.successResultOf(sending)

    def test_no_answer_in_time_is_tried_again_on_the_same_connection(self) -> None:
        self.send("hello")
        before = self.node.take_one(MsgRequest)
        (again,) = self.node.answer_heartbeats_only()
        self.assertEqual(again.msg_uuid, before.msg_uuid)  # type: ignore[attr-defined]

    def test_too_often_is_tried_again_when_the_node_says_and_nothing_overtakes(self) -> None:
        self.send("one")
        self.send("two")
        self.node.refuse_request(self.node.take_one(MsgRequest), "RATE_LIMITED", 3000)
        self.node.reactor.advance(2.9)
        self.assertEqual(self.node.take(), [])
        self.node.reactor.advance(0.1)
        self.assertEqual(self.node.take_one(MsgRequest).msg_text, "one")

    def test_of_many_talks_that_are_too_fast_one_at_a_time_asks_when_the_node_says(self) -> None:
        names = [f"friend-{number}" for number in range(10)]
        sendings = [self.send("hello", talk_id=name) for name in names]
        for request in self.node.take():
            self.node.refuse_request(request, "RATE_LIMITED", 100)
        for seq, (name, sending) in enumerate(zip(names, sendings, strict=True), 1):
            self.node.reactor.advance(0.099)
            if seq == 1:
                self.assertEqual(self.node.take(), [])
            self.node.reactor.advance(0.001)
            request = self.node.take_one(MsgRequest)
            self.assertEqual(request.friend_id, name)
            self.node.ack(request, 1)
            self.successResultOf(sending)
            if seq < 10:
                self.node.refuse_request(self.node.take_one(MsgRequest), "RATE_LIMITED", 100)

    def test_when_nobody_waits_any_more_talks_go_side_by_side_again(self) -> None:
        self.send("one")
        self.node.refuse_request(self.node.take_one(MsgRequest), "RATE_LIMITED", 100)
        self.send("two", talk_id="wang")
        self.assertEqual(self.node.take(), [])
        self.node.reactor.advance(0.1)
        self.node.ack(self.node.take_one(MsgRequest), 1)
        self.node.ack(self.node.take_one(MsgRequest), 1)
        self.send("three")
        self.send("four", talk_id="wang")
        self.assertEqual(len(self.node.take()), 2)

    def test_who_waits_in_line_when_the_connection_breaks_goes_on_with_the_next_one(self) -> None:
        sendings = [self.send("hello", talk_id=name) for name in ("li", "wang", "han")]
        for request in self.node.take():
            self.node.refuse_request(request, "RATE_LIMITED", 60_000)
        self.node.lose()
        self.node.come_back()
        for request in self.node.take():
            self.node.ack(request, 1)
        self.node.reactor.advance(61)
        for request in self.node.take():
            if isinstance(request, MsgRequest):
                self.node.ack(request, 1)
        for sending in sendings:
            self.successResultOf(sending)

    def test_a_refusal_in_line_is_told_and_lets_the_next_one_go(self) -> None:
        first, second = self.send("one"), self.send("other", talk_id="wang")
        for request in self.node.take():
            self.node.refuse_request(request, "RATE_LIMITED", 100)
        self.node.reactor.advance(0.1)
        self.node.refuse_request(self.node.take_one(MsgRequest), "NOT_FRIEND")
        self.failureResultOf(first, RequestRefused)
        self.node.ack(self.node.take_one(MsgRequest), 1)
        self.successResultOf(second)

    def test_a_refusal_for_good_is_told_and_lets_the_next_one_go(self) -> None:
        first, second = self.send("one"), self.send("two")
        self.node.refuse_request(self.node.take_one(MsgRequest), "NOT_FRIEND")
        self.failureResultOf(first, RequestRefused)
        self.assertEqual(self.node.events[-1].outgoing.text, "one")
        self.node.ack(self.node.take_one(MsgRequest), 1)
        self.successResultOf(second)

    def test_stopping_fails_what_waits(self) -> None:
        self.node.lose()
        sending = self.send("hello")
        self.node.run(self.node.client.stop())
        self.node.reactor.advance(0)
        self.failureResultOf(sending, NotConnected)

    def test_a_kicked_client_refuses_to_send(self) -> None:
        waiting = self.send("one")
        self.node.say(KickedNotice(reason="admin", message="out"))
        self.node.lose()
        self.failureResultOf(waiting, NotConnected)
        self.failureResultOf(self.send("two"), NotConnected)

    @given(
        st.lists(st.sampled_from(["send", "ack", "lose", "store and lose", "refuse", "wait"]), max_size=30)
    )
    def test_wherever_the_connection_breaks_each_message_is_stored_once_in_order(
        self, steps: list[str]
    ) -> None:
        story = _Story()
        for step in steps:
            story.take(step)
        story.finish()
        self.assertEqual(story.log, [f"text {number}" for number in range(story.sent)])
        self.assertEqual(story.acked, story.log)
        self.assertEqual(story.shown, list(range(1, story.sent + 1)))


class _Story:
    """A node with a log that knows uuids, and a client whose connection breaks at any step."""

    def __init__(self) -> None:
        self.node = FakeNode()
        self.node.listen(MessageShown)
        self.node.start(talks=(talk(last_seq=0),))
        self.sent = 0
        self.acked: list[str] = []
        self.seqs: dict[bytes, int] = {}
        self.log: list[str] = []
        self.request: Any = None

    @property
    def shown(self) -> list[int]:
        return [event.message.seq for event in self.node.events]

    def take(self, step: str) -> None:
        if step == "send":
            self._send()
        elif step == "wait":
            self.node.reactor.advance(1)
        self._read()
        if self.request is not None and step in ("ack", "refuse", "store and lose"):
            self._answer(step)
        if step in ("lose", "store and lose"):
            self.node.lose()
            self.request = None
            self.node.come_back()
            self._read()

    def finish(self) -> None:
        self._read()
        while self.request is not None:
            self._answer("ack")
            self.node.reactor.advance(1)
            self._read()

    def _send(self) -> None:
        text = f"text {self.sent}"
        self.sent += 1
        sending = self.node.run(self.node.client.send(0, "li", text))
        sending.addCallback(lambda _: self.acked.append(text))

    def _read(self) -> None:
        requests = [packet for packet in self.node.take() if isinstance(packet, MsgRequest)]
        assert len(requests) <= 1
        self.request = requests[0] if requests else self.request

    def _answer(self, step: str) -> None:
        request, self.request = self.request, None
        if step == "refuse":
            self.node.refuse_request(request, "UNAVAILABLE", 100)
            self.node.reactor.advance(1)
            return
        known = self.seqs.setdefault(request.msg_uuid, len(self.seqs) + 1)
        if known > len(self.log):
            self.log.append(request.msg_text)
        if step == "ack":
            self.node.ack(request, known)
