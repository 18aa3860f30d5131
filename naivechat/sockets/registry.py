"""Who is connected to this node, and who hears what.

Sessions are bound to topics: `user:<id>` of their person, `group:<id>` of each of that person's groups. A topic and an
encoded frame are all that has to travel between nodes.
"""

import sys
from collections.abc import Callable, Collection, Iterable

from naivechat.domain.events import SessionOpened
from naivechat.domain.session import MOST_DEVICES, EndReason, SessionId
from naivechat.domain.user import User, UserId
from naivechat.sockets.session import Session, Topic


def user_topic(user_id: str) -> Topic:
    """What concerns one person."""
    return Topic(f"user:{user_id}")


def group_topic(group_id: str) -> Topic:
    """What concerns all members of a group."""
    return Topic(f"group:{group_id}")


class Registry:
    """The sessions of this node. `presence_changed` is called when a person's first session comes or the last one goes."""

    def __init__(self) -> None:
        self.presence_changed: Callable[[UserId], None] = _nobody_asks
        self._sessions: dict[Topic, dict[SessionId, Session]] = {}

    def at(self, topic: Topic) -> tuple[Session, ...]:
        """The sessions bound to a topic, the oldest first."""
        bound = self._sessions.get(topic)
        return tuple(bound.values()) if bound else ()

    def is_online(self, user_id: UserId) -> bool:
        """Whether a person has a session here."""
        return user_topic(user_id) in self._sessions

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those of `user_ids` with at least one session here."""
        return frozenset(user_id for user_id in user_ids if self.is_online(user_id))

    def bind(self, session: Session) -> None:
        """A session begins: it hears what concerns its person."""
        is_first = not self.is_online(session.user_id)
        self._join(session, user_topic(session.user_id))
        if is_first:
            self.presence_changed(session.user_id)

    def bind_groups(self, session: Session, group_ids: Iterable[str]) -> None:
        """A session hears its groups, but for those left since the list was asked for; one that has ended hears nothing."""
        if user_topic(session.user_id) not in session.topics:
            return
        for group_id in group_ids:
            topic = group_topic(group_id)
            if topic not in session.departed:
                self._join(session, topic)

    def unbind(self, session: Session) -> None:
        """A session ends; other sessions of the same person stay as they are. Unbinding twice does nothing."""
        was_bound = user_topic(session.user_id) in session.topics
        for topic in tuple(session.topics):
            self._leave(session, topic)
        if was_bound and not self.is_online(session.user_id):
            self.presence_changed(session.user_id)

    def join_group(self, user_ids: Iterable[UserId], group_id: str) -> None:
        """People came into a group: all their sessions hear it, records only from the one that `set_floor` is told of."""
        topic = group_topic(group_id)
        for session in self._of(user_ids):
            session.departed.discard(topic)
            session.floors[topic] = sys.maxsize
            self._join(session, topic)

    def set_floor(self, topic: Topic, seq: int) -> None:
        """The record `seq` of a group is that of people's coming: whoever has just come hears it and what follows."""
        for session in self.at(topic):
            if session.floors.get(topic) == sys.maxsize:
                session.floors[topic] = seq - 1

    def leave_group(self, user_ids: Iterable[UserId], group_id: str) -> None:
        """People went out of a group: none of their sessions hears it."""
        topic = group_topic(group_id)
        for session in self._of(user_ids):
            if session.holding:
                session.departed.add(topic)
            session.floors.pop(topic, None)
            self._leave(session, topic)

    def refresh(self, user: User) -> None:
        """A person has a new nickname or avatar."""
        for session in self.at(user_topic(user.user_id)):
            session.refresh(user)

    def opened(self, event: SessionOpened) -> None:
        """A session was opened, here or on another node: older ones of its device give way, and the oldest of too many.

        A session whose own event has not come by yet is the newer one, so two logins at one instant never end each other.
        """
        sessions = self.at(user_topic(event.user_id))
        for session in sessions:
            if session.session_id == event.session_id:
                session.announced = True
            elif session.device == event.device and session.announced:
                self._end(session, EndReason.REPLACED)
        for session in self.at(user_topic(event.user_id))[:-MOST_DEVICES]:
            self._end(session, EndReason.REPLACED)

    def end_sessions(self, user_id: UserId, reason: EndReason, keep: SessionId | None) -> None:
        """All sessions of a person but `keep` end."""
        for session in self.at(user_topic(user_id)):
            if session.session_id != keep:
                self._end(session, reason)

    def _end(self, session: Session, reason: EndReason) -> None:
        self.unbind(session)
        session.line.kick(reason)

    def _of(self, user_ids: Iterable[UserId]) -> Iterable[Session]:
        for user_id in user_ids:
            yield from self.at(user_topic(user_id))

    def _join(self, session: Session, topic: Topic) -> None:
        self._sessions.setdefault(topic, {})[session.session_id] = session
        session.topics.add(topic)

    def _leave(self, session: Session, topic: Topic) -> None:
        if topic not in session.topics:
            return
        session.topics.discard(topic)
        bound = self._sessions[topic]
        del bound[session.session_id]
        if not bound:
            del self._sessions[topic]


def _nobody_asks(user_id: UserId) -> None:
    """Presence is told to nobody until a reporter takes the place of this."""
