"""A system played by the test: logs of talks, and a desktop whose connection and program end at any step."""

from pathlib import Path
from typing import Any

import attrs

from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MessageRecord,
    MsgAckResponse,
    MsgRequest,
    ReadRequest,
    RecallRequest,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import (
    HeartbeatRequest,
    HeartbeatResponse,
    LogoutRequest,
    OkResponse,
)
from naivechat.protocol.talk import TalkRecord
from tests.unit.client.fake_node import NOW_MS, friend, push, talk, uuid_of
from tests.unit.tkclient.logic.stage import LI, WANG, Stage
from tkclient.model.talk import Message, Sending, TalkKey

OLD = 70
"""Messages that were there before the first login."""
TALKS = (LI, WANG)


@attrs.define
class Log:
    """One talk as the node has it. `read_seq`: how far the user has read."""

    key: TalkKey
    records: list[MessageRecord] = attrs.Factory(list)
    read_seq: int = 0

    def add(self, sender_id: str, text: str, msg_uuid: bytes, **more: Any) -> MessageRecord:
        record = MessageRecord(
            seq=len(self.records) + 1,
            sender_id=sender_id,
            msg_type=more.pop("msg_type", 0),
            msg_text=text,
            sent_at=NOW_MS + len(self.records),
            msg_uuid=msg_uuid,
            **more,
        )
        self.records.append(record)
        return record

    def recall(self, seq: int, msg_uuid: bytes) -> MessageRecord:
        self.records[seq - 1] = attrs.evolve(self.records[seq - 1], msg_text="", recalled=True)
        return self.add(self.records[seq - 1].sender_id, "", msg_uuid, msg_type=5, target_seq=seq)

    @property
    def unread(self) -> int:
        theirs = [
            record
            for record in self.records[self.read_seq :]
            if record.sender_id != "me" and record.msg_type <= 3
        ]
        return min(len(theirs), 100)

    def talk(self) -> TalkRecord:
        last = self.records[-1]
        return talk(
            self.key.talk_id,
            len(self.records),
            talk_date=last.sent_at,
            talk_sketch=last.msg_text,
            read_seq=self.read_seq,
            unread=self.unread,
        )

    def page(self, request: HistoryRequest) -> HistoryResponse:
        limit = request.limit or 20
        if request.after_seq is not None:
            found = [record for record in self.records if record.seq > request.after_seq]
            page = found[:limit]
        else:
            before = request.before_seq or len(self.records) + 1
            found = [record for record in self.records if record.seq < before]
            page = found[-limit:]
        return HistoryResponse(
            rid=request.rid,
            talk_type=request.talk_type,
            talk_id=request.talk_id,
            messages=tuple(page),
            has_more=len(page) < len(found),
        )


class System:
    """Every step is one method; `end` lets everything come to rest."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.logs = {key: Log(key) for key in TALKS}
        self.written: dict[TalkKey, list[str]] = {key: [] for key in TALKS}
        self.refused: set[str] = set()
        self._numbers = 0
        self._acks: dict[bytes, MsgAckResponse] = {}
        self._is_online = False
        self._delay_s = 0.0
        for log in self.logs.values():
            for _ in range(OLD):
                log.add("li", f"old {len(log.records)}", self._uuid())
        self.stage.begin()
        self.stage.login_ui.events.login("127.0.0.1:7397", "me", "secret pw", True)
        self.connect(0)

    @property
    def ui(self) -> Any:
        return self.stage.ui

    def connect(self, _: int) -> None:
        """The connection comes back, if it is away."""
        if not self._is_online:
            self.stage.reactor.advance(self._delay_s)
            self.stage.node.log_in(**self._state())
            self._is_online = True

    def lose(self, _: int) -> None:
        """The connection breaks."""
        if self._is_online:
            self.stage.node.lose()
            self._is_online, self._delay_s = False, 3.0

    def restart(self, _: int) -> None:
        """The program ends and begins again."""
        self.stage.end()
        self._is_online, self._delay_s = False, 0.0
        self.stage.begin()

    def select(self, number: int) -> None:
        self.ui.select(TALKS[number % 2])

    def send(self, number: int) -> None:
        key = TALKS[number % 2]
        text = f"mine {len(self.written[key])} {key.talk_id}"
        self.written[key].append(text)
        self.stage.events.send(key, text)

    def hear(self, number: int) -> None:
        """Somebody writes; some pushes are lost."""
        log = self.logs[TALKS[number % 2]]
        record = log.add(log.key.talk_id, f"theirs {len(log.records)}", self._uuid())
        if number % 3:
            self._push(log, record)

    def hear_recall(self, number: int) -> None:
        """Somebody takes the last message of theirs back."""
        log = self.logs[TALKS[number % 2]]
        theirs = [record for record in log.records if record.sender_id != "me" and record.msg_type == 0]
        if theirs and not theirs[-1].recalled:
            self._push(log, log.recall(theirs[-1].seq, self._uuid()))

    def recall(self, number: int) -> None:
        """The user takes the last message of the talk on the screen back."""
        key = TALKS[number % 2]
        mine = [message for message in self.ui.messages(key).messages if message.is_mine and message.seq]
        if mine and not mine[-1].is_recalled:
            self.stage.events.recall(key, mine[-1].seq)

    def read(self, number: int) -> None:
        self.stage.events.mark_read(TALKS[number % 2])

    def load_older(self, number: int) -> None:
        self.stage.events.load_older(TALKS[number % 2])

    def retry(self, number: int) -> None:
        for message in self._failed(TALKS[number % 2]):
            self.stage.events.retry(TALKS[number % 2], message.msg_uuid)

    def discard(self, number: int) -> None:
        key = TALKS[number % 2]
        for message in self._failed(key):
            self.written[key].remove(message.text)
            self.stage.events.discard(key, message.msg_uuid)

    def answer(self, number: int) -> None:
        """The node answers what was asked; some sends it refuses, of some the answer is lost with the connection."""
        if not self._is_online:
            return
        for request in self.stage.node.take():
            if isinstance(request, MsgRequest) and number % 5 == 1:
                self.stage.node.refuse_request(request, "TOO_LARGE")
            elif isinstance(request, MsgRequest) and number % 5 == 2:
                self._answer(request)
                self.lose(0)
                return
            else:
                self.stage.node.say(attrs.evolve(self._answer(request), rid=request.rid))

    def end(self) -> None:
        """Everything that waits is done, after a login that tells what was missed."""
        self.lose(0)
        for _ in range(3):
            self.connect(0)
            for _ in range(30):
                self.stage.reactor.advance(0.5)
                self.answer(0)

    def _failed(self, key: TalkKey) -> list[Message]:
        return [m for m in self.ui.messages(key).messages if m.sending is Sending.FAILED]

    def _push(self, log: Log, record: MessageRecord) -> None:
        if self._is_online:
            known = attrs.asdict(record)
            known.pop("recalled")
            self.stage.node.say(attrs.evolve(push(1, log.key.talk_id), **known))

    def _uuid(self) -> bytes:
        self._numbers += 1
        return uuid_of(self._numbers)

    def _state(self) -> dict[str, Any]:
        talks = sorted((log.talk() for log in self.logs.values()), key=lambda each: -each.talk_date)
        friends = tuple(friend(key.talk_id) for key in TALKS)
        return {"talks": tuple(talks), "friends": friends, "server_time": NOW_MS + 1}

    def _answer(self, request: Any) -> Packet:
        if isinstance(request, MsgRequest):
            return self._store(request.msg_uuid, self._log(0, request.friend_id), request)
        if isinstance(request, RecallRequest):
            return self._store(request.msg_uuid, self._log(0, request.talk_id), request)
        if isinstance(request, HistoryRequest):
            return self._log(request.talk_type, request.talk_id).page(request)
        if isinstance(request, ReadRequest):
            log = self._log(request.talk_type, request.talk_id)
            log.read_seq = max(log.read_seq, request.seq)
        if isinstance(request, HeartbeatRequest):
            return HeartbeatResponse(rid=0, server_time=NOW_MS)
        assert isinstance(request, ReadRequest | LogoutRequest), request
        return OkResponse(rid=0)

    def _store(self, msg_uuid: bytes, log: Log, request: Any) -> MsgAckResponse:
        known = self._acks.get(msg_uuid)
        if known is not None:
            return attrs.evolve(known, duplicate=True)
        record = (
            log.recall(request.seq, msg_uuid)
            if isinstance(request, RecallRequest)
            else log.add("me", request.msg_text, msg_uuid)
        )
        log.read_seq = record.seq
        self._acks[msg_uuid] = MsgAckResponse(
            rid=0,
            talk_type=0,
            talk_id=log.key.talk_id,
            msg_uuid=msg_uuid,
            seq=record.seq,
            sent_at=record.sent_at,
            duplicate=False,
        )
        return self._acks[msg_uuid]

    def _log(self, talk_type: int, talk_id: str) -> Log:
        return self.logs[TalkKey(talk_type, talk_id)]
