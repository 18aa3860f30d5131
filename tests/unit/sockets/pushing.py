"""An order of pushing with a bus, a log and one audience whose other ends the test is."""

from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.message import GROUP_EVENT, Message
from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User
from naivechat.sockets import push_order
from naivechat.sockets.audience import Audience
from naivechat.sockets.bell import Record, Topic, user_topic
from naivechat.sockets.push_order import PushOrder
from tests.unit.sockets.sessions import make_session, user

ANN = user("ann")
TALK = TalkId("ann:bob")
GROUP = TalkId(":g1")


def record(seq: int, talk_id: str = TALK) -> Record:
    return Record(talk_id, seq, b"")


@attrs.define
class Bus:
    """As much of a bus as the order asks for."""

    is_shared: bool = False
    is_connected: bool = True


@attrs.define
class Log:
    """A log of `head` records; read once `answer` is called unless `at_once`, `piece` of them at a time."""

    head: int = 0
    piece: int = 256
    at_once: bool = True
    error: Exception | None = None
    readings: list[tuple[int, int]] = attrs.Factory(list)
    waiting: Deferred[None] | None = None
    sent_at_ms: dict[int, int] = attrs.Factory(dict)
    events: frozenset[int] = frozenset()
    never_there: frozenset[int] = frozenset()

    async def list_between(self, talk_id: TalkId, after_seq: int, before_seq: int) -> Any:
        self.readings.append((after_seq, before_seq))
        if not self.at_once:
            self.waiting = Deferred()
            await self.waiting
        if self.error is not None:
            raise self.error
        return tuple(
            (self._message(talk_id, seq), ANN)
            for seq in range(after_seq + 1, min(before_seq, self.head + 1))[: self.piece]
            if seq not in self.never_there
        )

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, None
        assert waiting is not None
        waiting.callback(None)

    def _message(self, talk_id: TalkId, seq: int) -> Message:
        return Message(
            talk_id=talk_id,
            seq=seq,
            sender_id=ANN.user_id,
            msg_type=GROUP_EVENT if seq in self.events else 0,
            text="",
            sent_at_ms=self.sent_at_ms.get(seq, 0),
            msg_uuid=bytes(16),
        )


class Pushed:
    """An order, one audience, and what was pushed to it."""

    def __init__(self, *, shared: bool = False, connected: bool = True, **log: Any) -> None:
        self.seqs: list[int] = []
        self.origins: list[SessionId | None] = []
        self.left_out: list[int] = []
        self.missed = 0
        self.clock = Clock()
        self.log = Log(**log)
        self.bus = Bus(shared, connected)
        self.audience = Audience(user_topic("bob"), 1_000_000)
        session = make_session("bob")
        self.audience.sessions[session.session_id] = session
        self.order = PushOrder(
            self.log,
            self.bus,
            self.clock,
            present=self._present,
            push=self._push,
            leave_out=self._leave_out,
            missed=self._count_missed,
        )

    def _present(self, topic: Topic, message: Message, sender: User) -> Record:
        assert topic == self.audience.topic
        return record(message.seq, message.talk_id)

    def _push(self, audience: Audience, record: Record, origin: SessionId | None) -> None:
        self.seqs.append(record.seq)
        self.origins.append(origin)

    def _leave_out(self, audience: Audience, record: Record) -> None:
        self.left_out.append(record.seq)

    def _count_missed(self, audience: Audience) -> None:
        self.missed += 1

    def come(self, *seqs: int) -> list[int]:
        for seq in seqs:
            self.log.head = max(self.log.head, seq)
            self.order.come(self.audience, record(seq))
        return self.settle()

    def expect(self, first_seq: int, last_seq: int) -> list[int]:
        self.log.head = max(self.log.head, last_seq)
        self.order.expect(self.audience, TALK, first_seq, last_seq)
        return self.settle()

    def settle(self) -> list[int]:
        self.clock.advance(push_order.WAIT_FOR_BUS_S if not self.bus.is_shared else 0)
        return self.seqs
