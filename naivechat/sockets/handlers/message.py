"""Messages: sending, recalling, reading, history."""

import attrs

from naivechat.application.messages import Messages
from naivechat.domain.message import DEFAULT_HISTORY, HistoryRange
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MsgAckResponse,
    MsgGroupRequest,
    MsgRequest,
    ReadRequest,
    RecallRequest,
)
from naivechat.protocol.session import OkResponse
from naivechat.sockets import presenter
from naivechat.sockets.session import Session


@attrs.frozen
class SendToFriend:
    """MsgRequest: a message to a friend."""

    _messages: Messages

    async def answer(self, session: Session, request: MsgRequest) -> MsgAckResponse:
        """As `Messages.send`."""
        address = TalkAddress(talk_type=TalkType.FRIEND, other_id=request.friend_id)
        appended = await self._messages.send(
            session.actor, address, request.msg_uuid, request.msg_type, request.msg_text
        )
        return presenter.acknowledgement(request.rid, address, request.msg_uuid, appended)


@attrs.frozen
class SendToGroup:
    """MsgGroupRequest: a message to a group."""

    _messages: Messages

    async def answer(self, session: Session, request: MsgGroupRequest) -> MsgAckResponse:
        """As `Messages.send`."""
        address = TalkAddress(talk_type=TalkType.GROUP, other_id=request.group_id)
        appended = await self._messages.send(
            session.actor, address, request.msg_uuid, request.msg_type, request.msg_text
        )
        return presenter.acknowledgement(request.rid, address, request.msg_uuid, appended)


@attrs.frozen
class Recall:
    """RecallRequest: take a message back."""

    _messages: Messages

    async def answer(self, session: Session, request: RecallRequest) -> MsgAckResponse:
        """As `Messages.recall`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        appended = await self._messages.recall(session.actor, address, request.seq, request.msg_uuid)
        return presenter.acknowledgement(request.rid, address, request.msg_uuid, appended)


@attrs.frozen
class Read:
    """ReadRequest: read up to a seq."""

    _messages: Messages

    async def answer(self, session: Session, request: ReadRequest) -> OkResponse:
        """As `Messages.read`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        await self._messages.read(session.actor, address, request.seq)
        return OkResponse(rid=request.rid)


@attrs.frozen
class History:
    """HistoryRequest: a page of a talk."""

    _messages: Messages

    async def answer(self, session: Session, request: HistoryRequest) -> HistoryResponse:
        """As `Messages.history`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        wanted = HistoryRange(
            after_seq=request.after_seq,
            before_seq=request.before_seq,
            limit=DEFAULT_HISTORY if request.limit is None else request.limit,
        )
        page = await self._messages.history(session.actor, address, wanted)
        return presenter.history(request.rid, address, page)
