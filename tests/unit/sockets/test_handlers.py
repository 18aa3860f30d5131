"""Every command: what is asked, what is answered, what others hear."""

import json
from typing import Any

import pytest

from naivechat.domain import errors
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.talk import TalkType
from naivechat.protocol.command import REQUESTS
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.friend import (
    AddFriendRequest,
    AddFriendResponse,
    AnswerFriendRequest,
    DelFriendRequest,
    FriendAskedNotice,
    FriendRemovedNotice,
    SearchFriendRequest,
    SetRemarkRequest,
)
from naivechat.protocol.group import (
    CreateGroupRequest,
    DissolveGroupRequest,
    GroupMembersRequest,
    GroupNotice,
    InviteGroupRequest,
    LeaveGroupRequest,
    RemoveMemberRequest,
    SetRoleRequest,
    UpdateGroupRequest,
)
from naivechat.protocol.message import (
    HistoryRequest,
    MsgAckResponse,
    MsgGroupRequest,
    MsgGroupResponse,
    MsgResponse,
    ReadNotice,
    ReadRequest,
    RecallRequest,
    TypingNotice,
    TypingRequest,
)
from naivechat.protocol.profile import ChangePasswordRequest, ProfileNotice, UpdateProfileRequest
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    KickedNotice,
    OkResponse,
    RegisterRequest,
)
from naivechat.protocol.talk import (
    DelTalkRequest,
    SetTalkRequest,
    SyncRequest,
    TalkNoticeRequest,
    TalkNoticeResponse,
)
from tests.unit.sockets.node import PASSWORD, Client, MemoryNode, befriending, text_to, uuid

FRIEND, GROUP = int(TalkType.FRIEND), int(TalkType.GROUP)


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def to_group(number: int, text: str = "hello") -> MsgGroupRequest:
    return MsgGroupRequest(rid=0, group_id="g1", msg_uuid=uuid(number), msg_type=0, msg_text=text)


def make_group(owner: Client, *member_ids: str) -> GroupNotice:
    notice = owner.request(CreateGroupRequest(rid=0, name="Walkers", member_ids=member_ids))
    assert isinstance(notice, GroupNotice)
    return notice


def heard(client: Client) -> list[tuple[str, Any]]:
    """What somebody received, in short."""
    return [(type(packet).__name__, getattr(packet, "event", None)) for packet in client.take()]


# ---- the table


def test_every_request_of_the_protocol_has_a_handler(node: MemoryNode) -> None:
    assert node.factory.commands == REQUESTS


def test_every_error_of_the_domain_has_its_code_on_the_wire() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ChatError)
    ]
    assert len(kinds) > 10
    assert {kind.code for kind in kinds} <= {code.value for code in ErrorCode}


def test_a_heartbeat_tells_the_nodes_time(node: MemoryNode) -> None:
    assert node.connect().request(HeartbeatRequest(rid=0)).server_time == node.wall_clock()


def test_a_name_is_taken_once(node: MemoryNode) -> None:
    node.register("ann")
    request = RegisterRequest(
        rid=0, protocol=1, user_id="ann", password=PASSWORD, nickname="Ann", avatar="cat"
    )
    assert node.connect().request(request).code == "USER_EXISTS"


# ---- messages


def test_a_message_is_acked_and_reaches_the_friend_and_ones_other_devices(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("ann", device="phone")
    ack = ann.request(text_to("bob", 1, "hi"))
    assert (ack.talk_type, ack.talk_id, ack.seq, ack.duplicate, ack.msg_uuid) == (
        FRIEND,
        "bob",
        1,
        False,
        uuid(1),
    )
    (push,) = bob.take()
    assert (push.talk_id, push.sender_id, push.msg_text, push.seq) == ("ann", "ann", "hi", 1)
    (push,) = phone.take()
    assert (push.talk_id, push.sender_id) == ("bob", "ann")
    assert ann.take() == []


def test_a_resend_is_acked_as_a_duplicate_and_pushed_to_nobody(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    ann.request(text_to("bob"))
    bob.take()
    again = ann.request(text_to("bob"))
    assert (again.seq, again.duplicate) == (1, True)
    assert bob.take() == []


def test_strangers_are_refused(node: MemoryNode) -> None:
    ann = node.person("ann")
    node.person("bob")
    assert ann.request(text_to("bob")).code == "NOT_FRIEND"
    assert ann.request(text_to("nobody")).code == "NOT_FRIEND"
    assert ann.request(text_to("ann")).code == "NOT_FRIEND"
    assert ann.request(to_group(1)).code == "NOT_MEMBER"


def test_a_message_to_a_group_reaches_every_device_but_the_sending_one(node: MemoryNode) -> None:
    ann, bob, cid = node.people("ann bob cid")
    make_group(ann, "bob")
    phone = node.person("ann", device="phone")
    for client in (ann, bob, cid):
        client.take()
    ack = ann.request(to_group(1))
    assert (ack.talk_type, ack.talk_id, ack.seq) == (GROUP, "g1", 2)
    for client in (bob, phone):
        (push,) = client.take()
        assert isinstance(push, MsgGroupResponse)
        assert (push.talk_id, push.sender_name, push.seq) == ("g1", "Ann", 2)
    assert cid.take() == []
    ann.send(to_group(2))
    assert [type(packet) for packet in ann.take()] == [MsgAckResponse]


def test_a_recall_is_a_message_and_history_shows_it(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    ann.request(text_to("bob", 1))
    bob.take()
    ack = ann.request(RecallRequest(rid=0, talk_type=FRIEND, talk_id="bob", seq=1, msg_uuid=uuid(2)))
    assert (ack.seq, ack.msg_uuid, ack.duplicate) == (2, uuid(2), False)
    (push,) = bob.take()
    assert (push.msg_type, push.target_seq, push.msg_text) == (5, 1, "")
    again = ann.request(RecallRequest(rid=0, talk_type=FRIEND, talk_id="bob", seq=1, msg_uuid=uuid(3)))
    assert (again.seq, again.msg_uuid, again.duplicate) == (2, uuid(3), True)
    page = bob.request(HistoryRequest(rid=0, talk_type=FRIEND, talk_id="ann"))
    assert [(m.seq, m.recalled, m.msg_text) for m in page.messages] == [(1, True, ""), (2, None, "")]
    assert (page.talk_id, page.has_more) == ("ann", False)


def test_history_goes_both_ways_in_rising_seq(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    for number in range(1, 6):
        ann.request(text_to("bob", number))
    whole: dict[str, Any] = {"rid": 0, "talk_type": FRIEND, "talk_id": "bob"}
    after = ann.request(HistoryRequest(**whole, after_seq=1, limit=2))
    assert ([m.seq for m in after.messages], after.has_more) == ([2, 3], True)
    before = ann.request(HistoryRequest(**whole, before_seq=3))
    assert ([m.seq for m in before.messages], before.has_more) == ([1, 2], False)
    assert ann.request(HistoryRequest(**whole, limit=0)).code == "BAD_REQUEST"


def test_reading_is_told_to_the_friend_and_ones_other_devices(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("bob", device="phone")
    ann.request(text_to("bob"))
    bob.take(), phone.take()
    read = ReadRequest(rid=0, talk_type=FRIEND, talk_id="ann", seq=1)
    assert isinstance(bob.request(read), OkResponse)
    assert ann.take() == [ReadNotice(talk_type=FRIEND, talk_id="bob", user_id="bob", seq=1)]
    assert phone.take() == [ReadNotice(talk_type=FRIEND, talk_id="ann", user_id="bob", seq=1)]
    assert bob.request(read).rid
    assert ann.take() == []
    beyond = bob.request(ReadRequest(rid=0, talk_type=FRIEND, talk_id="ann", seq=2))
    assert beyond.code == "BAD_REQUEST" and "seq" in beyond.message


def test_reading_a_group_is_told_to_ones_other_devices_alone(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    make_group(ann, "bob")
    phone = node.person("bob", device="phone")
    ann.take(), phone.take()
    bob.request(ReadRequest(rid=0, talk_type=GROUP, talk_id="g1", seq=1))
    assert ann.take() == []
    assert [(notice.talk_id, notice.seq) for notice in phone.take()] == [("g1", 1)]


def test_typing_is_heard_by_the_others(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    make_group(ann, "bob")
    bob.take()
    for talk_type, talk_id, seen_as in ((FRIEND, "bob", "ann"), (GROUP, "g1", "g1")):
        typing = TypingRequest(rid=0, talk_type=talk_type, talk_id=talk_id)
        assert isinstance(ann.request(typing), OkResponse)
        assert bob.take() == [TypingNotice(talk_type=talk_type, talk_id=seen_as, user_id="ann")]


# ---- dialogues


def test_an_opened_dialogue_appears_on_both_lists(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    mine = ann.request(TalkNoticeRequest(rid=0, talk_type=FRIEND, talk_id="bob"))
    assert (mine.talk.talk_id, mine.talk.talk_name) == ("bob", "Bob")
    (theirs,) = bob.take()
    assert isinstance(theirs, TalkNoticeResponse)
    assert (theirs.rid, theirs.talk.talk_id) == (0, "ann")


def test_dialogues_are_pinned_muted_and_taken_off_the_list(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    ann.request(text_to("bob"))
    flags = SetTalkRequest(rid=0, talk_type=FRIEND, talk_id="bob", pinned=True)
    assert isinstance(ann.request(flags), OkResponse)
    (talk,) = ann.request(SyncRequest(rid=0)).talks
    assert (talk.pinned, talk.muted, talk.last_seq, talk.talk_sketch) == (True, False, 1, "hello")
    assert isinstance(ann.request(DelTalkRequest(rid=0, talk_type=FRIEND, talk_id="bob")), OkResponse)
    assert ann.request(SyncRequest(rid=0, since=0, offset=0)).talks == ()


def test_a_sync_holds_friends_groups_and_open_requests() -> None:
    node = MemoryNode(FriendPolicy.APPROVE)
    ann, _ = node.people("ann bob")
    make_group(ann)
    node.person("cid").request(AddFriendRequest(rid=0, friend_id="ann", greeting="It's me"))
    state = ann.request(SyncRequest(rid=0))
    assert [(friend.user_id, friend.online) for friend in state.friends] == [("bob", True)]
    assert [(group.group_id, group.official) for group in state.groups] == [("g1", None)]
    assert [(asked.user.user_id, asked.greeting) for asked in state.asked] == [("cid", "It's me")]
    assert state.server_time == node.wall_clock()


# ---- friends


def test_people_are_found_with_how_they_stand(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    node.register("bobby")
    page = ann.request(SearchFriendRequest(rid=0, search_key="bob"))
    assert [(found.user_id, found.status) for found in page.users] == [("bob", 2), ("bobby", 0)]
    assert not page.has_more
    assert ann.request(SearchFriendRequest(rid=0, search_key="b", limit=51)).code == "BAD_REQUEST"


def test_where_friendship_is_open_both_get_the_friend(node: MemoryNode) -> None:
    ann, bob = node.person("ann"), node.person("bob")
    answer = ann.request(befriending("bob"))
    assert (answer.friend.user_id, answer.friend.online) == ("bob", True)
    (push,) = bob.take()
    assert isinstance(push, AddFriendResponse)
    assert (push.rid, push.friend.user_id, push.friend.online) == (0, "ann", True)
    assert ann.request(befriending("ann")).code == "BAD_REQUEST"


def test_where_friendship_needs_approval_the_other_is_asked() -> None:
    node = MemoryNode(FriendPolicy.APPROVE)
    ann, bob = node.person("ann"), node.person("bob")
    assert isinstance(ann.request(befriending("bob")), OkResponse)
    (notice,) = bob.take()
    assert isinstance(notice, FriendAskedNotice)
    assert notice.asked.user.user_id == "ann"
    accepted = bob.request(AnswerFriendRequest(rid=0, user_id="ann", accept=True))
    assert accepted.friend.user_id == "ann"
    assert [packet.friend.user_id for packet in ann.take()] == ["bob"]


def test_of_a_refusal_the_asker_hears_nothing() -> None:
    node = MemoryNode(FriendPolicy.APPROVE)
    ann, bob = node.person("ann"), node.person("bob")
    ann.request(befriending("bob"))
    assert isinstance(bob.request(AnswerFriendRequest(rid=0, user_id="ann", accept=False)), OkResponse)
    assert ann.take() == []


def test_a_friendship_ends_both_ways(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("ann", device="phone")
    assert isinstance(ann.request(DelFriendRequest(rid=0, friend_id="bob")), OkResponse)
    assert bob.take() == [FriendRemovedNotice(user_id="ann")]
    assert phone.take() == [FriendRemovedNotice(user_id="bob")]
    assert bob.request(text_to("ann")).code == "NOT_FRIEND"


def test_a_remark_is_ones_own_name_for_a_friend(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    assert isinstance(ann.request(SetRemarkRequest(rid=0, friend_id="bob", remark="Bobby")), OkResponse)
    (friend,) = ann.request(SyncRequest(rid=0)).friends
    assert friend.remark == "Bobby"


# ---- groups


def test_a_new_group_is_told_to_its_members_before_its_first_record(node: MemoryNode) -> None:
    ann, bob, cid = node.people("ann bob cid")
    notice = make_group(ann, "bob")
    assert (notice.event, notice.user_ids, notice.by) == ("created", ("ann", "bob"), "ann")
    assert (notice.group.member_count, notice.group.owner_id) == (2, "ann")
    pushed, record = bob.take()
    assert (pushed.rid, pushed.event) == (0, "created")
    assert (record.seq, record.msg_type, json.loads(record.msg_text)["event"]) == (1, 4, "created")
    assert cid.take() == []


def test_the_acting_device_gets_the_record_but_not_the_notice_again(node: MemoryNode) -> None:
    ann = node.person("ann")
    ann.send(CreateGroupRequest(rid=0, name="Walkers", member_ids=()))
    assert sorted(heard(ann)) == [("GroupNotice", "created"), ("MsgGroupResponse", None)]


def test_an_invited_member_hears_the_group_from_then_on(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    make_group(ann)
    joined = ann.request(InviteGroupRequest(rid=0, group_id="g1", member_ids=("bob",)))
    assert (joined.event, joined.user_ids) == ("joined", ("bob",))
    assert heard(bob) == [("GroupNotice", "joined"), ("MsgGroupResponse", None)]
    ann.request(to_group(1))
    assert heard(bob) == [("MsgGroupResponse", None)]


def test_who_leaves_or_is_removed_is_told_and_hears_nothing_more(node: MemoryNode) -> None:
    ann, bob, cid = node.people("ann bob cid")
    make_group(ann, "bob", "cid")
    phone = node.person("bob", device="phone")
    for client in (ann, bob, cid):
        client.take()
    assert bob.request(LeaveGroupRequest(rid=0, group_id="g1")).event == "left"
    assert heard(phone) == [("GroupNotice", "left")]
    assert heard(cid) == [("GroupNotice", "left"), ("MsgGroupResponse", None)]
    assert ann.request(RemoveMemberRequest(rid=0, group_id="g1", user_id="cid")).event == "removed"
    assert heard(cid) == [("GroupNotice", "removed")]
    ann.request(to_group(1))
    assert [client.take() for client in (bob, phone, cid)] == [[], [], []]


def test_updates_and_roles_are_told_to_all_members(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    make_group(ann, "bob")
    bob.take()
    updated = ann.request(UpdateGroupRequest(rid=0, group_id="g1", notice="Sunday"))
    assert (updated.event, updated.group.notice) == ("updated", "Sunday")
    assert ann.request(SetRoleRequest(rid=0, group_id="g1", user_id="bob", role=1)).event == "role"
    assert [event for _, event in heard(bob)] == ["updated", None, "role", None]
    people = bob.request(GroupMembersRequest(rid=0, group_id="g1"))
    assert [(member.user_id, member.role) for member in people.members] == [("ann", 2), ("bob", 1)]


def test_a_dissolved_group_is_told_once_and_then_silent(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    make_group(ann, "bob")
    bob.take()
    assert ann.request(DissolveGroupRequest(rid=0, group_id="g1")).event == "dissolved"
    assert heard(bob) == [("GroupNotice", "dissolved")]
    assert node.registry.at("group:g1") == ()
    assert ann.request(to_group(1)).code == "NOT_MEMBER"


# ---- oneself


def test_a_new_nickname_is_told_and_used_from_then_on(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("ann", device="phone")
    make_group(ann, "bob")
    bob.take(), phone.take()
    assert isinstance(ann.request(UpdateProfileRequest(rid=0, nickname="Annie")), OkResponse)
    for client in (bob, phone):
        (notice,) = client.take()
        assert isinstance(notice, ProfileNotice)
        assert notice.user.nickname == "Annie"
    phone.request(to_group(1))
    assert [packet.sender_name for packet in bob.take()] == ["Annie"]


def test_a_new_password_ends_the_other_sessions(node: MemoryNode) -> None:
    ann = node.person("ann")
    phone = node.person("ann", device="phone")
    wrong = ChangePasswordRequest(rid=0, old_password="wrong", new_password="longer password")
    assert ann.request(wrong).code == "AUTH_FAILED"
    right = ChangePasswordRequest(rid=0, old_password=PASSWORD, new_password="longer password")
    assert isinstance(ann.request(right), OkResponse)
    assert [packet.reason for packet in phone.take() if isinstance(packet, KickedNotice)] == ["expired"]
    assert not ann.is_closing
    assert isinstance(node.connect().login("ann"), ErrorResponse)


def test_pushes_of_friend_talks_carry_the_other_person(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    bob.request(text_to("ann"))
    (push,) = ann.take()
    assert isinstance(push, MsgResponse)
    assert push.talk_id == "bob"
