"""From what has happened to the frames that connected people receive.

Every event becomes a frame once for each way of seeing it, then goes to a topic: the pair (topic, frame) is what travels
between nodes. A failure is logged and never keeps the next event back.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain import events
from naivechat.domain.message import GROUP_EVENT
from naivechat.domain.ports import MessageLog, PresenceDirectory
from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkId, TalkType, address_for, friends_in, is_group_talk
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.friend import FriendAskedNotice, FriendRemovedNotice, PresenceNotice
from naivechat.protocol.message import ReadNotice, TypingNotice
from naivechat.protocol.profile import ProfileNotice
from naivechat.protocol.talk import SyncNotice, TalkNoticeResponse
from naivechat.sockets import presenter
from naivechat.sockets.push_order import PushOrder
from naivechat.sockets.registry import Registry, group_topic, user_topic
from naivechat.sockets.session import Session, Topic

_log = Logger()


class Delivery:
    """Receives every event of the bus."""

    def __init__(self, registry: Registry, directory: PresenceDirectory, log: MessageLog) -> None:
        self._registry = registry
        self._directory = directory
        self._order = PushOrder(log, self._push_message, self._tell_to_sync)
        self._deliverers: dict[type, Callable[[Any], None]] = {
            events.MessageStored: self._message_stored,
            events.ReadMoved: self._read_moved,
            events.Typed: self._typed,
            events.TalkOpened: self._talk_opened,
            events.FriendAsked: self._friend_asked,
            events.FriendAdded: self._friend_added,
            events.FriendRemoved: self._friend_removed,
            events.PresenceChanged: self._presence_changed,
            events.GroupChanged: self._group_changed,
            events.ProfileChanged: self._profile_changed,
            events.SessionOpened: self._session_opened,
            events.SessionsEnded: self._sessions_ended,
        }

    def deliver(self, event: events.Event) -> None:
        """Tell whoever is connected here and concerned."""
        try:
            self._deliverers[type(event)](event)
        except Exception:
            _log.failure("a {kind} was not delivered", kind=type(event).__name__)

    def _send(self, topic: Topic, frame: bytes, but: SessionId | None = None) -> None:
        for session in self._registry.at(topic):
            if session.session_id != but:
                session.push(frame)

    def _message_stored(self, event: events.MessageStored) -> None:
        message = event.message
        # A group's newcomers are bound already; the record of their coming, which is published next, is their first.
        if message.msg_type == GROUP_EVENT:
            self._registry.set_floor(group_topic(message.talk_id[1:]), message.seq)
        self._order.stored(event)

    def _push_message(self, event: events.MessageStored) -> None:
        if is_group_talk(event.message.talk_id):
            self._push_in_group(event)
        else:
            self._push_to_friends(event)

    def _push_in_group(self, event: events.MessageStored) -> None:
        message, origin = event.message, event.origin
        talk_id, seq = message.talk_id, message.seq
        topic = group_topic(talk_id[1:])
        frame = b""
        for session in self._registry.at(topic):
            if session.session_id != origin and seq > session.floors.get(topic, 0):
                frame = frame or encode_frame(
                    presenter.group_message_push(message, event.sender, talk_id[1:])
                )
                session.push(frame, talk_id, seq)

    def _push_to_friends(self, event: events.MessageStored) -> None:
        message, origin = event.message, event.origin
        one, other = friends_in(message.talk_id)
        for user_id, other_id in ((one, other), (other, one)):
            frame = b""
            for session in self._registry.at(user_topic(user_id)):
                if session.session_id != origin:
                    frame = frame or encode_frame(presenter.message_push(message, other_id))
                    session.push(frame, message.talk_id, message.seq)

    def _tell_to_sync(self, talk_id: TalkId) -> None:
        frame = encode_frame(SyncNotice())
        if is_group_talk(talk_id):
            self._send(group_topic(talk_id[1:]), frame)
        else:
            for user_id in friends_in(talk_id):
                self._send(user_topic(user_id), frame)

    def _read_moved(self, event: events.ReadMoved) -> None:
        readers = (event.reader_id,) if is_group_talk(event.talk_id) else friends_in(event.talk_id)
        for user_id in readers:
            address = address_for(user_id, event.talk_id)
            notice = ReadNotice(
                talk_type=int(address.talk_type),
                talk_id=address.other_id,
                user_id=event.reader_id,
                seq=event.seq,
            )
            self._send(user_topic(user_id), encode_frame(notice), event.origin)

    def _typed(self, event: events.Typed) -> None:
        is_group = is_group_talk(event.talk_id)
        notice = TypingNotice(
            talk_type=int(TalkType.GROUP if is_group else TalkType.FRIEND),
            talk_id=event.talk_id[1:] if is_group else event.user_id,
            user_id=event.user_id,
        )
        frame = encode_frame(notice)
        for user_id in event.audience:
            self._send(user_topic(user_id), frame)

    def _talk_opened(self, event: events.TalkOpened) -> None:
        push = TalkNoticeResponse(rid=0, talk=presenter.talk_record(event.talk))
        self._send(user_topic(event.user_id), encode_frame(push), event.origin)

    def _friend_asked(self, event: events.FriendAsked) -> None:
        notice = FriendAskedNotice(asked=presenter.asked_record(event.request))
        self._send(user_topic(event.user_id), encode_frame(notice))

    def _friend_added(self, event: events.FriendAdded) -> None:
        Deferred.fromCoroutine(self._tell_of_friend(event)).addErrback(_report)

    async def _tell_of_friend(self, event: events.FriendAdded) -> None:
        online = await self._directory.online_among((event.friend.user.user_id,))
        frame = encode_frame(presenter.friend_added(0, event.friend, online))
        self._send(user_topic(event.user_id), frame, event.origin)

    def _friend_removed(self, event: events.FriendRemoved) -> None:
        notice = FriendRemovedNotice(user_id=event.friend_id)
        self._send(user_topic(event.user_id), encode_frame(notice), event.origin)

    def _presence_changed(self, event: events.PresenceChanged) -> None:
        frame = encode_frame(PresenceNotice(user_id=event.user_id, online=event.online))
        for friend_id in event.friend_ids:
            self._send(user_topic(friend_id), frame)

    def _group_changed(self, event: events.GroupChanged) -> None:
        group_id = event.group.group_id
        self._registry.join_group(event.joined, group_id)
        frame = encode_frame(presenter.group_notice(0, event))
        audience: dict[SessionId, Session] = {
            s.session_id: s for s in self._registry.at(group_topic(group_id))
        }
        for user_id in event.left:
            audience.update((s.session_id, s) for s in self._registry.at(user_topic(user_id)))
        self._registry.leave_group(event.left, group_id)
        for session in audience.values():
            if session.session_id != event.origin:
                session.push(frame)

    def _profile_changed(self, event: events.ProfileChanged) -> None:
        self._registry.refresh(event.user)
        frame = encode_frame(ProfileNotice(user=presenter.user_record(event.user)))
        for user_id in (event.user.user_id, *event.friend_ids):
            self._send(user_topic(user_id), frame, event.origin)

    def _session_opened(self, event: events.SessionOpened) -> None:
        self._registry.opened(event)

    def _sessions_ended(self, event: events.SessionsEnded) -> None:
        self._registry.end_sessions(event.user_id, event.reason, event.keep)


def _report(failure: Failure) -> None:
    _log.failure("a new friend was not told", failure)
