"""Friends, requests, searches, groups, and oneself."""

from typing import Any

import attrs
import pytest

from naivechat.protocol import friend as friends
from naivechat.protocol import group as groups
from naivechat.protocol.message import HistoryRequest
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import (
    ChangePasswordRequest,
    ProfileNotice,
    UpdateProfileRequest,
    UserRecord,
)
from naivechat.protocol.session import OkResponse
from naivechat.protocol.talk import TalkNoticeRequest, TalkNoticeResponse
from tests.unit.client.fake_log import give_history
from tests.unit.client.fake_node import NOW_MS, friend, push, talk
from tests.unit.tkclient.logic.stage import LI, TEAM, Stage
from tkclient.model.people import FoundStatus, Role
from tkclient.model.preferences import Preferences

ZHAO = UserRecord(user_id="zhao", nickname="Zhao", avatar="cat")
ASKED = friends.AskedRecord(user=ZHAO, greeting="hi", asked_at=NOW_MS)
GROUP = groups.GroupRecord(group_id="g1", name="Team", avatar="", notice="", owner_id="me", member_count=2)
MEMBERS = groups.GroupMembersResponse(
    rid=0,
    group_id="g1",
    members=tuple(
        groups.MemberRecord(user_id=user_id, nickname=user_id.title(), avatar="", role=role)
        for user_id, role in (("li", 0), ("sun", 1), ("me", 2))
    ),
)


def begin(stage: Stage, **login: Any) -> Stage:
    login = {"friends": (friend(),), "talks": (talk(),)} | login
    return stage.enter(**login)


def one(stage: Stage, kind: type) -> Any:
    (request,) = [packet for packet in stage.node.take() if isinstance(packet, kind)]
    return request


def answer(stage: Stage, kind: type, packet: Packet | None = None) -> Any:
    """Answer the one request of this kind (Ok); the request."""
    request = one(stage, kind)
    stage.node.answer(request, packet or OkResponse(rid=0))
    return request


def notice(
    event: Any, *user_ids: str, group: groups.GroupRecord = GROUP, by: str = "me"
) -> groups.GroupNotice:
    return groups.GroupNotice(rid=0, event=event, group=group, user_ids=user_ids, by=by)


class TestSearching:
    def found(self, *user_ids: str) -> friends.SearchFriendResponse:
        users = tuple(
            friends.FoundRecord(user_id=user_id, nickname=user_id, avatar="", status=0)
            for user_id in user_ids
        )
        return friends.SearchFriendResponse(rid=0, users=users, has_more=True)

    def test_people_are_found_and_asked(self, stage: Stage) -> None:
        begin(stage).events.search_people(" zh ")
        assert answer(stage, friends.SearchFriendRequest, self.found("zhao", "zhu")).search_key == "zh"
        assert (stage.ui.found_key, stage.ui.has_more_found) == ("zh", True)
        stage.events.add_friend("zhao", "hello")
        assert answer(stage, friends.AddFriendRequest).greeting == "hello"
        stage.events.add_friend("zhu", "")
        answer(stage, friends.AddFriendRequest, friends.AddFriendResponse(rid=0, friend=friend("zhu")))
        assert [each.status for each in stage.ui.found] == [FoundStatus.ASKED, FoundStatus.FRIEND]
        assert "zhu" in stage.ui.friends
        assert stage.ui.codes == ["search_people", "add_friend", "add_friend"]
        stage.node.say(friends.FriendRemovedNotice(user_id="zhu"))
        assert stage.ui.found[1].status is FoundStatus.ADDABLE

    def test_of_two_searches_the_last_one_is_shown(self, stage: Stage) -> None:
        begin(stage).events.search_people("zh")
        stage.events.search_people("zhu")
        first, second = stage.node.take()
        stage.node.answer(second, self.found("zhu"))
        stage.node.answer(first, self.found("zhao"))
        assert [each.person.user_id for each in stage.ui.found] == ["zhu"]
        stage.events.search_people(" ")
        assert (stage.ui.found, stage.node.take()) == ((), [])


class TestFriends:
    def test_who_asks_is_told_and_can_be_accepted_or_refused(self, stage: Stage) -> None:
        begin(stage, asked=(ASKED,))
        sun = attrs.evolve(ASKED, user=attrs.evolve(ZHAO, user_id="sun"), asked_at=NOW_MS + 1)
        stage.node.say(friends.FriendAskedNotice(asked=sun))
        assert [request.person.user_id for request in stage.ui.requests] == ["sun", "zhao"]
        stage.events.answer_friend("sun", False)
        answer(stage, friends.AnswerFriendRequest)
        stage.events.answer_friend("zhao", True)
        answer(stage, friends.AnswerFriendRequest, friends.AddFriendResponse(rid=0, friend=friend("zhao")))
        assert (stage.ui.requests, sorted(stage.ui.friends)) == ((), ["li", "zhao"])
        assert stage.ui.codes == ["answer_friend", "answer_friend"]

    def test_a_new_friend_is_told(self, stage: Stage) -> None:
        begin(stage, asked=(ASKED,))
        stage.node.say(friends.AddFriendResponse(rid=0, friend=friend("zhao")))
        assert (stage.ui.requests, sorted(stage.ui.friends)) == ((), ["li", "zhao"])

    def test_who_is_removed_goes_with_the_dialogue(self, stage: Stage) -> None:
        begin(stage).events.remove_friend("li")
        answer(stage, friends.DelFriendRequest)
        assert (stage.ui.friends, stage.ui.talks, stage.ui.codes) == ({}, {}, ["remove_friend"])

    def test_a_remark_is_the_name_everywhere(self, stage: Stage) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.node.say(push(1))
        stage.events.set_remark("li", " Boss ")
        assert answer(stage, friends.SetRemarkRequest).remark == "Boss"
        assert (stage.ui.friends["li"].name, stage.ui.talks[LI].name) == ("Boss", "Boss")
        assert stage.ui.messages(LI).messages[0].sender_name == "Boss"

    def test_who_is_there_is_shown(self, stage: Stage) -> None:
        begin(stage)
        stage.node.say(friends.PresenceNotice(user_id="li", online=True))
        assert stage.ui.friends["li"].is_online
        stage.reconnect(friends=(friend(),), talks=(talk(),))
        assert not stage.ui.friends["li"].is_online


class TestOneself:
    def test_another_name_and_picture_are_shown_everywhere(self, stage: Stage) -> None:
        begin(stage)
        stage.ui.select(LI)
        stage.events.send(LI, "hello")
        stage.node.take()
        stage.events.update_profile("Myself", "")
        request = answer(stage, UpdateProfileRequest)
        assert (request.nickname, request.avatar) == ("Myself", None)
        assert (stage.ui.user.nickname, stage.ui.messages(LI).messages[0].sender_name) == ("Myself", "Myself")
        stage.node.say(ProfileNotice(user=UserRecord(user_id="me", nickname="Other", avatar="dog")))
        assert (stage.ui.user.nickname, stage.ui.user.avatar) == ("Other", "dog")

    def test_a_wrong_password_is_said(self, stage: Stage) -> None:
        begin(stage).events.change_password("wrong", "new secret")
        stage.node.refuse_request(one(stage, ChangePasswordRequest), "AUTH_FAILED", 500)
        (outcome,) = stage.ui.outcomes
        assert (outcome.code, outcome.retry_after_ms) == ("AUTH_FAILED", 500)

    def test_choices_are_kept(self, stage: Stage) -> None:
        chosen = Preferences(sound=False)
        begin(stage).events.set_preferences(chosen)
        assert (stage.ui.preferences, stage.choices.preferences) == (chosen, chosen)


class TestGroups:
    def test_a_new_group_is_opened(self, stage: Stage) -> None:
        begin(stage).events.create_group("Team", ("li",))
        answer(stage, groups.CreateGroupRequest, notice("created", "me", "li"))
        members, opening = stage.node.take()
        assert isinstance(opening, TalkNoticeRequest)
        stage.node.answer(members, MEMBERS)
        stage.node.answer(opening, TalkNoticeResponse(rid=0, talk=talk("g1", 1, talk_type=1)))
        assert (stage.ui.selected, stage.ui.talks[TEAM].name, stage.ui.codes) == (
            TEAM,
            "Team",
            ["create_group"],
        )
        roles = [(member.person.user_id, member.role) for member in stage.ui.groups["g1"].members]
        assert roles == [("me", Role.OWNER), ("sun", Role.ADMIN), ("li", Role.MEMBER)]

    def test_members_are_asked_for_once_when_a_group_comes_on_the_screen(self, stage: Stage) -> None:
        big = attrs.evolve(GROUP, member_count=2_000)
        begin(stage, groups=(big,), talks=(talk(), talk("g1", talk_type=1)))
        assert stage.node.take() == []
        stage.ui.select(TEAM)
        stage.ui.select(LI)
        stage.ui.select(TEAM)
        answer(stage, groups.GroupMembersRequest, MEMBERS)
        stage.ui.select(LI)
        stage.ui.select(TEAM)
        assert stage.node.take() == []
        assert len(stage.ui.groups["g1"].members) == 3

    def test_members_of_listed_groups_are_read_ahead_and_kept(self, stage: Stage) -> None:
        stage.enter(remember=True, groups=(GROUP,), talks=(talk("g1", talk_type=1),))
        answer(stage, groups.GroupMembersRequest, MEMBERS)
        stage.end()
        assert len(stage.begin().ui.groups["g1"].members) == 3

    def test_what_others_do_is_followed(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk("g1", talk_type=1),))
        answer(stage, groups.GroupMembersRequest, MEMBERS)
        stage.node.say(notice("updated", by="li", group=attrs.evolve(GROUP, name="Crew", notice="Hear!")))
        assert (stage.ui.groups["g1"].notice, stage.ui.talks[TEAM].name) == ("Hear!", "Crew")
        fewer = attrs.evolve(MEMBERS, members=MEMBERS.members[1:])
        answer(stage, groups.GroupMembersRequest, fewer)
        assert len(stage.ui.groups["g1"].members) == 2
        stage.events.load_members("g1")
        answer(stage, groups.GroupMembersRequest, MEMBERS)
        assert (len(stage.ui.groups["g1"].members), stage.ui.codes) == (3, ["load_members"])

    def test_a_change_while_members_are_read_has_them_read_again(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk("g1", talk_type=1),))
        first = one(stage, groups.GroupMembersRequest)
        stage.ui.select(TEAM)
        stage.events.load_members("g1")
        assert stage.node.take() == []
        stage.node.answer(first, attrs.evolve(MEMBERS, members=MEMBERS.members[1:]))
        answer(stage, groups.GroupMembersRequest, MEMBERS)
        assert len(stage.ui.groups["g1"].members) == 3

    @pytest.mark.parametrize(
        ("way", "arguments", "kind", "event"),
        [
            ("invite", (("sun",),), groups.InviteGroupRequest, "joined"),
            ("remove_member", ("sun",), groups.RemoveMemberRequest, "removed"),
            ("rename_group", ("Crew",), groups.UpdateGroupRequest, "updated"),
            ("set_notice", ("Hear!",), groups.UpdateGroupRequest, "updated"),
            ("set_role", ("sun", 1), groups.SetRoleRequest, "role"),
        ],
    )
    def test_what_the_user_does_is_shown_in_the_dialogue(
        self, stage: Stage, way: str, arguments: tuple[Any, ...], kind: type, event: str
    ) -> None:
        begin(stage, groups=(GROUP,), talks=(talk("g1", talk_type=1),))
        stage.ui.select(TEAM)
        getattr(stage.events, way)("g1", *arguments)
        answer(stage, kind, notice(event, "sun"))
        (request,) = [packet for packet in stage.node.take() if isinstance(packet, HistoryRequest)]
        give_history(stage.node, attrs.evolve(request, after_seq=0), 1)
        assert (stage.ui.texts(TEAM), stage.ui.codes) == (["text 1"], [way])

    @pytest.mark.parametrize(
        ("way", "kind", "event"),
        [
            ("leave_group", groups.LeaveGroupRequest, "left"),
            ("dissolve_group", groups.DissolveGroupRequest, "dissolved"),
        ],
    )
    def test_a_group_that_the_user_ends_is_gone(self, stage: Stage, way: str, kind: type, event: str) -> None:
        begin(stage, groups=(GROUP,), talks=(talk("g1", talk_type=1),))
        stage.ui.select(TEAM)
        getattr(stage.events, way)("g1")
        answer(stage, kind, notice(event, "me"))
        assert (stage.ui.groups, stage.ui.talks, stage.ui.selected) == ({}, {}, None)
        assert stage.ui.codes == [way]

    def test_what_one_may_not_do_is_said(self, stage: Stage) -> None:
        begin(stage, groups=(GROUP,), talks=(talk("g1", talk_type=1),)).events.rename_group("g1", "Crew")
        stage.node.refuse_request(one(stage, groups.UpdateGroupRequest), "FORBIDDEN")
        assert stage.ui.codes == ["rename_group FORBIDDEN"]
