"""From what has happened on this node to the bells that tell people of it.

Every event becomes a frame once for each way of seeing it, then goes to topics. A failure is logged and never keeps the next
event back.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain import events
from naivechat.domain.measure import Measures
from naivechat.domain.ports import Clock, PresenceDirectory
from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkType, address_for, friends_in, is_group_talk
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.friend import FriendAskedNotice, FriendRemovedNotice, PresenceNotice
from naivechat.protocol.message import ReadNotice, TypingNotice
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import ProfileNotice
from naivechat.protocol.talk import TalkNoticeResponse
from naivechat.sockets import presenter
from naivechat.sockets.bell import (
    Ended,
    Enrolled,
    Joined,
    Left,
    Opened,
    Push,
    Renamed,
    group_topic,
    topics_of,
    user_topic,
)
from naivechat.sockets.fan_out import FanOut

_log = Logger()


class Delivery:
    """Receives every event of the node's own services. `stored_count` counts the records among them.

    How long they took is in `measures.delivery`, by `clock`, which is also that of the records.
    """

    def __init__(
        self, fan_out: FanOut, directory: PresenceDirectory, measures: Measures, clock: Clock
    ) -> None:
        self.stored_count = 0
        self._measures = measures
        self._clock = clock
        self._fan_out = fan_out
        self._directory = directory
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
            events.PeopleEnrolled: self._people_enrolled,
        }

    def deliver(self, event: events.Event) -> None:
        """Tell whoever is concerned."""
        try:
            self._deliverers[type(event)](event)
        except Exception:
            _log.failure("a {kind} was not delivered", kind=type(event).__name__)

    def _tell(self, user_id: str, packet: Packet, but: SessionId | None = None) -> None:
        topic = user_topic(user_id)
        if self._fan_out.concerns(topic, but):
            self._fan_out.send(topic, Push(encode_frame(packet)), but)

    def _message_stored(self, event: events.MessageStored) -> None:
        self.stored_count += 1
        message = event.message
        for topic in topics_of(message.talk_id):
            self._fan_out.send_record(topic, message, event.sender, event.origin)
        self._measures.delivery.observe((self._clock() - message.sent_at_ms) / 1000)

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
            self._tell(user_id, notice, event.origin)

    def _typed(self, event: events.Typed) -> None:
        is_group = is_group_talk(event.talk_id)
        notice = TypingNotice(
            talk_type=int(TalkType.GROUP if is_group else TalkType.FRIEND),
            talk_id=event.talk_id[1:] if is_group else event.user_id,
            user_id=event.user_id,
        )
        self._tell_all(event.audience, notice)

    def _tell_all(self, user_ids: tuple[str, ...], packet: Packet, but: SessionId | None = None) -> None:
        push = Push(encode_frame(packet))
        for user_id in user_ids:
            topic = user_topic(user_id)
            if self._fan_out.concerns(topic, but):
                self._fan_out.send(topic, push, but)

    def _talk_opened(self, event: events.TalkOpened) -> None:
        push = TalkNoticeResponse(rid=0, talk=presenter.talk_record(event.talk))
        self._tell(event.user_id, push, event.origin)

    def _friend_asked(self, event: events.FriendAsked) -> None:
        self._tell(event.user_id, FriendAskedNotice(asked=presenter.asked_record(event.request)))

    def _friend_added(self, event: events.FriendAdded) -> None:
        Deferred.fromCoroutine(self._tell_of_friend(event)).addErrback(_report)

    async def _tell_of_friend(self, event: events.FriendAdded) -> None:
        online = await self._directory.online_among((event.friend.user.user_id,))
        self._tell(event.user_id, presenter.friend_added(0, event.friend, online), event.origin)

    def _friend_removed(self, event: events.FriendRemoved) -> None:
        self._tell(event.user_id, FriendRemovedNotice(user_id=event.friend_id), event.origin)

    def _presence_changed(self, event: events.PresenceChanged) -> None:
        self._tell_all(event.friend_ids, PresenceNotice(user_id=event.user_id, online=event.online))

    def _group_changed(self, event: events.GroupChanged) -> None:
        """Who comes and goes hears it by a topic of their own: the group's may not be listened to yet, or no more."""
        group_id = event.group.group_id
        notice = encode_frame(presenter.group_notice(0, event))
        for user_id in event.joined:
            bell = Joined(group_id, event.seq, notice)
            self._fan_out.send(user_topic(user_id), bell, event.origin)
        for user_id in event.left:
            self._fan_out.send(user_topic(user_id), Left(group_id, event.seq, notice), event.origin)
        push = Push(notice, not_to=(*event.joined, *event.left))
        self._fan_out.send(group_topic(group_id), push, event.origin)

    def _profile_changed(self, event: events.ProfileChanged) -> None:
        user = event.user
        self._fan_out.send(user_topic(user.user_id), Renamed(user.nickname, user.avatar))
        notice = ProfileNotice(user=presenter.user_record(user))
        self._tell_all((user.user_id, *event.friend_ids), notice, event.origin)

    def _session_opened(self, event: events.SessionOpened) -> None:
        self._fan_out.send(user_topic(event.user_id), Opened(event.device, event.login_no))

    def _sessions_ended(self, event: events.SessionsEnded) -> None:
        bell = Ended(event.reason, event.keep, device=event.device)
        self._fan_out.send(user_topic(event.user_id), bell)

    def _people_enrolled(self, event: events.PeopleEnrolled) -> None:
        for user_id in event.user_ids:
            topic = user_topic(user_id)
            if self._fan_out.concerns(topic):
                notice = encode_frame(presenter.enrolled_notice(event.group, user_id, event.by))
                self._fan_out.send(topic, Enrolled(event.group.group_id, event.seq, notice))


def _report(failure: Failure) -> None:
    _log.failure("a new friend was not told", failure)
