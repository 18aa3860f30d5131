"""Values of the domain as packets: the one place that knows both."""

from collections.abc import Container
from typing import TypedDict

from naivechat.domain.appending import Appended
from naivechat.domain.errors import ChatError
from naivechat.domain.events import GroupChanged
from naivechat.domain.friend import Found, Friend, FriendRequest
from naivechat.domain.group import Group, GroupEventKind, Member
from naivechat.domain.message import HistoryPage, Message
from naivechat.domain.ports import FoundPage, Snapshot
from naivechat.domain.session import EndReason
from naivechat.domain.talk import Talk, TalkAddress
from naivechat.domain.user import User, UserId
from naivechat.protocol.friend import (
    AddFriendResponse,
    AskedRecord,
    FoundRecord,
    FriendRecord,
    SearchFriendResponse,
)
from naivechat.protocol.group import GroupMembersResponse, GroupNotice, GroupRecord, MemberRecord
from naivechat.protocol.message import (
    HistoryResponse,
    MessageRecord,
    MsgAckResponse,
    MsgGroupResponse,
    MsgResponse,
)
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import ErrorResponse, KickedNotice
from naivechat.protocol.talk import TalkRecord

_FAREWELLS = {
    EndReason.REPLACED: "You have logged in elsewhere.",
    EndReason.ADMIN: "An operator has ended this session.",
    EndReason.DISABLED: "This account was disabled.",
    EndReason.SLOW: "The connection does not take what is sent to it.",
    EndReason.IDLE: "Nothing was heard for too long.",
    EndReason.SHUTDOWN: "The node is shutting down.",
    EndReason.EXPIRED: "The session has expired: log in with the password.",
}


class SnapshotRecords(TypedDict):
    """The keys that LoginResponse and SyncResponse share."""

    epoch: str
    talks: tuple[TalkRecord, ...]
    has_more: bool
    groups: tuple[GroupRecord, ...]
    friends: tuple[FriendRecord, ...]
    asked: tuple[AskedRecord, ...]


def user_record(user: User) -> UserRecord:
    """A person."""
    return UserRecord(user_id=user.user_id, nickname=user.nickname, avatar=user.avatar)


def friend_record(friend: Friend, online: Container[UserId]) -> FriendRecord:
    """A friend; `online` holds those who are there."""
    user = friend.user
    return FriendRecord(
        user_id=user.user_id,
        nickname=user.nickname,
        avatar=user.avatar,
        remark=friend.remark,
        online=user.user_id in online,
    )


def asked_record(request: FriendRequest) -> AskedRecord:
    """An open friend request."""
    return AskedRecord(
        user=user_record(request.asker), greeting=request.greeting, asked_at=request.asked_at_ms
    )


def group_record(group: Group) -> GroupRecord:
    """A group; the key `official` is left out where it is not."""
    return GroupRecord(
        group_id=group.group_id,
        name=group.name,
        avatar=group.avatar,
        notice=group.notice,
        owner_id=group.owner_id,
        member_count=group.member_count,
        official=group.official or None,
    )


def talk_record(talk: Talk) -> TalkRecord:
    """A dialogue on somebody's list."""
    return TalkRecord(
        talk_type=int(talk.address.talk_type),
        talk_id=talk.address.other_id,
        talk_name=talk.name,
        talk_head=talk.avatar,
        talk_sketch=talk.sketch,
        talk_date=talk.date_ms,
        last_seq=talk.last_seq,
        read_seq=talk.read_seq,
        unread=talk.unread,
        pinned=talk.pinned,
        muted=talk.muted,
    )


def snapshot_records(snapshot: Snapshot, online: Container[UserId]) -> SnapshotRecords:
    """What a client shows first, as the keys that LoginResponse and SyncResponse share."""
    return SnapshotRecords(
        epoch=snapshot.epoch,
        talks=tuple(talk_record(talk) for talk in snapshot.talks.talks),
        has_more=snapshot.talks.has_more,
        groups=tuple(group_record(group) for group in snapshot.groups),
        friends=tuple(friend_record(friend, online) for friend in snapshot.friends),
        asked=tuple(asked_record(request) for request in snapshot.requests),
    )


def message_record(message: Message) -> MessageRecord:
    """A record of a log, as history shows it."""
    return MessageRecord(
        seq=message.seq,
        sender_id=message.sender_id,
        msg_type=message.msg_type,
        msg_text=message.text,
        sent_at=message.sent_at_ms,
        msg_uuid=message.msg_uuid,
        target_seq=message.target_seq,
        recalled=message.recalled or None,
    )


def message_push(message: Message, other_id: str) -> MsgResponse:
    """A friend talk's message, for whoever sees the talk as `other_id`."""
    return MsgResponse(
        talk_id=other_id,
        seq=message.seq,
        sender_id=message.sender_id,
        msg_type=message.msg_type,
        msg_text=message.text,
        sent_at=message.sent_at_ms,
        msg_uuid=message.msg_uuid,
        target_seq=message.target_seq,
    )


def group_message_push(message: Message, sender: User, group_id: str) -> MsgGroupResponse:
    """A group's message."""
    return MsgGroupResponse(
        talk_id=group_id,
        seq=message.seq,
        sender_id=message.sender_id,
        sender_name=sender.nickname,
        sender_head=sender.avatar,
        msg_type=message.msg_type,
        msg_text=message.text,
        sent_at=message.sent_at_ms,
        msg_uuid=message.msg_uuid,
        target_seq=message.target_seq,
    )


def acknowledgement(
    rid: int, talk_type: int, talk_id: str, msg_uuid: bytes, appended: Appended
) -> MsgAckResponse:
    """That a record stands in the log; the talk and `msg_uuid` as the request named them."""
    return MsgAckResponse(
        rid=rid,
        talk_type=talk_type,
        talk_id=talk_id,
        msg_uuid=msg_uuid,
        seq=appended.message.seq,
        sent_at=appended.message.sent_at_ms,
        duplicate=appended.duplicate,
    )


def history(rid: int, address: TalkAddress, page: HistoryPage) -> HistoryResponse:
    """A page of a talk."""
    return HistoryResponse(
        rid=rid,
        talk_type=int(address.talk_type),
        talk_id=address.other_id,
        messages=tuple(message_record(message) for message in page.messages),
        has_more=page.has_more,
    )


def search_result(rid: int, page: FoundPage) -> SearchFriendResponse:
    """A page of people found."""
    return SearchFriendResponse(
        rid=rid, users=tuple(_found_record(found) for found in page.users), has_more=page.has_more
    )


def _found_record(found: Found) -> FoundRecord:
    user = found.user
    return FoundRecord(
        user_id=user.user_id, nickname=user.nickname, avatar=user.avatar, status=int(found.standing)
    )


def friend_added(rid: int, friend: Friend, online: Container[UserId]) -> AddFriendResponse:
    """A new friend: an answer, or with rid 0 a push."""
    return AddFriendResponse(rid=rid, friend=friend_record(friend, online))


def group_notice(rid: int, changed: GroupChanged) -> GroupNotice:
    """What happened to a group: an answer, or with rid 0 a push."""
    event = changed.event
    return GroupNotice(
        rid=rid,
        event=event.kind.value,
        group=group_record(changed.group),
        user_ids=event.user_ids,
        by=event.by,
    )


def enrolled_notice(group: Group, user_id: str, by: str) -> GroupNotice:
    """Somebody belongs to an official account: a push to that person."""
    return GroupNotice(
        rid=0, event=GroupEventKind.JOINED.value, group=group_record(group), user_ids=(user_id,), by=by
    )


def members(rid: int, group_id: str, people: tuple[Member, ...]) -> GroupMembersResponse:
    """Everybody in a group."""
    return GroupMembersResponse(
        rid=rid, group_id=group_id, members=tuple(_member_record(member) for member in people)
    )


def _member_record(member: Member) -> MemberRecord:
    user = member.user
    return MemberRecord(
        user_id=user.user_id, nickname=user.nickname, avatar=user.avatar, role=int(member.role)
    )


def kicked(reason: EndReason) -> KickedNotice:
    """Why a connection ends."""
    return KickedNotice(reason=reason.value, message=_FAREWELLS[reason])


def refusal(rid: int, error: ChatError) -> ErrorResponse:
    """Why a request was not done."""
    return ErrorResponse(rid=rid, code=error.code, message=error.message, retry_after_ms=error.retry_after_ms)
