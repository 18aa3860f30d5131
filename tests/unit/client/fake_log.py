"""Talks' logs as a node has them, played by the test."""

from typing import Any

import attrs

from naivechat.client import TalkKey
from naivechat.client.talk import GROUP
from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MessageRecord,
    MsgGroupResponse,
    MsgResponse,
)
from naivechat.protocol.talk import TalkRecord
from tests.unit.client.fake_node import NOW_MS, FakeNode, record, talk

HISTORY_PAGE = 3


@attrs.define(kw_only=True)
class Log:
    """One talk. Messages from `readable` on are this user's to read; None while they are no member."""

    key: TalkKey
    messages: list[MessageRecord] = attrs.Factory(list)
    readable: int | None = 1
    is_listed: bool = True

    @property
    def last_seq(self) -> int:
        return len(self.messages)

    def append(self, sender_id: str, sent_at: int, msg_uuid: bytes, text: str = "") -> MessageRecord:
        message = MessageRecord(
            seq=self.last_seq + 1,
            sender_id=sender_id,
            msg_type=0,
            msg_text=text or f"{self.key.talk_id} {self.last_seq + 1}",
            sent_at=sent_at,
            msg_uuid=msg_uuid,
        )
        self.messages.append(message)
        self.is_listed = True
        return message

    def talk(self) -> TalkRecord:
        """The talk as a login lists it."""
        return talk(
            self.key.talk_id, self.last_seq, talk_type=self.key.talk_type, talk_date=self.messages[-1].sent_at
        )

    def page(self, request: HistoryRequest) -> HistoryResponse:
        """What the node answers."""
        readable = self.messages[(self.readable or 1) - 1 :]
        if request.after_seq is not None:
            found = [message for message in readable if message.seq > request.after_seq]
            page = found[:HISTORY_PAGE]
        else:
            found = [message for message in readable if message.seq < (request.before_seq or 0)]
            page = found[-HISTORY_PAGE:]
        return HistoryResponse(
            rid=request.rid,
            talk_type=request.talk_type,
            talk_id=request.talk_id,
            messages=tuple(page),
            has_more=len(page) < len(found),
        )

    def push(self, message: MessageRecord) -> MsgResponse | MsgGroupResponse:
        """The message as it is pushed."""
        known = attrs.asdict(message)
        del known["recalled"]
        if self.key.talk_type == GROUP:
            return MsgGroupResponse(talk_id=self.key.talk_id, sender_name="Li", sender_head="", **known)
        return MsgResponse(talk_id=self.key.talk_id, **known)


def give_history(
    node: FakeNode, request: Any, last: int, *, first: int = 1, limit: int = 100, sent_at: int = NOW_MS
) -> None:
    """Answer a HistoryRequest from a log whose readable messages are `first`…`last`."""
    if request.after_seq is not None:
        seqs = [seq for seq in range(first, last + 1) if seq > request.after_seq]
        page = seqs[:limit]
    else:
        seqs = [seq for seq in range(first, last + 1) if seq < request.before_seq]
        page = seqs[-limit:]
    messages = tuple(record(seq, sent_at=sent_at) for seq in page)
    answer = HistoryResponse(
        rid=0,
        talk_type=request.talk_type,
        talk_id=request.talk_id,
        messages=messages,
        has_more=len(page) < len(seqs),
    )
    node.answer(request, answer)
