"""A system played by the test: a log for each talk, and a node that pushes from them badly and answers late."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import attrs

from naivechat.client import MessageShown, ReconnectPolicy, TalkKey
from naivechat.client.talk import FRIEND, GROUP
from naivechat.protocol.message import (
    HistoryRequest,
    MessageRecord,
    MsgAckResponse,
    MsgRequest,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest, HeartbeatResponse
from naivechat.protocol.talk import SyncNotice, SyncRequest, SyncResponse
from tests.unit.client.fake_log import HISTORY_PAGE, Log
from tests.unit.client.fake_node import NOW_MS, FakeNode, login_response, uuid_of

TALKS_PAGE = 2
OLD_MS = NOW_MS - 3_600_000


class FakeSystem:
    """Logs in a client and keeps what it shows. Each step of a test is one method call, then `settle`.

    Two friends and a group with an old message each are on the first login's list, another dialogue with old ones is not,
    a new friend has not written yet, and two groups will be joined later.
    """

    def __init__(self) -> None:
        self.node = FakeNode(policy=ReconnectPolicy(draw=lambda: 0.5))
        self.shown: dict[TalkKey, list[MessageRecord]] = {}
        self.sent: defaultdict[TalkKey, list[str]] = defaultdict(list)
        self._uuids = 0
        self._busy = 0
        self._acked: dict[bytes, MsgAckResponse] = {}
        self._late: list[Packet] = []
        self._answers: list[Packet] = []
        self.logs = tuple(self._build_logs())
        self._first_listed = {log.key: log.last_seq for log in self._listed}
        self.node.client.on(MessageShown, self._keep)
        self.node.start(**self._state())

    @property
    def expected(self) -> dict[TalkKey, list[MessageRecord]]:
        """What the client has to show in the end: what its user may read and was written since the first login."""
        return {
            log.key: [message for message in log.messages if self._is_expected(log, message)]
            for log in self.logs
            if log.readable is not None and any(self._is_expected(log, message) for message in log.messages)
        }

    def write(self, number: int, deliver: Callable[[Packet], None]) -> None:
        """Somebody writes; `deliver` is one of `now`, `twice`, `late` and `never`."""
        log = self.logs[number % len(self.logs)]
        message = log.append("li", self._now_ms, self._new_uuid())
        if log.readable is not None:
            deliver(log.push(message))

    def chatter(self, number: int, deliver: Callable[[Packet], None]) -> None:
        """Somebody writes a lot at once, and all but the last are never pushed."""
        for _ in range(2 * HISTORY_PAGE):
            self.write(number, self.never)
        self.write(number, deliver)

    def join(self, number: int, deliver: Callable[[Packet], None]) -> None:
        """The user is taken into a group of which they were none; the log says so in its place."""
        log = self.logs[number % len(self.logs)]
        if log.readable is None:
            log.readable = log.last_seq + 1
            self.write(number, deliver)

    def send(self, number: int) -> None:
        """The user writes to a friend."""
        log = self.logs[number % 2]
        text = f"mine {len(self.sent[log.key])}"
        self.sent[log.key].append(text)
        self.node.run(self.node.client.send(*log.key, text)).addErrback(lambda _: None)

    def now(self, packet: Packet) -> None:
        self.node.say(packet)

    def twice(self, packet: Packet) -> None:
        self.now(packet)
        self.late(packet)

    def late(self, packet: Packet) -> None:
        self._late.append(packet)

    def never(self, packet: Packet) -> None:
        """The push is lost."""

    def catch_up(self, number: int) -> None:
        """One of the late pushes arrives."""
        if self._late:
            self.now(self._late.pop(number % len(self._late)))

    def notify(self) -> None:
        """The node says that it may have missed pushes."""
        self.now(SyncNotice())

    def be_busy(self, requests: int) -> None:
        """Refuse some requests for now."""
        self._busy = requests

    def reconnect(self) -> None:
        """The connection breaks with all that was on it, and the client comes back."""
        self.node.lose()
        self._late.clear()
        self._answers.clear()
        self.node.reactor.advance(1)
        self.node.log_in(**self._state())

    def settle(self, *, answers: int, advance_s: float) -> None:
        """Let time pass, read what the client asks, and let some of the answers arrive, the newest first."""
        self.node.reactor.advance(advance_s)
        assert self.node.line is not None
        if self.node.line.aborted:
            self.reconnect()
        self._answers += [self._answer(request) for request in self.node.take()]
        for _ in range(min(answers, len(self._answers))):
            self.now(self._answers.pop())

    def end(self) -> None:
        """Faults end; a last SyncNotice, and time for all that follows from it."""
        self._busy = 0
        self.notify()
        for _ in range(60):
            self.settle(answers=99, advance_s=0.5)

    @property
    def _now_ms(self) -> int:
        return NOW_MS + int(self.node.reactor.seconds() * 1000)

    @property
    def _listed(self) -> list[Log]:
        listed = [log for log in self.logs if log.is_listed and log.messages and log.readable is not None]
        return sorted(listed, key=lambda log: -log.messages[-1].sent_at)

    def _build_logs(self) -> list[Log]:
        old = [
            Log(key=TalkKey(FRIEND, "li")),
            Log(key=TalkKey(FRIEND, "wang")),
            Log(key=TalkKey(GROUP, "g0")),
        ]
        off_the_list = Log(key=TalkKey(FRIEND, "off"))
        joined_later = [
            Log(key=TalkKey(GROUP, "g1"), readable=None),
            Log(key=TalkKey(GROUP, "g2"), readable=None),
        ]
        for log in (*old, off_the_list, joined_later[0]):
            for _ in range(4):
                log.append("li", OLD_MS, self._new_uuid())
        off_the_list.is_listed = False
        return [*old, off_the_list, Log(key=TalkKey(FRIEND, "new")), *joined_later]

    def _is_expected(self, log: Log, message: MessageRecord) -> bool:
        return (
            log.readable is not None
            and message.seq >= log.readable
            and message.seq > self._first_listed.get(log.key, 0)
            and message.sent_at > OLD_MS
        )

    def _new_uuid(self) -> bytes:
        self._uuids += 1
        return uuid_of(self._uuids)

    def _state(self) -> dict[str, Any]:
        """What a login tells now."""
        talks = tuple(log.talk() for log in self._listed)
        return {
            "talks": talks[:TALKS_PAGE],
            "has_more": len(talks) > TALKS_PAGE,
            "server_time": self._now_ms,
        }

    def _answer(self, request: Any) -> Packet:
        if isinstance(request, HeartbeatRequest):
            return HeartbeatResponse(rid=request.rid, server_time=self._now_ms)
        if self._busy:
            self._busy -= 1
            return ErrorResponse(rid=request.rid, code="UNAVAILABLE", message="busy")
        if isinstance(request, HistoryRequest):
            return self._log_of(request.talk_type, request.talk_id).page(request)
        if isinstance(request, SyncRequest):
            return self._sync_page(request)
        assert isinstance(request, MsgRequest), request
        return attrs.evolve(self._store(request), rid=request.rid)

    def _sync_page(self, request: SyncRequest) -> SyncResponse:
        talks = [log.talk() for log in self._listed if log.messages[-1].sent_at >= (request.since or 0)]
        start = request.offset or 0
        known = login_response()
        return SyncResponse(
            rid=request.rid,
            epoch=known.epoch,
            server_time=self._now_ms,
            talks=tuple(talks[start : start + TALKS_PAGE]),
            has_more=start + TALKS_PAGE < len(talks),
            groups=(),
            friends=(),
            asked=(),
        )

    def _store(self, request: MsgRequest) -> MsgAckResponse:
        known = self._acked.get(request.msg_uuid)
        if known is not None:
            return attrs.evolve(known, duplicate=True)
        log = self._log_of(FRIEND, request.friend_id)
        message = log.append("me", self._now_ms, request.msg_uuid, request.msg_text)
        ack = MsgAckResponse(
            rid=0,
            talk_type=FRIEND,
            talk_id=request.friend_id,
            msg_uuid=request.msg_uuid,
            seq=message.seq,
            sent_at=message.sent_at,
            duplicate=False,
        )
        self._acked[request.msg_uuid] = ack
        return ack

    def _log_of(self, talk_type: int, talk_id: str) -> Log:
        return next(log for log in self.logs if log.key == TalkKey(talk_type, talk_id))

    def _keep(self, event: MessageShown) -> None:
        self.shown.setdefault(TalkKey(event.talk_type, event.talk_id), []).append(event.message)
