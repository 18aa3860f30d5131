"""Messages as a program sends, reads and takes them back: over as many connections, and runs, as it takes."""

import os
from abc import abstractmethod
from collections.abc import Callable

from twisted.internet.defer import Deferred

from naivechat.client.commands import Commands
from naivechat.client.errors import ClientError
from naivechat.client.history import PAGE, Timeline
from naivechat.client.outbox import Outbox, Outgoing, Sent
from naivechat.client.reads import ReadMarks
from naivechat.client.reconnection import FOR_GOOD, Link
from naivechat.client.snapshot import Snapshot
from naivechat.client.store import LocalStore
from naivechat.client.talk import TalkKey, recall_record_of
from naivechat.protocol.message import MsgAckResponse


class Messaging(Commands):
    """What of a client waits for the node, beside what it asks it for."""

    store: LocalStore | None
    _link: Link
    _now_ms: Callable[[], int]
    _outbox: Outbox
    _reads: ReadMarks
    _snapshot: Snapshot
    _timeline: Timeline

    @property
    @abstractmethod
    def user_id(self) -> str:
        """Who logs in."""

    @property
    def waiting(self) -> tuple[Outgoing, ...]:
        """Messages on their way, in order per talk."""
        return self._outbox.waiting

    async def send(self, talk_type: int, talk_id: str, text: str, msg_type: int = 0) -> Sent:
        """Send a message and wait until it is stored, over as many connections as it takes.

        Messages of one talk are stored in the order of these calls.

        Raises:
            RequestRefused: the node refuses it for good. NotConnected: the client was stopped or kicked first.
        """
        return await self._queue(self._compose(TalkKey(talk_type, talk_id), text, msg_type))

    def submit(
        self, talk_type: int, talk_id: str, text: str, msg_type: int = 0, *, msg_uuid: bytes | None = None
    ) -> Outgoing:
        """Send a message without waiting: MessageShown tells that it is stored, SendRefused that it never will be.

        Args:
            msg_uuid: the 16 bytes of a message that was refused, to try it again; None for a new message.

        Raises:
            NotConnected: the client was kicked or logged out: there will be no connection.
        """
        outgoing = self._compose(TalkKey(talk_type, talk_id), text, msg_type, msg_uuid)
        self._queue(outgoing).addErrback(lambda failure: failure.trap(ClientError))
        return outgoing

    def discard(self, msg_uuid: bytes) -> None:
        """Forget a message that was refused for good."""
        if self.store is not None:
            self.store.remove_refused(msg_uuid)

    def _compose(self, talk: TalkKey, text: str, msg_type: int, msg_uuid: bytes | None = None) -> Outgoing:
        uuid = msg_uuid or os.urandom(16)
        return Outgoing(talk=talk, msg_uuid=uuid, msg_type=msg_type, text=text, written_at_ms=self._now_ms())

    def _queue(self, outgoing: Outgoing) -> Deferred[Sent]:
        if self._link.state in FOR_GOOD:
            raise self._link.error
        return self._outbox.add(outgoing)

    def mark_read(self, talk_type: int, talk_id: str, seq: int) -> None:
        """The talk is read up to `seq`, at once here; the node is told when it can be reached, in a later run if need be."""
        key = TalkKey(talk_type, talk_id)
        self.state.read(key, seq)
        self._reads.mark(key, seq)
        self._snapshot.keep_soon()

    async def recall(self, talk_type: int, talk_id: str, seq: int) -> MsgAckResponse:
        ack = await super().recall(talk_type, talk_id, seq)
        key = TalkKey(talk_type, talk_id)
        if ack.duplicate:
            self._timeline.learn_head(key, ack.seq)
        else:
            self._timeline.offer(key, recall_record_of(ack, self.user_id, seq))
        return ack

    async def catch_up(self, talk_type: int, talk_id: str) -> None:
        """Show what a talk has behind the last message shown.

        Nodes do not push to this session what it has done to a group: this shows it without waiting for the next message.
        """
        key = TalkKey(talk_type, talk_id)
        page = await self.history(*key, after_seq=self._timeline.shown_of(key), limit=PAGE)
        for message in page.messages:
            self._timeline.offer(key, message)
