"""What crosses a client's connections, written into the history."""

import itertools
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from naivechat.client import RequestRefused
from naivechat.client.connection import Connection
from naivechat.client.talk import GROUP, key_of, record_of
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MessageRecord,
    MsgAckResponse,
    MsgGroupRequest,
    MsgGroupResponse,
    MsgRequest,
    MsgResponse,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import LoginResponse
from naivechat.protocol.talk import SyncResponse
from tests.history.event import Fail, HeadRead, Info, Ok, Send, Wire
from tests.soak.recorder import Recorder, log_name

UNCERTAIN = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL})
"""Refusals after which a message may be stored all the same: the database's answer to the commit was lost."""

_numbers = itertools.count(1)


class Observer:
    """Observes one connection of `user_id`."""

    def __init__(self, recorder: Recorder, user_id: str) -> None:
        self._recorder = recorder
        self._user_id = user_id
        self._connection = next(_numbers)

    def asked(self, packet: Packet) -> Callable[[Any], None]:
        """A request is about to leave; the answer is to be told what becomes of it: a packet or a Failure."""
        asked_at_s = self._recorder.now_s
        if isinstance(packet, MsgRequest | MsgGroupRequest):
            return self._sending(packet)
        return lambda answer: self._answered(packet, answer, asked_at_s)

    def pushed(self, packet: Packet) -> None:
        """The node told something by itself."""
        if isinstance(packet, MsgResponse | MsgGroupResponse):
            key = key_of(packet)
            self._saw(log_name(self._user_id, key.talk_type, key.talk_id), record_of(packet), pushed=True)

    def _sending(self, packet: MsgRequest | MsgGroupRequest) -> Callable[[Any], None]:
        is_group = isinstance(packet, MsgGroupRequest)
        other_id = packet.group_id if isinstance(packet, MsgGroupRequest) else packet.friend_id
        send = Send(
            at_s=self._recorder.now_s,
            connection=self._connection,
            user_id=self._user_id,
            talk_id=log_name(self._user_id, GROUP if is_group else 0, other_id),
            msg_uuid=packet.msg_uuid,
            text=packet.msg_text,
        )
        self._recorder.add(send)
        return lambda answer: self._sent(send, answer)

    def _sent(self, send: Send, answer: Any) -> None:
        at: dict[str, Any] = {"at_s": self._recorder.now_s, "connection": self._connection}
        error = answer.value if isinstance(answer, Failure) else None
        if isinstance(answer, MsgAckResponse):
            talk_id = log_name(self._user_id, answer.talk_type, answer.talk_id)
            self._recorder.add(
                Ok(
                    msg_uuid=answer.msg_uuid,
                    talk_id=talk_id,
                    seq=answer.seq,
                    duplicate=answer.duplicate,
                    **at,
                )
            )
        elif isinstance(error, RequestRefused) and error.code not in UNCERTAIN:
            self._recorder.add(Fail(msg_uuid=send.msg_uuid, code=str(error.code), **at))
        else:
            self._recorder.add(Info(msg_uuid=send.msg_uuid, **at))

    def _answered(self, packet: Packet, answer: Any, asked_at_s: float) -> None:
        if isinstance(answer, LoginResponse | SyncResponse):
            for talk in answer.talks:
                self._read_head(
                    log_name(self._user_id, talk.talk_type, talk.talk_id), talk.last_seq, asked_at_s
                )
        elif isinstance(answer, HistoryResponse) and isinstance(packet, HistoryRequest):
            self._read_page(packet, answer, asked_at_s)

    def _read_page(self, packet: HistoryRequest, page: HistoryResponse, asked_at_s: float) -> None:
        talk_id = log_name(self._user_id, page.talk_type, page.talk_id)
        for message in page.messages:
            self._saw(talk_id, message, pushed=False)
        reaches_the_head = packet.before_seq is None and not (packet.after_seq is not None and page.has_more)
        if page.messages and reaches_the_head:
            self._read_head(talk_id, page.messages[-1].seq, asked_at_s)

    def _read_head(self, talk_id: str, last_seq: int, asked_at_s: float) -> None:
        self._recorder.add(
            HeadRead(
                asked_at_s=asked_at_s,
                at_s=self._recorder.now_s,
                user_id=self._user_id,
                talk_id=talk_id,
                last_seq=last_seq,
            )
        )

    def _saw(self, talk_id: str, message: MessageRecord, *, pushed: bool) -> None:
        self._recorder.add(
            Wire(
                at_s=self._recorder.now_s,
                connection=self._connection,
                user_id=self._user_id,
                record=self._recorder.record(talk_id, message),
                pushed=pushed,
            )
        )


class ObservedConnection(Connection):
    """A client's connection, with an observer beside it. `is_open` from its beginning to its end."""

    def __init__(
        self, observer: Observer, clock: Any, on_push: Callable[[Packet], None], **timeouts: float
    ) -> None:
        super().__init__(clock, on_push, **timeouts)
        self._observer = observer
        self.is_open = False

    def request(self, packet: Packet) -> Deferred[Packet]:
        if self._end is not None:
            return super().request(packet)
        answered = self._observer.asked(packet)
        return super().request(packet).addBoth(_told(answered))

    def connectionMade(self) -> None:
        self.is_open = True

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.is_open = False
        super().connectionLost(reason)

    def _packet_received(self, packet: Packet) -> None:
        if not getattr(packet, "rid", 0):
            self._observer.pushed(packet)
        super()._packet_received(packet)


def _told(listener: Callable[[Any], None]) -> Callable[[Any], Any]:
    def tell(result: Any) -> Any:
        listener(result)
        return result

    return tell
