"""The list of dialogues, unread counts, and which messages deserve attention."""

from typing import Any

import attrs

from naivechat.protocol.friend import AddFriendResponse, FriendRemovedNotice
from naivechat.protocol.group import GroupNotice, GroupRecord
from naivechat.protocol.message import (
    HistoryRequest,
    ReadNotice,
    ReadRequest,
    TypingNotice,
    TypingRequest,
)
from naivechat.protocol.talk import (
    DelTalkRequest,
    SetTalkRequest,
    TalkNoticeRequest,
    TalkNoticeResponse,
)
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import NOW_MS, friend, group_push, push, talk
from tests.unit.tkclient.logic.stage import LI, TEAM, WANG, Stage

GROUP = GroupRecord(group_id="g1", name="Team", avatar="", notice="", owner_id="li", member_count=2)
NEW_MS = NOW_MS + 60_000


def begin(stage: Stage, *talks: Any, **login: Any) -> Stage:
    login = {"friends": (friend(),), "groups": (GROUP,)} | login
    return stage.enter(remember=True, talks=talks or (talk(),), **login)


def one(stage: Stage, kind: type) -> Any:
    """The one request of this kind since the last look."""
    (request,) = [packet for packet in stage.node.take() if isinstance(packet, kind)]
    return request


def notice(event: Any, *user_ids: str, by: str = "li", group: GroupRecord = GROUP) -> GroupNotice:
    return GroupNotice(rid=0, event=event, group=group, user_ids=user_ids, by=by)


class TestReading:
    def test_what_is_seen_is_read_at_once_and_the_node_is_told(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1), push(2))
        assert (stage.ui.talks[LI].unread, stage.ui.unread) == (2, 2)
        stage.events.mark_read(LI)
        assert stage.ui.talks[LI].unread == 0
        assert one(stage, ReadRequest).seq == 2
        stage.events.mark_read(LI)
        stage.events.mark_read(WANG)
        assert stage.node.take() == []

    def test_what_was_read_without_a_node_does_not_come_back(self, stage: Stage) -> None:
        begin(stage, talk(last_seq=2, unread=2))
        stage.node.lose()
        stage.events.mark_read(LI)
        stage.end()
        stage.begin()
        assert stage.ui.talks[LI].unread == 0
        stage.node.log_in(friends=(friend(),), talks=(talk(last_seq=2, unread=2),))
        assert stage.ui.talks[LI].unread == 0
        assert one(stage, ReadRequest).seq == 2

    def test_what_is_read_elsewhere_is_read_here(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1), push(2))
        stage.node.say(ReadNotice(talk_type=0, talk_id="li", user_id="me", seq=1))
        assert stage.ui.talks[LI].unread == 1
        stage.node.say(ReadNotice(talk_type=0, talk_id="li", user_id="li", seq=2))
        assert stage.ui.talks[LI].unread == 1

    def test_the_count_is_the_nodes(self, stage: Stage) -> None:
        begin(stage, talk(last_seq=150, unread=100))
        assert stage.ui.talks[LI].unread == 100


class TestTheList:
    def test_opening_a_dialogue_lists_and_selects_it(self, stage: Stage) -> None:
        begin(stage)
        stage.events.open_talk(WANG)
        assert stage.ui.selected is None
        request = one(stage, TalkNoticeRequest)
        stage.node.answer(request, TalkNoticeResponse(rid=0, talk=talk("wang", talk_date=NEW_MS)))
        assert (stage.ui.selected, stage.ui.rows[0].key, stage.ui.codes) == (WANG, WANG, ["open_talk"])

    def test_one_that_is_listed_is_selected_at_once_and_comes_to_the_top(self, stage: Stage) -> None:
        begin(stage, talk(), talk("wang", talk_date=NEW_MS - 1))
        stage.events.open_talk(LI)
        assert stage.ui.selected == LI
        request = one(stage, TalkNoticeRequest)
        stage.ui.select(WANG)
        stage.node.answer(request, TalkNoticeResponse(rid=0, talk=talk(talk_date=NEW_MS)))
        assert (stage.ui.selected, stage.ui.rows[0].key) == (WANG, LI)

    def test_an_answer_that_comes_late_does_not_take_the_reader_away(self, stage: Stage) -> None:
        begin(stage)
        stage.events.open_talk(WANG)
        request = one(stage, TalkNoticeRequest)
        stage.ui.select(LI)
        stage.node.answer(request, TalkNoticeResponse(rid=0, talk=talk("wang")))
        assert (stage.ui.selected, WANG in stage.ui.talks) == (LI, True)

    def test_a_dialogue_that_cannot_be_opened_is_said(self, stage: Stage) -> None:
        begin(stage)
        stage.events.open_talk(WANG)
        stage.node.refuse_request(one(stage, TalkNoticeRequest), "NOT_FRIEND")
        assert (stage.ui.codes, stage.ui.selected) == (["open_talk NOT_FRIEND"], None)

    def test_a_dialogue_opened_by_the_other_side_changes_no_panel(self, stage: Stage) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.node.say(TalkNoticeResponse(rid=0, talk=talk("wang")))
        assert (stage.ui.selected, len(stage.ui.rows)) == (LI, 2)

    def test_deleting_takes_the_row_and_the_panel_and_the_next_message_brings_it_back(
        self, stage: Stage
    ) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.events.delete_talk(LI)
        stage.node.ok(one(stage, DelTalkRequest))
        assert (stage.ui.talks, stage.ui.selected, stage.ui.codes) == ({}, None, ["delete_talk"])
        stage.node.say(push(1))
        assert [row.key for row in stage.ui.rows] == [LI]

    def test_pinned_ones_stand_first_and_muted_ones_do_not_count(self, stage: Stage) -> None:
        begin(stage, talk(), talk("wang", talk_date=NEW_MS))
        stage.events.pin_talk(LI, True)
        stage.node.ok(one(stage, SetTalkRequest))
        stage.events.mute_talk(WANG, True)
        stage.node.ok(one(stage, SetTalkRequest))
        stage.node.say(push(1, "wang"))
        assert ([row.key for row in stage.ui.rows], stage.ui.unread) == ([LI, WANG], 0)
        assert stage.ui.codes == ["pin_talk", "mute_talk"]

    def test_without_a_node_it_is_said(self, stage: Stage) -> None:
        begin(stage)
        stage.node.lose()
        stage.events.pin_talk(LI, True)
        assert (stage.ui.codes, stage.ui.talks[LI].is_pinned) == (["pin_talk OFFLINE"], False)

    def test_a_dialogue_deleted_on_another_device_is_gone_after_the_next_login(self, stage: Stage) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.reconnect(friends=(friend(),))
        assert (stage.ui.talks, stage.ui.selected) == ({}, None)

    def test_drafts_are_there_after_a_restart(self, stage: Stage) -> None:
        begin(stage).events.keep_draft(LI, "typ")
        stage.events.keep_draft(LI, "typed")
        stage.end()
        assert stage.begin().ui.drafts == {LI: "typed"}
        stage.events.keep_draft(LI, "")
        stage.end()
        assert stage.begin().ui.drafts == {}

    def test_the_last_message_is_read_ahead_and_until_then_the_sketch_is_shown(self, stage: Stage) -> None:
        begin(stage, talk(last_seq=3, talk_sketch="text 3"))
        row = stage.ui.talks[LI]
        assert (row.sketch, row.last) == ("text 3", None)
        request = one(stage, HistoryRequest)
        give_history(stage.node, attrs.evolve(request, before_seq=4), 3)
        last = stage.ui.talks[LI].last
        assert last is not None and (last.text, last.seq) == ("text 3", 3)

    def test_while_later_ones_are_missing_the_sketch_is_shown(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1))
        stage.reconnect(friends=(friend(),), talks=(talk(last_seq=3, talk_sketch="text 3"),))
        row = stage.ui.talks[LI]
        assert (row.sketch, row.last) == ("text 3", None)


class TestEndedDialogues:
    def test_who_was_unfriended_cannot_write_and_can_still_read(self, stage: Stage) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.node.say(push(1))
        stage.node.say(FriendRemovedNotice(user_id="li"))
        assert (stage.ui.friends, stage.ui.talks[LI].can_write, stage.ui.selected) == ({}, False, LI)
        stage.end()
        stage.begin().ui.select(LI)
        assert (stage.ui.texts(LI), stage.ui.talks[LI].can_write) == (["text 1"], False)
        stage.node.log_in()
        assert stage.ui.selected == LI
        stage.events.load_older(LI)
        assert stage.node.take() == []
        stage.events.delete_talk(LI)
        assert (stage.ui.talks, stage.node.take()) == ({}, [])

    def test_a_friend_again_can_be_written_to(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(FriendRemovedNotice(user_id="li"))
        stage.node.say(AddFriendResponse(rid=0, friend=friend()))
        assert (stage.ui.talks[LI].can_write, list(stage.ui.friends)) == (True, ["li"])

    def test_who_was_removed_from_a_group_cannot_write(self, stage: Stage) -> None:
        begin(stage, talk("g1", talk_type=1))
        stage.node.say(notice("removed", "me"))
        assert (stage.ui.groups, stage.ui.talks[TEAM].can_write) == ({}, False)
        assert stage.ui.talks[TEAM].name == "g1"

    def test_a_group_that_was_dissolved_while_away_is_ended(self, stage: Stage) -> None:
        begin(stage, talk("g1", talk_type=1))
        stage.reconnect()
        assert (stage.ui.groups, stage.ui.talks[TEAM].can_write) == ({}, False)

    def test_only_operators_write_in_official_accounts(self, stage: Stage) -> None:
        official = attrs.evolve(GROUP, official=True)
        begin(stage, talk("g1", talk_type=1), groups=(official,))
        assert (stage.ui.talks[TEAM].is_official, stage.ui.talks[TEAM].can_write) == (True, False)
        stage.node.say(notice("updated", group=attrs.evolve(official, owner_id="me")))
        assert stage.ui.talks[TEAM].can_write


class TestAttention:
    def fresh(self, seq: int, talk_id: str = "li") -> Any:
        return push(seq, talk_id, sent_at=NEW_MS)

    def noticed(self, stage: Stage) -> list[str]:
        return [message.text for _, message in stage.ui.notified]

    def test_what_others_write_is_told_with_its_dialogue(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(self.fresh(1), self.fresh(2))
        assert [(key, message.sender_name) for key, message in stage.ui.notified] == [(LI, "Li")] * 2

    def test_own_messages_recalls_events_and_muted_dialogues_are_not(self, stage: Stage) -> None:
        begin(stage, talk(), talk("wang", muted=True))
        stage.node.say(
            attrs.evolve(self.fresh(1), sender_id="me"),
            attrs.evolve(self.fresh(2), msg_type=5, msg_text="", target_seq=1),
            self.fresh(1, "wang"),
            attrs.evolve(group_push(1), msg_type=4, sent_at=NEW_MS),
        )
        stage.settle()
        assert self.noticed(stage) == []

    def test_of_what_a_login_brings_the_last_message_of_each_dialogue_is_told(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(push(1))
        stage.reconnect(friends=(friend(),), talks=(talk(last_seq=9, unread=9),), server_time=NEW_MS)
        stage.ui.notified.clear()
        give_history(stage.node, one(stage, HistoryRequest), 9)
        assert self.noticed(stage) == []
        stage.reactor.advance(1)
        assert self.noticed(stage) == ["text 9"]

    def test_what_was_read_elsewhere_meanwhile_is_not(self, stage: Stage) -> None:
        begin(stage, server_time=NEW_MS)
        stage.node.say(push(1), push(2))
        stage.node.say(ReadNotice(talk_type=0, talk_id="li", user_id="me", seq=2))
        stage.reactor.advance(1)
        assert self.noticed(stage) == []

    def test_a_new_message_takes_the_place_of_an_older_one(self, stage: Stage) -> None:
        begin(stage, server_time=NEW_MS)
        stage.node.say(push(1), self.fresh(2))
        stage.reactor.advance(1)
        assert self.noticed(stage) == ["text 2"]


class TestTyping:
    def test_it_is_said_every_three_seconds_at_most_and_anew_after_sending(self, stage: Stage) -> None:
        begin(stage)
        counts = []
        for _ in range(8):
            stage.events.typing(LI)
            counts.append(sum(isinstance(packet, TypingRequest) for packet in stage.node.take()))
            stage.reactor.advance(0.5)
        assert counts == [1, 0, 0, 0, 0, 0, 1, 0]
        stage.events.send(LI, "hello")
        stage.node.take()
        stage.events.typing(LI)
        stage.node.ok(one(stage, TypingRequest))

    def test_who_types_is_shown_for_six_seconds_or_until_they_have_written(self, stage: Stage) -> None:
        begin(stage)
        typing = TypingNotice(talk_type=0, talk_id="li", user_id="li")
        stage.node.say(typing)
        assert stage.ui.typing == {LI: "Li"}
        stage.reactor.advance(5)
        stage.node.say(typing)
        stage.reactor.advance(5)
        assert stage.ui.typing == {LI: "Li"}
        stage.reactor.advance(1)
        assert stage.ui.typing == {}
        stage.node.say(typing, push(1))
        assert stage.ui.typing == {}

    def test_ones_own_typing_elsewhere_is_not_shown(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(TypingNotice(talk_type=0, talk_id="li", user_id="me"))
        assert stage.ui.typing == {}
