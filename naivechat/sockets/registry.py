"""Who is connected to this node, and who hears what.

Sessions are bound to topics; all that hear one topic are its audience. While there is one, the node listens to the topic on the
bus. Who is connected to other nodes is known by which of them listen to `user:<id>`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from naivechat.domain.group import Group, GroupId
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.ports import Clock
from naivechat.domain.session import EndReason, SessionId
from naivechat.domain.sizes import DEFAULT_SIZES
from naivechat.domain.talk import group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.sockets.audience import Audience
from naivechat.sockets.bell import Topic, group_topic, user_topic
from naivechat.sockets.session import Session


class Registry:
    """The sessions of this node, of each person at most `most_devices`.

    `presence_changed` is called when a person's first session comes or the last one goes.
    """

    def __init__(self, bus: NodeBus, clock: Clock, *, most_devices: int = DEFAULT_SIZES.devices) -> None:
        self.most_devices = most_devices
        self.presence_changed: Callable[[UserId], None] = _nobody_asks
        self._bus = bus
        self._clock = clock
        self._audiences: dict[Topic, Audience] = {}
        self._sessions: dict[SessionId, Session] = {}
        self._online: set[UserId] = set()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions, the oldest first."""
        return tuple(self._sessions.values())

    @property
    def session_count(self) -> int:
        """How many sessions there are."""
        return len(self._sessions)

    @property
    def user_count(self) -> int:
        """How many people have a session here."""
        return len(self._online)

    def audience(self, topic: Topic) -> Audience | None:
        """Who hears a topic; None when nobody does."""
        return self._audiences.get(topic)

    def at(self, topic: Topic) -> tuple[Session, ...]:
        """The sessions bound to a topic, the oldest first."""
        audience = self._audiences.get(topic)
        return tuple(audience.sessions.values()) if audience is not None else ()

    def of(self, user_id: str) -> tuple[Session, ...]:
        """The sessions of a person, the oldest first."""
        return self.at(user_topic(user_id))

    def is_online(self, user_id: UserId) -> bool:
        """Whether a person has a session here."""
        return user_id in self._online

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those of `user_ids` with at least one session, on any node as far as the bus tells."""
        here = frozenset(self._online.intersection(user_ids))
        if not self._bus.is_shared:
            return here
        elsewhere = tuple(user_id for user_id in user_ids if user_id not in here)
        counts = await self._bus.count_listeners([user_topic(user_id) for user_id in elsewhere])
        if counts is None:
            return here
        return here.union(user_id for user_id, count in zip(elsewhere, counts, strict=True) if count)

    def reachable_among(self, user_ids: Collection[UserId]) -> tuple[UserId, ...]:
        """Those of `user_ids` whom a notice may reach: with a session here, or perhaps on another node."""
        if self._bus.is_shared:
            return tuple(user_ids)
        return tuple(sorted(self._online.intersection(user_ids)))

    def bind(self, session: Session) -> None:
        """A session begins: it hears what concerns its person."""
        is_first = not self.is_online(session.user_id)
        self._sessions[session.session_id] = session
        session.began_at_ms = self._clock()
        self._join(session, user_topic(session.user_id))
        if is_first:
            self._online.add(session.user_id)
            self.presence_changed(session.user_id)

    def bind_groups(self, session: Session, heads: Mapping[GroupId, int]) -> None:
        """A session hears its groups, which it belonged to when their logs ended at `heads`; one that has ended hears nothing."""
        for group_id, head in heads.items():
            self._come(session, group_id, head)

    async def confirmed(self, session: Session) -> bool:
        """Wait until the node really receives all that a session is to hear; False when the bus is away."""
        return await self._bus.confirmed(tuple(session.topics))

    def keep_groups(self, session: Session, heads: Mapping[GroupId, int], group_ids: Collection[str]) -> None:
        """Of the groups bound by `heads` only those in `group_ids`, read later, are still the person's."""
        for group_id, head in heads.items():
            topic = group_topic(group_id)
            if group_id not in group_ids and session.came.get(topic) == head:
                self._leave(session, topic)

    def hears_groups(self, session: Session, groups: Iterable[Group]) -> bool:
        """Whether a session is bound to all of these groups, or has ended."""
        is_over = session.session_id not in self._sessions
        return is_over or all(group_topic(group.group_id) in session.topics for group in groups)

    def unbind(self, session: Session) -> None:
        """A session ends; other sessions of the same person stay as they are. Unbinding twice does nothing."""
        if self._sessions.pop(session.session_id, None) is None:
            return
        for topic in tuple(session.topics):
            self._leave(session, topic)
        if user_topic(session.user_id) not in self._audiences:
            self._online.discard(session.user_id)
            self.presence_changed(session.user_id)

    def join_group(self, sessions: Iterable[Session], group_id: str, seq: int) -> None:
        """The people of these sessions came into a group by its record `seq`: they hear it from there on."""
        for session in sessions:
            self._come(session, group_id, seq - 1)

    def leave_group(self, user_ids: Iterable[str], group_id: str, seq: int) -> None:
        """People went out of a group by its record `seq`: none of their sessions hears it."""
        for user_id in user_ids:
            for session in self.of(user_id):
                self._go(session, group_topic(group_id), seq)

    def refresh(self, user: User) -> None:
        """A person has a new nickname or avatar."""
        for session in self.of(user.user_id):
            session.refresh(user)

    def opened(self, user_id: UserId, device: str, login_no: int) -> None:
        """A login, here or on another node: older sessions of its device give way, and the oldest of too many devices here.

        A device may have several for a moment, each of a login that is not done yet: it counts once, by its newest.
        """
        for session in self.of(user_id):
            if session.device == device and session.login_no < login_no:
                self.end(session, EndReason.REPLACED)
        newest = {session.device: session.login_no for session in sorted(self.of(user_id), key=_login_no)}
        kept = sorted(newest, key=newest.__getitem__)[-self.most_devices :]
        for session in self.of(user_id):
            if session.device not in kept:
                self.end(session, EndReason.REPLACED)

    def end(self, session: Session, reason: EndReason) -> None:
        """A session ends, and is told why."""
        self.unbind(session)
        session.line.kick(reason)

    def _come(self, session: Session, group_id: str, head: int) -> None:
        topic = group_topic(group_id)
        if session.session_id not in self._sessions or session.went.get(topic, -1) > head:
            return
        session.came[topic] = max(head, session.came.get(topic, 0))
        audience = self._join(session, topic)
        talk_id = group_talk_id(group_id)
        if audience.pushed(talk_id) is None:
            audience.set_pushed(talk_id, head)

    def _go(self, session: Session, topic: Topic, seq: int) -> None:
        if session.came.get(topic, -1) >= seq:
            return
        session.went[topic] = max(seq, session.went.get(topic, 0))
        self._leave(session, topic)

    def _join(self, session: Session, topic: Topic) -> Audience:
        audience = self._audiences.get(topic)
        if audience is None:
            audience = self._audiences[topic] = Audience(topic, self._clock())
            self._bus.listen(topic)
        audience.sessions[session.session_id] = session
        session.topics.add(topic)
        return audience

    def _leave(self, session: Session, topic: Topic) -> None:
        if topic not in session.topics:
            return
        session.topics.discard(topic)
        session.came.pop(topic, None)
        audience = self._audiences[topic]
        del audience.sessions[session.session_id]
        if not audience.sessions:
            del self._audiences[topic]
            self._bus.unlisten(topic)


def _login_no(session: Session) -> int:
    return session.login_no


def _nobody_asks(user_id: UserId) -> None:
    """Presence is told to nobody until a reporter takes the place of this."""
