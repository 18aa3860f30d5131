"""What a client knows follows pushes and the answers to its requests."""

from typing import Any

import attrs
from twisted.trial.unittest import SynchronousTestCase

from naivechat.client import NotConnected, RequestRefused, TalkKey
from naivechat.protocol import friend as friends
from naivechat.protocol import group as groups
from naivechat.protocol import message as messages
from naivechat.protocol import profile
from naivechat.protocol import talk as talks
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import OkResponse
from tests.unit.client.fake_node import NOW_MS, FakeNode, friend, group_push, push, talk

LI = TalkKey(0, "li")
GROUP = groups.GroupRecord(group_id="g1", name="Team", avatar="", notice="", owner_id="me", member_count=2)
ASKED = friends.AskedRecord(
    user=UserRecord(user_id="zhao", nickname="Zhao", avatar=""), greeting="hi", asked_at=NOW_MS
)


def notice(event: Any, *user_ids: str, group: groups.GroupRecord = GROUP) -> groups.GroupNotice:
    return groups.GroupNotice(rid=0, event=event, group=group, user_ids=user_ids, by="li")


class StateTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = FakeNode().start(
            friends=(friend(),), groups=(GROUP,), asked=(ASKED,), talks=(talk(), talk("g1", talk_type=1))
        )
        self.client = self.node.client
        self.state = self.client.state

    def do(self, coroutine: Any, kind: type, answer: Any = None) -> tuple[Any, Any]:
        """Let a command run, give its one request this answer (Ok); the result and the request."""
        done = self.node.run(coroutine)
        request = self.node.take_one(kind)
        self.node.answer(request, answer or OkResponse(rid=0))
        return self.successResultOf(done), request


class PushTests(StateTests):
    def test_a_message_moves_its_talk_up_and_counts(self) -> None:
        self.node.say(push(1, sent_at=NOW_MS + 5))
        li = self.state.talks[LI]
        self.assertEqual((li.talk_sketch, li.last_seq, li.unread), ("text 1", 1, 1))
        self.assertEqual(self.state.talk_list[0], li)

    def test_pinned_talks_stand_first(self) -> None:
        self.state.talk_changed(TalkKey(1, "g1"), pinned=True)
        self.node.say(push(1, sent_at=NOW_MS + 5))
        self.assertEqual([t.talk_id for t in self.state.talk_list], ["g1", "li"])

    def test_a_message_brings_an_unlisted_talk_back(self) -> None:
        self.state.talk_removed(LI)
        self.state.talk_removed(TalkKey(1, "g1"))
        self.node.say(push(1), group_push(1), push(1, "stranger"))
        names = [t.talk_name for t in self.state.talks.values()]
        self.assertEqual(names, ["Li", "Team", "stranger"])

    def test_reading_on_another_device_counts_down(self) -> None:
        self.node.say(push(1), push(2))
        self.node.say(messages.ReadNotice(talk_type=0, talk_id="li", user_id="li", seq=2))
        self.assertEqual(self.state.talks[LI].unread, 2)
        self.node.say(messages.ReadNotice(talk_type=0, talk_id="li", user_id="me", seq=1))
        self.assertEqual((self.state.talks[LI].unread, self.state.talks[LI].read_seq), (1, 1))

    def test_friends_come_go_and_change(self) -> None:
        self.node.say(friends.PresenceNotice(user_id="li", online=True))
        self.assertTrue(self.state.friends["li"].online)
        self.node.say(profile.ProfileNotice(user=UserRecord(user_id="li", nickname="Li Lei", avatar="cat")))
        self.assertEqual((self.state.name_of("li"), self.state.talks[LI].talk_name), ("Li Lei", "Li Lei"))
        self.node.say(friends.FriendRemovedNotice(user_id="li"))
        self.assertEqual((self.state.friends, LI in self.state.talks), ({}, False))
        self.node.say(friends.AddFriendResponse(rid=0, friend=friend("zhao")))
        self.assertEqual((list(self.state.friends), self.state.asked), (["zhao"], {}))
        self.node.say(friends.FriendAskedNotice(asked=ASKED))
        self.assertEqual(list(self.state.asked), ["zhao"])

    def test_an_own_profile_changed_elsewhere_is_known(self) -> None:
        self.node.say(profile.ProfileNotice(user=UserRecord(user_id="me", nickname="Myself", avatar="")))
        self.assertEqual(self.state.name_of("me"), "Myself")

    def test_an_opened_talk_is_listed_and_what_is_missing_fetched(self) -> None:
        heard: list[Any] = []
        self.client.on(talks.TalkNoticeResponse, heard.append)
        self.node.say(talks.TalkNoticeResponse(rid=0, talk=talk(last_seq=1)))
        self.assertEqual((self.state.talks[LI].last_seq, len(heard)), (1, 1))
        self.node.take_one(messages.HistoryRequest)

    def test_groups_follow_their_notices(self) -> None:
        renamed = attrs.evolve(GROUP, name="Crew")
        self.node.say(notice("updated", group=renamed))
        self.assertEqual(self.state.talks[TalkKey(1, "g1")].talk_name, "Crew")
        self.node.say(notice("left", "li"))
        self.assertIn("g1", self.state.groups)
        self.node.say(notice("removed", "me"))
        self.assertEqual((self.state.groups, TalkKey(1, "g1") in self.state.talks), ({}, False))
        self.node.say(notice("joined", "me"))
        self.node.say(notice("dissolved"))
        self.assertEqual(self.state.groups, {})

    def test_people_in_groups_are_called_as_the_push_says(self) -> None:
        self.node.say(group_push(1, name="Wang Wu"))
        self.assertEqual(self.state.name_of("wang"), "Wang Wu")
        self.assertEqual(self.state.name_of("nobody"), "nobody")


class CommandTests(StateTests):
    def test_history_gives_a_page(self) -> None:
        page = messages.HistoryResponse(rid=0, talk_type=0, talk_id="li", messages=(), has_more=False)
        result, request = self.do(self.client.history(0, "li", before_seq=9), messages.HistoryRequest, page)
        self.assertEqual((result.messages, request.before_seq, request.limit), ((), 9, 20))

    def test_reading_counts_down(self) -> None:
        self.node.say(push(1), push(2))
        self.do(self.client.read(0, "li", 2), messages.ReadRequest)
        self.assertEqual(self.state.talks[LI].unread, 0)

    def test_typing_is_said(self) -> None:
        _, request = self.do(self.client.typing(0, "li"), messages.TypingRequest)
        self.assertEqual(request.talk_id, "li")

    def test_talks_are_opened_flagged_and_deleted(self) -> None:
        answer = talks.TalkNoticeResponse(rid=0, talk=talk("zhao"))
        opened, _ = self.do(self.client.open_talk(0, "zhao"), talks.TalkNoticeRequest, answer)
        self.assertEqual(self.state.talks[TalkKey(0, "zhao")], opened)
        self.do(self.client.set_talk(0, "zhao", pinned=True), talks.SetTalkRequest)
        self.assertEqual(self.state.talk_list[0].talk_id, "zhao")
        self.do(self.client.delete_talk(0, "zhao"), talks.DelTalkRequest)
        self.assertNotIn(TalkKey(0, "zhao"), self.state.talks)

    def test_people_are_found_and_befriended(self) -> None:
        found = friends.SearchFriendResponse(rid=0, users=(), has_more=False)
        result, request = self.do(self.client.search("zh"), friends.SearchFriendRequest, found)
        self.assertEqual((result.users, request.search_key), ((), "zh"))
        added = friends.AddFriendResponse(rid=0, friend=friend("qian"))
        result, _ = self.do(self.client.add_friend("qian", "hi"), friends.AddFriendRequest, added)
        self.assertEqual((result.user_id, "qian" in self.state.friends), ("qian", True))
        self.assertIsNone(self.do(self.client.add_friend("sun"), friends.AddFriendRequest)[0])

    def test_requests_are_answered(self) -> None:
        self.assertIsNone(self.do(self.client.answer_friend("zhao", False), friends.AnswerFriendRequest)[0])
        self.assertEqual(self.state.asked, {})
        added = friends.AddFriendResponse(rid=0, friend=friend("zhao"))
        result, _ = self.do(self.client.answer_friend("zhao", True), friends.AnswerFriendRequest, added)
        self.assertEqual(result.user_id, "zhao")

    def test_friends_are_renamed_and_removed(self) -> None:
        self.do(self.client.set_remark("li", "Lili"), friends.SetRemarkRequest)
        self.assertEqual(self.state.talks[LI].talk_name, "Lili")
        self.do(self.client.remove_friend("li"), friends.DelFriendRequest)
        self.assertEqual(self.state.friends, {})

    def test_groups_are_changed(self) -> None:
        commands: list[tuple[Any, type]] = [
            (self.client.create_group("Team", ["li"]), groups.CreateGroupRequest),
            (self.client.invite("g1", ["li"]), groups.InviteGroupRequest),
            (self.client.remove_member("g1", "li"), groups.RemoveMemberRequest),
            (self.client.update_group("g1", name="Crew"), groups.UpdateGroupRequest),
            (self.client.set_role("g1", "li", 1), groups.SetRoleRequest),
        ]
        for command, kind in commands:
            self.assertEqual(self.do(command, kind, notice("updated"))[0], GROUP)
        self.do(self.client.leave_group("g1"), groups.LeaveGroupRequest, notice("left", "me"))
        self.assertEqual(self.state.groups, {})
        self.do(self.client.dissolve("g1"), groups.DissolveGroupRequest, notice("dissolved"))

    def test_members_are_listed_and_their_names_known(self) -> None:
        member = groups.MemberRecord(user_id="wang", nickname="Wang", avatar="", role=0)
        answer = groups.GroupMembersResponse(rid=0, group_id="g1", members=(member,))
        result, _ = self.do(self.client.members("g1"), groups.GroupMembersRequest, answer)
        self.assertEqual((result, self.state.name_of("wang")), ((member,), "Wang"))

    def test_the_profile_and_the_password_are_changed(self) -> None:
        self.do(self.client.update_profile(nickname="Myself"), profile.UpdateProfileRequest)
        self.assertEqual(self.state.user, UserRecord(user_id="me", nickname="Myself", avatar=""))
        _, request = self.do(self.client.change_password("old", "new pass"), profile.ChangePasswordRequest)
        self.assertEqual(request.new_password, "new pass")

    def test_sync_asks_from_the_last_time_on(self) -> None:
        page = talks.SyncResponse(
            rid=0,
            epoch="e1",
            server_time=NOW_MS + 9,
            talks=(),
            has_more=False,
            groups=(),
            friends=(),
            asked=(),
        )
        _, request = self.do(self.client.sync(), talks.SyncRequest, page)
        self.assertEqual((request.since, self.state.server_time_ms), (NOW_MS - 60_000, NOW_MS + 9))

    def test_a_refusal_is_raised_with_its_code(self) -> None:
        done = self.node.run(self.client.typing(0, "nobody"))
        self.node.refuse_request(self.node.take_one(messages.TypingRequest), "NOT_FRIEND")
        self.assertEqual(self.failureResultOf(done, RequestRefused).value.code, "NOT_FRIEND")

    def test_without_a_connection_commands_fail_at_once(self) -> None:
        self.node.lose()
        self.failureResultOf(self.node.run(self.client.typing(0, "li")), NotConnected)
