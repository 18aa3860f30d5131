"""What the node and the store say, as values of the model."""

import json
from typing import Any, Final

import attrs

from naivechat.client import ChatState, ConnectionState, Outgoing, Refused
from naivechat.client import TalkKey as ClientKey
from naivechat.protocol.friend import AskedRecord, FoundRecord, FriendRecord
from naivechat.protocol.group import GroupRecord, MemberRecord
from naivechat.protocol.message import MessageRecord
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.talk import TalkRecord
from tkclient.model.connection import Connection
from tkclient.model.people import Found, FoundStatus, FriendRequest, Group, Member, Person, Role
from tkclient.model.talk import FRIEND, GROUP, GroupEvent, Kind, Message, Sending, Talk, TalkKey

CONNECTIONS: Final = {
    ConnectionState.ONLINE: Connection.ONLINE,
    ConnectionState.CONNECTING: Connection.CONNECTING,
    ConnectionState.OFFLINE: Connection.OFFLINE,
    ConnectionState.KICKED: Connection.OFFLINE,
    ConnectionState.LOGGED_OUT: Connection.OFFLINE,
}
_EVENTS: Final = ("created", "joined", "left", "removed", "updated", "dissolved", "role")
_KINDS: Final = {int(kind): kind for kind in Kind}


def user_of(record: UserRecord) -> Person:
    """Somebody."""
    return Person(user_id=record.user_id, nickname=record.nickname, avatar=record.avatar)


def friend_of(record: FriendRecord) -> Person:
    """A friend."""
    return Person(
        user_id=record.user_id,
        nickname=record.nickname,
        avatar=record.avatar,
        remark=record.remark,
        is_online=record.online,
    )


def request_of(record: AskedRecord) -> FriendRequest:
    """Somebody who wants to be a friend."""
    return FriendRequest(person=user_of(record.user), greeting=record.greeting, asked_at_ms=record.asked_at)


def found_of(record: FoundRecord) -> Found:
    """Somebody a search has found."""
    person = Person(user_id=record.user_id, nickname=record.nickname, avatar=record.avatar)
    return Found(person=person, status=FoundStatus(record.status))


def person_of(user_id: str, state: ChatState) -> Person:
    """Whoever it is, as far as is known: oneself, a friend, somebody of a group, or else only the id."""
    friend = state.friends.get(user_id)
    if friend is not None:
        return friend_of(friend)
    known = state.user if state.user is not None and state.user.user_id == user_id else None
    known = known or state.people.get(user_id)
    return user_of(known) if known is not None else Person(user_id=user_id, nickname=user_id)


def group_of(record: GroupRecord, state: ChatState) -> Group:
    """A group, with its members if they were asked for."""
    members = state.members.get(record.group_id, ())
    return Group(
        group_id=record.group_id,
        name=record.name,
        owner_id=record.owner_id,
        avatar=record.avatar,
        notice=record.notice,
        member_count=record.member_count,
        is_official=bool(record.official),
        members=tuple(_member_of(member, state) for member in sorted(members, key=_rank)),
    )


def _rank(member: MemberRecord) -> int:
    return -member.role


def _member_of(record: MemberRecord, state: ChatState) -> Member:
    return Member(person=person_of(record.user_id, state), role=Role(record.role))


def talk_of(record: TalkRecord, last: Message | None, state: ChatState) -> Talk:
    """A dialogue as its row shows it; `last` is its last message if that is known."""
    key = TalkKey(record.talk_type, record.talk_id)
    known = named_in(key, state)
    group = state.groups.get(key.talk_id) if key.is_group else None
    return Talk(
        key=key,
        name=known.name if known is not None else record.talk_name,
        avatar=known.avatar if known is not None else record.talk_head,
        sketch=record.talk_sketch,
        date_ms=max(record.talk_date, last.sent_at_ms if last is not None and not last.seq else 0),
        last_seq=record.last_seq,
        unread=record.unread,
        is_pinned=record.pinned,
        is_muted=record.muted,
        is_official=group is not None and bool(group.official),
        can_write=ClientKey(*key) not in state.ended and (group is None or _may_write(group, state)),
        last=last,
    )


def named_in(key: TalkKey, state: ChatState) -> Person | GroupRecord | None:
    """The friend or group with whom a dialogue is, from whom it has its name; None if they are none now."""
    if key.talk_type == GROUP:
        return state.groups.get(key.talk_id)
    friend = state.friends.get(key.talk_id)
    return friend_of(friend) if friend is not None else None


def _may_write(group: GroupRecord, state: ChatState) -> bool:
    if not group.official or state.user is None:
        return True
    me = state.user.user_id
    roles = {member.user_id: member.role for member in state.members.get(group.group_id, ())}
    return group.owner_id == me or roles.get(me, Role.MEMBER) >= Role.ADMIN


def message_of(record: MessageRecord, state: ChatState) -> Message:
    """A stored message. Recalls are none that is shown: they change the one they take back."""
    sender = person_of(record.sender_id, state)
    kind = _KINDS.get(record.msg_type, Kind.UNKNOWN)
    return Message(
        msg_uuid=record.msg_uuid,
        seq=record.seq,
        sender_id=record.sender_id,
        sender_name=sender.name,
        sender_avatar=sender.avatar,
        kind=kind,
        text="" if kind is Kind.EVENT else record.msg_text,
        sent_at_ms=record.sent_at,
        is_mine=_is_me(record.sender_id, state),
        is_recalled=bool(record.recalled),
        event=event_of(record.msg_text, sender.name, state) if kind is Kind.EVENT else None,
    )


def pending_of(outgoing: Outgoing, state: ChatState) -> Message:
    """An own message on its way."""
    me = state.user or UserRecord(user_id="", nickname="", avatar="")
    return Message(
        msg_uuid=outgoing.msg_uuid,
        seq=0,
        sender_id=me.user_id,
        sender_name=me.nickname,
        sender_avatar=me.avatar,
        kind=_KINDS.get(outgoing.msg_type, Kind.UNKNOWN),
        text=outgoing.text,
        sent_at_ms=outgoing.written_at_ms,
        is_mine=True,
        sending=Sending.SENDING,
    )


def failed_of(refused: Refused, state: ChatState) -> tuple[TalkKey, Message]:
    """An own message that was refused, and its dialogue."""
    message = pending_of(refused.outgoing, state)
    failed = attrs.evolve(message, sending=Sending.FAILED, failure=refused.code)
    return TalkKey(*refused.outgoing.talk), failed


def event_of(text: str, actor_name: str, state: ChatState) -> GroupEvent:
    """What a group event's text tells; what cannot be read tells that the group was changed."""
    told = _map_in(text)
    user_ids = told.get("user_ids")
    ids = user_ids if isinstance(user_ids, list) else []
    return GroupEvent(
        event=_text_in(told, "event") if told.get("event") in _EVENTS else "updated",
        actor_name=actor_name,
        names=tuple(person_of(user_id, state).name for user_id in ids if isinstance(user_id, str)),
        group_name=_text_in(told, "name"),
    )


def _map_in(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text_in(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _is_me(user_id: str, state: ChatState) -> bool:
    return state.user is not None and state.user.user_id == user_id


def key_of(talk_type: int, talk_id: str) -> TalkKey:
    """The dialogue that a packet or event is about."""
    return TalkKey(GROUP if talk_type == GROUP else FRIEND, talk_id)


def well_formed(text: str) -> str:
    """A text as it can be sent and kept: halves of surrogate pairs are joined, and lone ones replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
