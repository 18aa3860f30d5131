"""What a client knows: the user, talks, friends, groups and open friend requests.

Filled by a login or sync, then kept up to date by pushes and by the answers to own requests.
The records are the protocol's own, immutable values; the dicts are to be read only.
"""

from typing import Any

import attrs

from naivechat.client.talk import FRIEND, GROUP, TalkKey
from naivechat.protocol.friend import (
    AddFriendResponse,
    AskedRecord,
    FriendAskedNotice,
    FriendRecord,
    FriendRemovedNotice,
    PresenceNotice,
)
from naivechat.protocol.group import GroupMembersResponse, GroupNotice, GroupRecord, MemberRecord
from naivechat.protocol.message import MessageRecord, ReadNotice
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import ProfileNotice, UserRecord
from naivechat.protocol.session import LoginResponse
from naivechat.protocol.talk import SyncResponse, TalkNoticeResponse, TalkRecord

SKETCH_CHARACTERS = 64
MOST_UNREAD = 100
_LAST_COUNTED_TYPE = 3


class ChatState:
    """See the module.

    Attributes:
        user: oneself; None before the first login.
        talks: the dialogues on the list. friends, groups: by id. asked: who wants to be a friend, by user_id.
        ended: dialogues that were on the list when somebody else ended them, by removing this user or by ending a friendship
            or the group. Nobody can write there; what was shown of them can still be read.
        members: who is in the groups that were asked about. people: others who were heard of, by user_id.
        server_time_ms: the node's clock at the last login or sync.
    """

    def __init__(self) -> None:
        self.user: UserRecord | None = None
        self.talks: dict[TalkKey, TalkRecord] = {}
        self.friends: dict[str, FriendRecord] = {}
        self.groups: dict[str, GroupRecord] = {}
        self.asked: dict[str, AskedRecord] = {}
        self.ended: dict[TalkKey, TalkRecord] = {}
        self.members: dict[str, tuple[MemberRecord, ...]] = {}
        self.people: dict[str, UserRecord] = {}
        self.server_time_ms = 0

    @property
    def talk_list(self) -> tuple[TalkRecord, ...]:
        """The dialogues as a list shows them: pinned ones first, then the newest."""
        return tuple(sorted(self.talks.values(), key=lambda talk: (not talk.pinned, -talk.talk_date)))

    def name_of(self, user_id: str) -> str:
        """What to call somebody: my remark, their nickname if it is known, else the id."""
        friend = self.friends.get(user_id)
        if friend is not None:
            return friend.remark or friend.nickname
        if self.user is not None and self.user.user_id == user_id:
            return self.user.nickname
        known = self.people.get(user_id)
        return known.nickname if known is not None else user_id

    def forget(self) -> None:
        """Begin anew, as before the first login."""
        self.user = None
        for known in (
            self.talks,
            self.friends,
            self.groups,
            self.asked,
            self.ended,
            self.members,
            self.people,
        ):
            known.clear()

    def logged_in(self, response: LoginResponse) -> None:
        """Take what a login tells instead of what was known."""
        self.user = response.user
        self._end_lost(response)
        self.talks.clear()
        self.synced(response)

    def synced(self, response: LoginResponse | SyncResponse) -> None:
        """Take a page of talks, and all friends, groups and requests."""
        self.server_time_ms = response.server_time
        self._end_lost(response)
        self.friends = {friend.user_id: friend for friend in response.friends}
        self.groups = {group.group_id: group for group in response.groups}
        self.asked = {asked.user.user_id: asked for asked in response.asked}
        self.members = {key: members for key, members in self.members.items() if key in self.groups}
        for talk in response.talks:
            self._learn_talk(talk)

    def message_shown(self, key: TalkKey, message: MessageRecord) -> None:
        """A message came in its turn: the talk moves up the list. One that a login counted already changes nothing."""
        talks = self.ended if key in self.ended else self.talks
        talk = talks.get(key) or self._new_talk(key)
        if message.seq <= talk.last_seq:
            return
        mine = self.user is not None and message.sender_id == self.user.user_id
        counted = not mine and message.msg_type <= _LAST_COUNTED_TYPE
        talks[key] = attrs.evolve(
            talk,
            talk_sketch=message.msg_text[:SKETCH_CHARACTERS],
            talk_date=message.sent_at,
            last_seq=message.seq,
            read_seq=message.seq if mine else talk.read_seq,
            unread=0 if mine else min(talk.unread + counted, MOST_UNREAD),
        )

    def heard_of(self, user: UserRecord) -> None:
        """The node said what somebody is called and looks like."""
        if self.people.get(user.user_id) != user:
            self.people[user.user_id] = user

    def read(self, key: TalkKey, seq: int) -> None:
        """This user has read a talk up to `seq`."""
        talk = self.talks.get(key)
        if talk is not None and seq > talk.read_seq:
            unread = min(talk.unread, max(talk.last_seq - seq, 0))
            self.talks[key] = attrs.evolve(talk, read_seq=seq, unread=unread)

    def talk_changed(self, key: TalkKey, **changes: Any) -> None:
        """Some fields of a listed talk have other values."""
        if key in self.talks:
            self.talks[key] = attrs.evolve(self.talks[key], **changes)

    def talk_removed(self, key: TalkKey) -> None:
        """A talk is on the list no more."""
        self.talks.pop(key, None)
        self.ended.pop(key, None)

    def friend_changed(self, user_id: str, **changes: Any) -> None:
        """Some fields of a friend have other values; the talk is called accordingly."""
        if user_id in self.friends:
            friend = self.friends[user_id] = attrs.evolve(self.friends[user_id], **changes)
            name = friend.remark or friend.nickname
            self.talk_changed(TalkKey(FRIEND, user_id), talk_name=name, talk_head=friend.avatar)

    def friend_removed(self, user_id: str) -> None:
        """This user has ended a friendship."""
        self.friends.pop(user_id, None)
        self.talk_removed(TalkKey(FRIEND, user_id))

    def take(self, packet: Packet) -> None:
        """Take a push, or the answer to an own request."""
        take = _TAKERS.get(type(packet))
        if take is not None:
            take(self, packet)

    def _new_talk(self, key: TalkKey) -> TalkRecord:
        group = self.groups.get(key.talk_id) if key.talk_type == GROUP else None
        friend = self.friends.get(key.talk_id) if key.talk_type == FRIEND else None
        name = group.name if group else self.name_of(key.talk_id)
        known = group or friend
        return TalkRecord(
            talk_type=key.talk_type,
            talk_id=key.talk_id,
            talk_name=name,
            talk_head=known.avatar if known else "",
            talk_sketch="",
            talk_date=0,
            last_seq=0,
            read_seq=0,
            unread=0,
            pinned=False,
            muted=False,
        )

    def _take_read(self, notice: ReadNotice) -> None:
        if self.user is not None and notice.user_id == self.user.user_id:
            self.read(TalkKey(notice.talk_type, notice.talk_id), notice.seq)

    def _take_talk(self, response: TalkNoticeResponse) -> None:
        self._learn_talk(response.talk)

    def _learn_talk(self, talk: TalkRecord) -> None:
        """Take what the node says of a talk, unless a push has told later news: it may have overtaken the answer.

        What this user has read stays read: the answer may be older than the reading.
        """
        key = TalkKey(talk.talk_type, talk.talk_id)
        known = self.talks.get(key)
        if known is None or known.last_seq <= talk.last_seq:
            self.talks[key] = talk
        if known is not None:
            self.read(key, known.read_seq)
        self.ended.pop(key, None)

    def _end_lost(self, response: LoginResponse | SyncResponse) -> None:
        """End the dialogues with friends and groups that are none any more."""
        for user_id in self.friends.keys() - {friend.user_id for friend in response.friends}:
            self._end(TalkKey(FRIEND, user_id))
        for group_id in self.groups.keys() - {group.group_id for group in response.groups}:
            self._end(TalkKey(GROUP, group_id))

    def _end(self, key: TalkKey) -> None:
        talk = self.talks.pop(key, None)
        if talk is not None:
            self.ended[key] = attrs.evolve(talk, unread=0)

    def _go_on(self, key: TalkKey) -> None:
        talk = self.ended.pop(key, None)
        if talk is not None:
            self.talks.setdefault(key, talk)

    def _take_friend(self, response: AddFriendResponse) -> None:
        user_id = response.friend.user_id
        self.friends[user_id] = response.friend
        self.asked.pop(user_id, None)
        self._go_on(TalkKey(FRIEND, user_id))

    def _take_asked(self, notice: FriendAskedNotice) -> None:
        self.asked[notice.asked.user.user_id] = notice.asked

    def _take_removed(self, notice: FriendRemovedNotice) -> None:
        self.friends.pop(notice.user_id, None)
        self._end(TalkKey(FRIEND, notice.user_id))

    def _take_presence(self, notice: PresenceNotice) -> None:
        self.friend_changed(notice.user_id, online=notice.online)

    def _take_profile(self, notice: ProfileNotice) -> None:
        if self.user is not None and notice.user.user_id == self.user.user_id:
            self.user = notice.user
        self.heard_of(notice.user)
        self.friend_changed(notice.user.user_id, nickname=notice.user.nickname, avatar=notice.user.avatar)

    def _take_group(self, notice: GroupNotice) -> None:
        group_id = notice.group.group_id
        key = TalkKey(GROUP, group_id)
        if self._is_out_of(notice):
            self.groups.pop(group_id, None)
            self.members.pop(group_id, None)
            self._leave(key, notice.by)
        else:
            self.groups[group_id] = notice.group
            self._go_on(key)
            self.talk_changed(key, talk_name=notice.group.name, talk_head=notice.group.avatar)

    def _leave(self, key: TalkKey, by: str) -> None:
        """A group is this user's no more; the dialogue that they have ended themselves goes, one that others ended stays."""
        if self.user is not None and by == self.user.user_id:
            self.talk_removed(key)
        else:
            self._end(key)

    def _is_out_of(self, notice: GroupNotice) -> bool:
        gone = notice.event in ("left", "removed")
        me = self.user is not None and self.user.user_id in notice.user_ids
        return notice.event == "dissolved" or (gone and me)

    def _take_members(self, response: GroupMembersResponse) -> None:
        self.members[response.group_id] = response.members
        for member in response.members:
            self.heard_of(UserRecord(user_id=member.user_id, nickname=member.nickname, avatar=member.avatar))


_TAKERS: dict[type[Packet], Any] = {
    ReadNotice: ChatState._take_read,
    TalkNoticeResponse: ChatState._take_talk,
    AddFriendResponse: ChatState._take_friend,
    FriendAskedNotice: ChatState._take_asked,
    FriendRemovedNotice: ChatState._take_removed,
    PresenceNotice: ChatState._take_presence,
    ProfileNotice: ChatState._take_profile,
    GroupNotice: ChatState._take_group,
    GroupMembersResponse: ChatState._take_members,
}
