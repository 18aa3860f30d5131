"""Tells the sessions that listen to a topic, here and through the bus on other nodes."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Final, TypeAlias

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import Unavailable
from naivechat.domain.group import GroupEventKind, GroupId
from naivechat.domain.message import GROUP_EVENT, Message
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.ports import MessageLog
from naivechat.domain.session import EndReason, SessionId
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets import bell as bells
from naivechat.sockets.audience import Audience
from naivechat.sockets.bell import Bell, Topic, group_topic, owner_of, user_topic
from naivechat.sockets.push_order import PushOrder
from naivechat.sockets.record_bell import record_for
from naivechat.sockets.registry import Registry
from naivechat.sockets.roll_call import Present, RollCall
from naivechat.sockets.session import Session
from naivechat.sockets.sweep import Sweep

FindJoinedSeq: TypeAlias = Callable[[GroupId, UserId], Awaitable[int | None]]

ASK_AGAIN_S: Final = (1.0, 2.0, 4.0, 8.0)

_GOING: Final = (GroupEventKind.LEFT.value, GroupEventKind.REMOVED.value)

_log = Logger()


class FanOut:
    """Rings bells for the sessions of this node, and passes them to the others.

    Who belongs to a group's audience follows the group's log: a record that tells of coming or going is applied in its place,
    so nobody hears what was written after they went, whatever the bus loses. What other nodes say may be late: of whom they say
    that they came, or that their sessions end, the database is asked whether it is so.

    Args:
        find_joined_seq: behind which record somebody's part of a group's log begins; None for whoever does not belong.
        sweep: ends sessions whose token is gone.
    """

    def __init__(
        self,
        registry: Registry,
        bus: NodeBus,
        log: MessageLog,
        clock: IReactorTime,
        *,
        find_joined_seq: FindJoinedSeq,
        sweep: Sweep,
    ) -> None:
        self._registry = registry
        self._bus = bus
        self._clock = clock
        self._find_joined_seq = find_joined_seq
        self._sweep = sweep
        self._order = PushOrder(
            log,
            bus,
            clock,
            present=record_for,
            push=self._push_record,
            leave_out=self._leave_out,
            missed=_tell_to_sync,
        )
        self._roll_call = RollCall(clock, self._end_oldest, registry.most_devices)
        self._ringers: dict[type, Callable[[Topic, Any, SessionId | None], None]] = {
            bells.Push: self._push,
            bells.Record: self._record,
            bells.Joined: self._joined,
            bells.Left: self._left,
            bells.Renamed: self._renamed,
            bells.Opened: self._opened,
            bells.Present: self._present,
            bells.Ended: self._ended,
            bells.Enrolled: self._enrolled,
        }

    def concerns(self, topic: Topic, but: SessionId | None = None) -> bool:
        """Whether anybody is to be told: a session here other than `but`, or perhaps another node."""
        if self._bus.is_shared:
            return True
        audience = self._registry.audience(topic)
        return audience is not None and audience.has_others(but)

    def send_record(self, topic: Topic, message: Message, sender: User, but: SessionId | None) -> None:
        """Tell all who listen of a record of a log. Where nobody is to hear it, it only counts as told: no frame is made of it."""
        audience = self._registry.audience(topic)
        if not self._bus.is_shared and (audience is None or self._passes_over(audience, message, but)):
            return
        record = record_for(topic, message, sender)
        if audience is not None:
            self._order.come(audience, record, but)
        self._publish(topic, record)

    def send(self, topic: Topic, bell: Bell, but: SessionId | None = None) -> None:
        """Tell all who listen, here (but the session that has it already) and elsewhere."""
        self._ringers[type(bell)](topic, bell, but)
        self._publish(topic, bell)
        if isinstance(bell, bells.Opened) and self._bus.is_shared:
            user_id = owner_of(topic)
            self._roll_call.begin(user_id, _present(self._registry.of(user_id)))

    def announce_sessions(self) -> None:
        """Tell the other nodes of all sessions here, as when they were opened: an older one of a device gives way to the newer."""
        for session in self._registry.sessions:
            self._publish(user_topic(session.user_id), bells.Opened(session.device, session.login_no))

    def received(self, topic: Topic, payload: bytes) -> None:
        """Another node has told something. Whatever cannot be understood is logged, and changes nothing."""
        try:
            bell = bells.decode(payload)
        except ValueError as error:
            _log.warn("a bell on {topic} is not understood: {error}", topic=topic, error=error)
            return
        try:
            self._hear(topic, bell)
        except Exception:
            _log.failure("a {kind} was not delivered", kind=type(bell).__name__)

    def expect(self, topic: Topic, talk_id: TalkId, first_seq: int, last_seq: int) -> None:
        """Another node has stored records: what does not come by the bus is read from the log."""
        audience = self._registry.audience(topic)
        if audience is not None:
            self._order.expect(audience, talk_id, first_seq, last_seq)

    async def join(self, user_id: str, group_id: str) -> None:
        """Another node says that a person came into a group: if so, their sessions here hear it from their coming on."""
        sessions = self._registry.of(user_id)
        joined_seq = await self._ask_joined_seq(group_id, user_id) if sessions else None
        if joined_seq is not None:
            await self._join(sessions, group_id, joined_seq + 1)

    async def _ask_joined_seq(self, group_id: str, user_id: str) -> int | None:
        for pause_s in ASK_AGAIN_S:
            try:
                return await self._find_joined_seq(GroupId(group_id), UserId(user_id))
            except Unavailable:
                await deferLater(self._clock, pause_s)
        return await self._find_joined_seq(GroupId(group_id), UserId(user_id))

    async def _join(self, sessions: Sequence[Session], group_id: str, seq: int) -> None:
        topic, talk_id = group_topic(group_id), group_talk_id(group_id)
        audience = self._registry.audience(topic)
        if audience is not None and (audience.pushed(talk_id) or 0) < seq:
            self._order.expect(audience, talk_id, seq, seq)
            return
        await self._bind(sessions, group_id, seq)

    async def _bind(self, sessions: Sequence[Session], group_id: str, seq: int) -> None:
        """Sessions hear a group from its record `seq` on."""
        topic, talk_id = group_topic(group_id), group_talk_id(group_id)
        audience = self._registry.audience(topic)
        if audience is not None:
            await self._join_late(sessions, audience, talk_id, seq)
            return
        self._registry.join_group(sessions, group_id, seq)
        if self._bus.is_shared:
            await self._bus.confirmed((topic,))
            audience = self._registry.audience(topic)
            if audience is not None:
                self._order.catch_up(audience, talk_id)

    async def _join_late(
        self, sessions: Sequence[Session], audience: Audience, talk_id: TalkId, seq: int
    ) -> None:
        """Others here have been pushed record `seq` and maybe more: whoever is not among them yet is pushed that, too."""

        def is_late(session: Session) -> bool:
            return session.came.get(audience.topic, -1) < seq - 1

        late = [session for session in sessions if is_late(session)]
        records = await self._order.pushed_since(audience, talk_id, seq - 1) if late else ()
        for session in filter(is_late, late):  # another word of the same coming may have been quicker
            self._registry.join_group((session,), owner_of(audience.topic), seq)
            for record in records or ():
                self._push_late(session, audience.topic, record)
            if records is None and audience.topic in session.topics:
                session.push(encode_frame(SyncNotice()))

    def _push_late(self, session: Session, topic: Topic, record: bells.Record) -> None:
        change = record.change
        if change is not None and session.user_id in change.user_ids and change.kind in _GOING:
            self._registry.leave_group((session.user_id,), owner_of(topic), record.seq)
        if topic in session.topics and session.came.get(topic, 0) < record.seq:
            session.push(record.frame, TalkId(record.talk_id), record.seq)

    def _hear(self, topic: Topic, bell: Bell) -> None:
        user_id = owner_of(topic)
        match bell:
            case bells.Joined():
                self._push(topic, bells.Push(bell.notice), None)
                self._go_on(self.join(user_id, bell.group_id))
            case bells.Enrolled():
                self._push(topic, bells.Push(bell.notice), None)
                self._go_on(self._enrol(user_id, bell.group_id))
            case bells.Ended(login_nos=None):
                self._go_on(self._sweep.look_at(self._registry.of(user_id), bell.reason))
            case _:
                self._ringers[type(bell)](topic, bell, None)
        if isinstance(bell, bells.Opened):
            self._answer(topic, bell)

    @staticmethod
    def _go_on(work: Coroutine[Any, Any, None]) -> None:
        Deferred.fromCoroutine(work).addErrback(_report)

    def _passes_over(self, audience: Audience, message: Message, but: SessionId | None) -> bool:
        """Whether a record is the next of its log, is for nobody but the session that has it already, and changes nobody."""
        if audience.has_others(but) or message.msg_type == GROUP_EVENT:
            return False
        return self._order.pass_over(audience, message.talk_id, message.seq)

    def _publish(self, topic: Topic, bell: Bell) -> None:
        if self._bus.is_shared:
            self._bus.publish(topic, bells.encode(bell))

    def _push(self, topic: Topic, bell: bells.Push, but: SessionId | None) -> None:
        for session in self._registry.at(topic):
            if session.session_id != but and session.user_id not in bell.not_to:
                session.push(bell.frame)

    def _record(self, topic: Topic, bell: bells.Record, but: SessionId | None) -> None:
        audience = self._registry.audience(topic)
        if audience is not None:
            self._order.come(audience, bell, but)

    def _push_record(self, audience: Audience, record: bells.Record, but: SessionId | None) -> None:
        topic, seq, talk_id = audience.topic, record.seq, TalkId(record.talk_id)
        if record.change is not None:
            self._apply(audience, record.change, seq)
        for session in tuple(audience.sessions.values()):
            if session.session_id != but and session.came.get(topic, 0) < seq:
                session.push(record.frame, talk_id, seq)

    def _leave_out(self, audience: Audience, record: bells.Record) -> None:
        if record.change is not None:
            self._apply(audience, record.change, record.seq)

    def _apply(self, audience: Audience, change: bells.Change, seq: int) -> None:
        group_id = owner_of(audience.topic)
        match GroupEventKind(change.kind):
            case GroupEventKind.CREATED | GroupEventKind.JOINED:
                for user_id in change.user_ids:
                    self._registry.join_group(self._registry.of(user_id), group_id, seq)
            case GroupEventKind.LEFT | GroupEventKind.REMOVED:
                self._registry.leave_group(change.user_ids, group_id, seq)
            case GroupEventKind.DISSOLVED:
                everybody = {session.user_id for session in audience.sessions.values()}
                self._registry.leave_group(everybody, group_id, seq)

    def _joined(self, topic: Topic, bell: bells.Joined, but: SessionId | None) -> None:
        self._go_on(self._join(self._registry.at(topic), bell.group_id, bell.seq))
        self._push(topic, bells.Push(bell.notice), but)

    async def _enrol(self, user_id: str, group_id: str) -> None:
        """Another node says that a person came into an official account: if so, their sessions here hear it from now on."""
        sessions = self._registry.of(user_id)
        joined_seq = await self._ask_joined_seq(group_id, user_id) if sessions else None
        if joined_seq is not None:
            await self._bind(sessions, group_id, joined_seq + 1)

    def _enrolled(self, topic: Topic, bell: bells.Enrolled, but: SessionId | None) -> None:
        self._go_on(self._bind(self._registry.at(topic), bell.group_id, bell.seq + 1))
        self._push(topic, bells.Push(bell.notice), but)

    def _left(self, topic: Topic, bell: bells.Left, but: SessionId | None) -> None:
        self._registry.leave_group((owner_of(topic),), bell.group_id, bell.seq)
        self._push(topic, bells.Push(bell.notice), but)

    def _renamed(self, topic: Topic, bell: bells.Renamed, but: SessionId | None) -> None:
        user_id = UserId(owner_of(topic))
        self._registry.refresh(User(user_id=user_id, nickname=bell.nickname, avatar=bell.avatar))

    def _opened(self, topic: Topic, bell: bells.Opened, but: SessionId | None) -> None:
        self._registry.opened(UserId(owner_of(topic)), bell.device, bell.login_no)

    def _answer(self, topic: Topic, bell: bells.Opened) -> None:
        sessions = self._registry.at(topic)
        self._publish(topic, bells.Present(_present(sessions)))
        for session in sessions:
            if session.device == bell.device and session.login_no > bell.login_no:
                self._publish(topic, bells.Opened(session.device, session.login_no))

    def _present(self, topic: Topic, bell: bells.Present, but: SessionId | None) -> None:
        self._roll_call.answer(owner_of(topic), bell.sessions)

    def _end_oldest(self, user_id: str, login_nos: tuple[int, ...]) -> None:
        self.send(user_topic(user_id), bells.Ended(EndReason.REPLACED, login_nos=login_nos))

    def _ended(self, topic: Topic, bell: bells.Ended, but: SessionId | None) -> None:
        for session in self._registry.at(topic):
            is_named = bell.login_nos is None or session.login_no in bell.login_nos
            is_of_device = bell.device is None or session.device == bell.device
            if is_named and is_of_device and session.session_id != bell.keep:
                self._registry.end(session, bell.reason)


def _present(sessions: Iterable[Session]) -> tuple[Present, ...]:
    return tuple((session.device, session.login_no) for session in sessions)


def _tell_to_sync(audience: Audience) -> None:
    audience.tell(encode_frame(SyncNotice()))


def _report(failure: Failure) -> None:
    if failure.check(Unavailable):
        _log.warn("what another node has told could not be looked up: {error}", error=failure.value)
    else:
        _log.failure("what another node has told was not taken in", failure)
