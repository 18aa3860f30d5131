"""What the client hears, told to the parts of the logic that it concerns."""

from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from naivechat.client import HistoryBegan, MessageShown, SendRefused, StateChanged, StateSynced
from naivechat.protocol.friend import (
    AddFriendResponse,
    FriendAskedNotice,
    FriendRemovedNotice,
    PresenceNotice,
)
from naivechat.protocol.group import GroupNotice
from naivechat.protocol.message import ReadNotice, TypingNotice
from naivechat.protocol.profile import ProfileNotice
from naivechat.protocol.talk import TalkNoticeResponse
from tkclient.logic.attention import Attention, Typing
from tkclient.logic.conversations import Conversations
from tkclient.logic.groups import Groups
from tkclient.logic.people import People
from tkclient.logic.rows import Rows
from tkclient.logic.session import Session
from tkclient.logic.unsent import Unsent
from tkclient.logic.values import CONNECTIONS, key_of, message_of, person_of
from tkclient.logic.warm_up import WarmUp
from tkclient.model.connection import Connection
from tkclient.model.talk import Kind

_Listener = Callable[[Any], Awaitable[None] | None]


@attrs.define(kw_only=True, eq=False)
class News:
    """See the module."""

    session: Session
    unsent: Unsent
    conversations: Conversations
    rows: Rows
    people: People
    groups: Groups
    typing: Typing
    attention: Attention
    warm_up: WarmUp
    _ends: list[Callable[[], None]] = attrs.field(factory=list, init=False)

    def begin(self) -> None:
        """Tell what is known, and from then on what changes."""
        self.session.ui.set_connection(_connection_of(self.session))
        self._tell_state()
        listeners: dict[type[Any], _Listener] = {
            StateChanged: self._connection_changed,
            StateSynced: self._synced,
            HistoryBegan: self._history_began,
            MessageShown: self._message_shown,
            SendRefused: self._send_refused,
            ReadNotice: self._read,
            TypingNotice: self._typed,
            TalkNoticeResponse: self._talk_opened,
            AddFriendResponse: self._friend_added,
            FriendAskedNotice: self._friend_asked,
            FriendRemovedNotice: self._friend_removed,
            PresenceNotice: self._presence_changed,
            ProfileNotice: self._profile_changed,
            GroupNotice: self._group_changed,
        }
        self._ends = [self.session.client.on(kind, listener) for kind, listener in listeners.items()]
        if _connection_of(self.session) is Connection.ONLINE:
            self.warm_up.start()

    def end(self) -> None:
        """Hear nothing any more."""
        for end in self._ends:
            end()
        self.attention.stop()
        self.typing.stop()

    def renamed(self, user_id: str) -> None:
        """Somebody is called otherwise, or looks otherwise, or is a friend or none."""
        person = person_of(user_id, self.session.state)
        if user_id == self.session.client.user_id:
            self.unsent.rename(person.name, person.avatar)
        self.conversations.rename(user_id, person.name, person.avatar)
        self.groups.tell_those_with(user_id)
        self.rows.refresh_all()

    def _tell_state(self) -> None:
        self.people.tell_all()
        self.groups.tell_all()
        self.rows.refresh_all()

    def _connection_changed(self, event: StateChanged) -> None:
        self.session.ui.set_connection(CONNECTIONS[event.state])

    def _synced(self, event: StateSynced) -> None:
        self._tell_state()
        self.conversations.fill_selected()
        self.warm_up.start()

    def _history_began(self, event: HistoryBegan) -> None:
        self.rows.forget_messages()
        self.conversations.forget_all()

    def _message_shown(self, event: MessageShown) -> None:
        key, record = key_of(event.talk_type, event.talk_id), event.message
        self.unsent.drop(key, record.msg_uuid)
        self.typing.message_came(key, record.sender_id)
        if record.msg_type == Kind.RECALL:
            self.conversations.recalled(key, record.target_seq or 0)
        else:
            self.conversations.put(key, message_of(record, self.session.state))
        self.rows.message_came(key, record)
        self.attention.message_came(key, event)

    def _send_refused(self, event: SendRefused) -> None:
        key, message = self.unsent.refused(event.outgoing, event.refusal.code)
        self.conversations.put(key, message)
        self.rows.refresh(key)

    def _read(self, notice: ReadNotice) -> None:
        self.rows.refresh(key_of(notice.talk_type, notice.talk_id))

    def _typed(self, notice: TypingNotice) -> None:
        self.typing.heard(key_of(notice.talk_type, notice.talk_id), notice.user_id)

    def _talk_opened(self, notice: TalkNoticeResponse) -> None:
        self.rows.refresh(key_of(notice.talk.talk_type, notice.talk.talk_id))

    def _friend_added(self, notice: AddFriendResponse) -> None:
        self.people.tell_friend(notice.friend.user_id)
        self.people.tell_requests()
        self.renamed(notice.friend.user_id)

    def _friend_asked(self, notice: FriendAskedNotice) -> None:
        self.people.tell_requests()

    def _friend_removed(self, notice: FriendRemovedNotice) -> None:
        self.people.tell_friend(notice.user_id)
        self.renamed(notice.user_id)

    def _presence_changed(self, notice: PresenceNotice) -> None:
        self.session.ui.set_presence(notice.user_id, notice.online)

    def _profile_changed(self, notice: ProfileNotice) -> None:
        user_id = notice.user.user_id
        if user_id == self.session.client.user_id:
            self.people.tell_user()
        elif user_id in self.session.state.friends:
            self.people.tell_friend(user_id)
        self.renamed(user_id)

    def _group_changed(self, notice: GroupNotice) -> None:
        self.groups.changed(notice.group.group_id)


def _connection_of(session: Session) -> Connection:
    return CONNECTIONS[session.client.connection_state]
