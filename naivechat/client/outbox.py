"""Messages on their way: kept until the node has stored them or refuses them for good.

Each talk's messages go one after another, so that a refused or lost one never lets a later one pass: of two under way at
once the first may be refused for now and the second stored, and what is stored keeps its place.
A message whose answer did not come is sent again with the same msg_uuid, which the node recognises.
All talks together go no faster than the node takes them.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from naivechat.client.errors import NotConnected, RequestRefused
from naivechat.client.pace import Pace
from naivechat.client.talk import GROUP, TalkKey
from naivechat.client.tasks import Tasks, sleep
from naivechat.protocol.message import MessageRecord, MsgAckResponse, MsgGroupRequest, MsgRequest

_RETRY_S: Final = 1.0


@attrs.frozen(kw_only=True)
class Outgoing:
    """A message that the node has not acknowledged. `msg_uuid` (16 bytes) is its name for good.

    written_at_ms: when, by this machine's clock, in milliseconds since 1970; 0 if it is not known.
    """

    talk: TalkKey
    msg_uuid: bytes
    msg_type: int
    text: str = attrs.field(repr=False)
    written_at_ms: int = 0

    def packet(self) -> MsgRequest | MsgGroupRequest:
        """The request that sends it."""
        if self.talk.talk_type == GROUP:
            return MsgGroupRequest(
                rid=0,
                group_id=self.talk.talk_id,
                msg_uuid=self.msg_uuid,
                msg_type=self.msg_type,
                msg_text=self.text,
            )
        return MsgRequest(
            rid=0,
            friend_id=self.talk.talk_id,
            msg_uuid=self.msg_uuid,
            msg_type=self.msg_type,
            msg_text=self.text,
        )


@attrs.frozen(kw_only=True)
class Sent:
    """A message that the node has stored. `sent_at` in milliseconds since 1970; `duplicate` if an earlier attempt had stored it."""

    talk: TalkKey
    msg_uuid: bytes
    seq: int
    sent_at: int
    duplicate: bool


def record_of_sent(outgoing: Outgoing, sent: Sent, sender_id: str) -> MessageRecord:
    """One's own message as history would give it."""
    return MessageRecord(
        seq=sent.seq,
        sender_id=sender_id,
        msg_type=outgoing.msg_type,
        msg_text=outgoing.text,
        sent_at=sent.sent_at,
        msg_uuid=sent.msg_uuid,
    )


class OutboxStore(Protocol):
    """Keeps what is on its way over the end of the program."""

    def add_outgoing(self, outgoing: Outgoing) -> None:
        """Keep a message, behind those kept already."""
        ...

    def remove_outgoing(self, msg_uuid: bytes) -> None:
        """Keep it no longer."""
        ...

    def refuse_outgoing(self, msg_uuid: bytes, code: str) -> None:
        """Keep it as refused for good, with this error code."""
        ...


class SendMessage(Protocol):
    """Sends a message once; raises RequestRefused or NotConnected."""

    def __call__(self, request: MsgRequest | MsgGroupRequest, /) -> Awaitable[MsgAckResponse]: ...


@attrs.define
class _Entry:
    outgoing: Outgoing
    waiter: Deferred[Sent]


class Outbox:
    """Sends messages, again if need be, in order per talk.

    on_sent: hears of each stored message. on_refused: of each that is refused for good.
    """

    def __init__(
        self,
        clock: IReactorTime,
        send: SendMessage,
        *,
        on_sent: Callable[[Outgoing, Sent], None],
        on_refused: Callable[[Outgoing, RequestRefused], None],
        store: OutboxStore | None = None,
    ) -> None:
        self._clock = clock
        self._send = Pace(clock, send)
        self._on_sent = on_sent
        self._on_refused = on_refused
        self._store = store
        self._queues: dict[TalkKey, deque[_Entry]] = {}
        self._draining: set[TalkKey] = set()
        self._is_online = False
        self._tasks = Tasks()

    def add(self, outgoing: Outgoing) -> Deferred[Sent]:
        """Take a message to be sent.

        Returns:
            Fires once it is stored. Fails with RequestRefused when it is refused for good.
        """
        if self._store is not None:
            self._store.add_outgoing(outgoing)
        return self.restore(outgoing)

    def restore(self, outgoing: Outgoing) -> Deferred[Sent]:
        """Take a message that an earlier run has kept; else as `add`."""
        entry = _Entry(outgoing, Deferred())
        self._queues.setdefault(outgoing.talk, deque()).append(entry)
        self._drain_soon(outgoing.talk)
        return entry.waiter

    @property
    def waiting(self) -> tuple[Outgoing, ...]:
        """What is not stored yet, in order per talk."""
        return tuple(entry.outgoing for queue in self._queues.values() for entry in queue)

    def went_online(self) -> None:
        """Requests can be made: send what waits."""
        self._is_online = True
        for key in tuple(self._queues):
            self._drain_soon(key)

    def went_offline(self) -> None:
        """Requests cannot be made."""
        self._is_online = False
        self._tasks.cancel_all()

    def abandon(self, error: NotConnected) -> None:
        """Stop waiting: fail all waiters with `error`. What the store keeps stays there."""
        self.went_offline()
        queues, self._queues = self._queues, {}
        for queue in queues.values():
            for entry in queue:
                entry.waiter.errback(error)

    def _drain_soon(self, key: TalkKey) -> None:
        if self._is_online and key not in self._draining:
            self._draining.add(key)
            self._tasks.start(self._drain(key))

    async def _drain(self, key: TalkKey) -> None:
        try:
            while self._is_online and key in self._queues:
                await self._send_first(self._queues[key])
                if not self._queues.get(key, True):
                    del self._queues[key]
        finally:
            self._draining.discard(key)

    async def _send_first(self, queue: deque[_Entry]) -> None:
        entry = queue[0]
        try:
            ack = await self._send(entry.outgoing.packet())
        except NotConnected:
            await sleep(self._clock, _RETRY_S)
        except RequestRefused as refusal:
            if refusal.is_temporary:
                await sleep(self._clock, refusal.pause_s(_RETRY_S))
            else:
                self._refuse_first(queue, refusal)
        else:
            self._store_first(queue, ack)

    def _refuse_first(self, queue: deque[_Entry], refusal: RequestRefused) -> None:
        entry = queue.popleft()
        if self._store is not None:
            self._store.refuse_outgoing(entry.outgoing.msg_uuid, refusal.code)
        self._on_refused(entry.outgoing, refusal)
        entry.waiter.errback(refusal)

    def _store_first(self, queue: deque[_Entry], ack: MsgAckResponse) -> None:
        entry = queue.popleft()
        if self._store is not None:
            self._store.remove_outgoing(entry.outgoing.msg_uuid)
        sent = _sent(entry.outgoing, ack)
        self._on_sent(entry.outgoing, sent)
        entry.waiter.callback(sent)


def _sent(outgoing: Outgoing, ack: MsgAckResponse) -> Sent:
    return Sent(
        talk=outgoing.talk,
        msg_uuid=outgoing.msg_uuid,
        seq=ack.seq,
        sent_at=ack.sent_at,
        duplicate=ack.duplicate,
    )
