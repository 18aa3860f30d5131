"""Messages: sent, stored, refused, recalled, shown again after a restart, and older ones page by page."""

import json
from typing import Any

import attrs

from naivechat.protocol.group import GroupMembersRequest, GroupMembersResponse, GroupRecord, MemberRecord
from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MessageRecord,
    MsgRequest,
    RecallRequest,
)
from naivechat.protocol.profile import ProfileNotice, UserRecord
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import friend, group_push, push, record, talk
from tests.unit.tkclient.logic.stage import LI, TEAM, WANG, Stage
from tkclient.logic.conversations import LONG, PAGE
from tkclient.model.talk import Kind, Message, Sending

GROUP = GroupRecord(group_id="g1", name="Team", avatar="", notice="", owner_id="me", member_count=2)


def begin(stage: Stage, last_seq: int = 0, **login: Any) -> Stage:
    """Logged in, with Li on the list and on the screen."""
    login = {"friends": (friend(),), "talks": (talk(last_seq=last_seq),)} | login
    stage.enter(remember=True, **login)
    stage.ui.select(LI)
    return stage


def states(stage: Stage) -> list[tuple[str, Sending]]:
    return [(message.text, message.sending) for message in stage.ui.messages(LI).messages]


def the_last(stage: Stage) -> Message:
    return stage.ui.messages(LI).messages[-1]


class TestSending:
    def test_a_message_is_shown_at_once_and_then_as_sent(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "hello")
        assert states(stage) == [("hello", Sending.SENDING)]
        row = stage.ui.talks[LI]
        assert row.last is not None and (row.last.text, row.last.sending) == ("hello", Sending.SENDING)
        stage.node.ack(stage.node.take_one(MsgRequest), 1)
        assert states(stage) == [("hello", Sending.SENT)]
        assert (the_last(stage).seq, the_last(stage).is_mine) == (1, True)
        assert stage.ui.talks[LI].last == the_last(stage)

    def test_a_face_goes_as_a_face(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "f_01", Kind.FACE)
        assert stage.node.take_one(MsgRequest).msg_type == 1
        assert the_last(stage).kind is Kind.FACE

    def test_what_is_written_without_a_node_waits_and_survives_a_restart(self, stage: Stage) -> None:
        begin(stage)
        stage.node.lose()
        stage.events.send(LI, "one")
        stage.events.send(LI, "two")
        stage.end()
        stage.begin().ui.select(LI)
        assert states(stage) == [("one", Sending.SENDING), ("two", Sending.SENDING)]
        stage.node.log_in(friends=(friend(),), talks=(talk(),))
        for seq in (1, 2):
            request = next(packet for packet in stage.node.take() if isinstance(packet, MsgRequest))
            stage.node.ack(request, seq)
        assert states(stage) == [("one", Sending.SENT), ("two", Sending.SENT)]

    def test_a_refused_message_is_failed_and_can_be_tried_again_after_a_restart(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "hello")
        stage.node.refuse_request(stage.node.take_one(MsgRequest), "NOT_FRIEND")
        assert (the_last(stage).sending, the_last(stage).failure) == (Sending.FAILED, "NOT_FRIEND")
        stage.end()
        stage.begin().ui.select(LI)
        failed = the_last(stage)
        assert (failed.sending, failed.failure) == (Sending.FAILED, "NOT_FRIEND")
        stage.node.log_in(friends=(friend(),), talks=(talk(),))
        stage.events.retry(LI, failed.msg_uuid)
        assert states(stage) == [("hello", Sending.SENDING)]
        request = stage.node.take_one(MsgRequest)
        assert request.msg_uuid == failed.msg_uuid
        stage.node.ack(request, 1)
        assert states(stage) == [("hello", Sending.SENT)]

    def test_a_name_that_the_node_knows_otherwise_is_another_one_at_the_next_try(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "hello")
        stage.node.refuse_request(stage.node.take_one(MsgRequest), "CONFLICT")
        before = the_last(stage).msg_uuid
        stage.events.retry(LI, before)
        assert stage.node.take_one(MsgRequest).msg_uuid != before
        assert states(stage) == [("hello", Sending.SENDING)]

    def test_a_failed_message_can_be_discarded_and_a_stored_one_not(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "one")
        stage.node.ack(stage.node.take_one(MsgRequest), 1)
        stage.events.send(LI, "two")
        stage.node.refuse_request(stage.node.take_one(MsgRequest), "TOO_LARGE")
        for message in tuple(stage.ui.messages(LI).messages):
            stage.events.discard(LI, message.msg_uuid)
            stage.events.retry(LI, message.msg_uuid)
        assert states(stage) == [("one", Sending.SENT)]
        assert stage.ui.talks[LI].last == the_last(stage)

    def test_what_is_sent_to_another_dialogue_is_shown_there(self, stage: Stage) -> None:
        begin(stage).events.send(WANG, "hello")
        assert (stage.ui.texts(WANG), stage.ui.texts(LI)) == (["hello"], [])

    def test_broken_characters_are_mended_before_they_are_sent_or_kept(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "a\ud83d\ude00b\ud83dc")
        assert stage.node.take_one(MsgRequest).msg_text == "a😀b\ufffdc"
        stage.events.keep_draft(LI, "\ud83d")

    def test_what_the_user_writes_elsewhere_is_mine(self, stage: Stage) -> None:
        begin(stage)
        echo = attrs.evolve(push(1), sender_id="me")
        stage.node.say(echo)
        assert (the_last(stage).is_mine, the_last(stage).sender_name) == (True, "Me")


class TestReceiving:
    def test_messages_of_others_are_shown_once_and_in_order(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1), push(3), push(2), push(2))
        assert stage.ui.texts(LI) == ["text 1", "text 2", "text 3"]
        assert (the_last(stage).is_mine, the_last(stage).sender_name) == (False, "Li")

    def test_a_message_for_another_dialogue_makes_its_row_and_changes_no_panel(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1, "wang"))
        assert (stage.ui.selected, stage.ui.texts(LI)) == (LI, [])
        assert [row.key for row in stage.ui.rows if row.unread] == [WANG]
        stage.ui.select(WANG)
        assert stage.ui.texts(WANG) == ["text 1"]

    def test_a_kind_of_a_later_version_is_unknown(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(attrs.evolve(push(1), msg_type=99))
        assert the_last(stage).kind is Kind.UNKNOWN

    def test_who_speaks_in_a_group_is_called_as_the_push_says(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk(), talk("g1", talk_type=1)))
        stage.ui.select(TEAM)
        stage.node.say(attrs.evolve(group_push(1, name="Wang Wu"), sender_head="cat"))
        (message,) = stage.ui.messages(TEAM).messages
        assert (message.sender_name, message.sender_avatar) == ("Wang Wu", "cat")

    def test_another_name_or_picture_is_shown_everywhere(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1))
        stage.node.say(ProfileNotice(user=UserRecord(user_id="li", nickname="Li Lei", avatar="cat")))
        assert (the_last(stage).sender_name, the_last(stage).sender_avatar) == ("Li Lei", "cat")
        row = stage.ui.talks[LI]
        assert (row.name, row.avatar, row.last and row.last.sender_name) == ("Li Lei", "cat", "Li Lei")
        assert stage.ui.friends["li"].nickname == "Li Lei"


class TestRecalls:
    def test_an_own_message_is_taken_back_in_its_place(self, stage: Stage) -> None:
        begin(stage).events.send(LI, "oops")
        stage.node.ack(stage.node.take_one(MsgRequest), 1)
        stage.events.recall(LI, 1)
        stage.node.ack(stage.node.take_one(RecallRequest), 2)
        (message,) = stage.ui.messages(LI).messages
        assert (message.is_recalled, message.text, message.seq) == (True, "", 1)
        assert stage.ui.codes == ["recall"]
        last = stage.ui.talks[LI].last
        assert last is not None and last.is_recalled

    def test_one_that_is_too_late_is_said(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1))
        stage.events.recall(LI, 1)
        stage.node.refuse_request(stage.node.take_one(RecallRequest), "FORBIDDEN")
        assert (stage.ui.codes, the_last(stage).is_recalled) == (["recall FORBIDDEN"], False)

    def test_what_others_take_back_is_gone_after_a_restart_too(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1), push(2), attrs.evolve(push(3), msg_type=5, msg_text="", target_seq=1))
        assert stage.ui.texts(LI) == ["", "text 2"]
        stage.end()
        stage.begin().ui.select(LI)
        assert stage.ui.texts(LI) == ["", "text 2"]
        last = stage.ui.talks[LI].last
        assert last is not None and last.text == "text 2"


class TestOlderMessages:
    def serve(self, stage: Stage, last: int) -> None:
        """Answer what is asked from a log of `last` messages."""
        for request in stage.node.take():
            if isinstance(request, HistoryRequest):
                self.give(stage, request, last)

    def give(self, stage: Stage, request: Any, last: int) -> None:
        before = attrs.evolve(request, before_seq=request.before_seq or last + 1)
        give_history(stage.node, before, last, limit=PAGE)

    def test_a_dialogue_of_before_the_first_login_is_read_from_the_node(self, stage: Stage) -> None:
        begin(stage, last_seq=120)
        self.serve(stage, 120)
        messages = stage.ui.messages(LI)
        assert [messages.messages[0].seq, messages.messages[-1].seq] == [71, 120]
        assert messages.has_older

    def test_scrolling_back_reads_page_after_page_until_the_beginning(self, stage: Stage) -> None:
        begin(stage, last_seq=120)
        self.serve(stage, 120)
        for first, has_older in ((21, True), (1, False)):
            stage.events.load_older(LI)
            self.serve(stage, 120)
            messages = stage.ui.messages(LI)
            assert (messages.messages[0].seq, messages.has_older) == (first, has_older)
        assert len(stage.ui.texts(LI)) == 120
        stage.ui.codes.clear()
        stage.events.load_older(LI)
        assert (stage.node.take(), stage.ui.codes) == ([], ["load_older"])

    def test_what_was_read_once_is_there_without_a_node(self, stage: Stage) -> None:
        begin(stage, last_seq=120)
        self.serve(stage, 120)
        stage.events.load_older(LI)
        self.serve(stage, 120)
        stage.end()
        stage.begin().ui.select(LI)
        assert len(stage.ui.texts(LI)) == PAGE
        stage.events.load_older(LI)
        assert len(stage.ui.texts(LI)) == 100
        stage.ui.codes.clear()
        stage.events.load_older(LI)
        assert stage.ui.codes == ["load_older OFFLINE"]
        assert stage.ui.messages(LI).has_older

    def test_what_could_not_be_read_without_a_node_is_read_when_it_is_back(self, stage: Stage) -> None:
        begin(stage, last_seq=120)
        self.serve(stage, 120)
        stage.node.lose()
        stage.events.load_older(LI)
        assert stage.ui.codes[-1] == "load_older OFFLINE"
        stage.reactor.advance(3)
        stage.node.log_in(friends=(friend(),), talks=(talk(last_seq=120),))
        self.serve(stage, 120)
        assert len(stage.ui.texts(LI)) == 100

    def test_asking_twice_reads_once(self, stage: Stage) -> None:
        begin(stage, last_seq=120)
        self.serve(stage, 120)
        stage.events.load_older(LI)
        stage.events.load_older(LI)
        stage.node.take_one(HistoryRequest)

    def test_messages_that_come_while_older_ones_are_read_keep_their_place(self, stage: Stage) -> None:
        begin(stage, last_seq=3)
        requests = [request for request in stage.node.take() if isinstance(request, HistoryRequest)]
        stage.node.say(push(4))
        for request in requests:
            self.give(stage, request, 4)
        assert stage.ui.texts(LI) == [f"text {seq}" for seq in (1, 2, 3, 4)]

    def test_a_page_of_recalls_leads_to_the_next_one(self, stage: Stage) -> None:
        begin(stage, last_seq=102)
        recalls = [attrs.evolve(record(seq), msg_type=5, msg_text="", target_seq=1) for seq in range(53, 103)]
        for request in stage.node.take():
            assert isinstance(request, HistoryRequest)
            stage.node.say(_page(request, tuple(recalls), has_more=True))
        self.serve(stage, 52)
        assert [stage.ui.messages(LI).messages[0].seq, the_last(stage).seq] == [3, 52]

    def test_a_long_conversation_is_short_again_when_the_reader_comes_back(self, stage: Stage) -> None:
        begin(stage, talks=(talk(), talk("wang")))
        for seq in range(1, LONG + 2):
            stage.node.say(push(seq))
        stage.ui.select(WANG)
        assert len(stage.ui.texts(LI)) == PAGE
        stage.node.say(push(LONG + 2))
        stage.ui.select(LI)
        assert (len(stage.ui.texts(LI)), the_last(stage).seq) == (PAGE, LONG + 2)

    def test_another_history_of_the_node_leaves_only_what_the_user_wrote(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1))
        stage.node.lose()
        stage.events.send(LI, "mine")
        stage.reactor.advance(3)
        stage.node.log_in(epoch="e2", friends=(friend(),), talks=(talk(),))
        assert states(stage) == [("mine", Sending.SENDING)]


class TestGroupEvents:
    def say(self, stage: Stage, seq: int, text: str) -> Message:
        stage.node.say(attrs.evolve(group_push(seq), msg_type=4, msg_text=text))
        return stage.ui.messages(TEAM).messages[-1]

    def test_they_tell_who_did_what_to_whom(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk(), talk("g1", talk_type=1)))
        stage.ui.select(TEAM)
        told = {"event": "joined", "user_ids": ["li", "x"], "name": "Team"}
        event = self.say(stage, 1, json.dumps(told)).event
        assert event is not None
        assert (event.event, event.actor_name, event.names) == ("joined", "Wang", ("Li", "x"))

    def test_what_cannot_be_read_is_a_change(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk(), talk("g1", talk_type=1)))
        stage.ui.select(TEAM)
        odd = (
            "",
            "[",
            "[1]",
            '{"event": 3}',
            '{"event": "x", "user_ids": 7}',
            '{"user_ids": [[]], "name": []}',
            "[" * 9999,
        )
        for seq, text in enumerate(odd, 1):
            event = self.say(stage, seq, text).event
            assert event is not None and (event.event, event.names) == ("updated", ())

    def test_people_are_called_by_name_once_the_members_are_known(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk(), talk("g1", talk_type=1)))
        stage.ui.select(TEAM)
        self.say(stage, 1, json.dumps({"event": "removed", "user_ids": ["zhao"]}))
        request = next(packet for packet in stage.node.take() if isinstance(packet, GroupMembersRequest))
        stage.node.answer(request, _members(("zhao", "Zhao"), ("wang", "Wang Wu")))
        event = stage.ui.messages(TEAM).messages[-1].event
        assert event is not None and (event.names, event.actor_name) == (("Zhao",), "Wang Wu")


def _members(*people: tuple[str, str]) -> Any:
    members = tuple(
        MemberRecord(user_id=user_id, nickname=name, avatar="", role=0) for user_id, name in people
    )
    return GroupMembersResponse(rid=0, group_id="g1", members=members)


def _page(request: HistoryRequest, messages: tuple[MessageRecord, ...], *, has_more: bool) -> HistoryResponse:
    return HistoryResponse(
        rid=request.rid,
        talk_type=request.talk_type,
        talk_id=request.talk_id,
        messages=messages,
        has_more=has_more,
    )
