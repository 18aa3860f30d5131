"""Messages: sending, recalling, reading, history."""

import attrs

from naivechat.application.messages import Messages
from naivechat.domain.appending import Appended
from naivechat.domain.message import DEFAULT_HISTORY, HistoryRange
from naivechat.domain.talk import (
    TalkAddress,
    TalkId,
    TalkType,
    friend_talk_id,
    group_talk_id,
    talk_type_of,
)
from naivechat.domain.user import UserId
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
from naivechat.sockets.dispatch import Reply
from naivechat.sockets.session import Session


@attrs.frozen
class SendToFriend:
    """MsgRequest: a message to a friend."""

    _messages: Messages

    def begin(self, session: Session, request: MsgRequest, reply: Reply) -> None:
        """As `Messages.begin_send`."""
        talk_id = friend_talk_id(session.user_id, UserId(request.friend_id))
        _begin(self._messages, session, talk_id, request.friend_id, request, reply)


@attrs.frozen
class SendToGroup:
    """MsgGroupRequest: a message to a group."""

    _messages: Messages

    def begin(self, session: Session, request: MsgGroupRequest, reply: Reply) -> None:
        """As `Messages.begin_send`."""
        talk_id = group_talk_id(request.group_id)
        _begin(self._messages, session, talk_id, request.group_id, request, reply)


def _begin(
    messages: Messages,
    session: Session,
    talk_id: TalkId,
    other_id: str,
    request: MsgRequest | MsgGroupRequest,
    reply: Reply,
) -> None:
    def answer(outcome: Appended | Exception) -> None:
        if isinstance(outcome, Exception):
            reply(outcome)
        else:
            talk_type = int(talk_type_of(talk_id))
            reply(presenter.acknowledgement(request.rid, talk_type, other_id, request.msg_uuid, outcome))

    messages.begin_send(session.actor, talk_id, request.msg_uuid, request.msg_type, request.msg_text, answer)


@attrs.frozen
class Recall:
    """RecallRequest: take a message back."""

    _messages: Messages

    async def answer(self, session: Session, request: RecallRequest) -> MsgAckResponse:
        """As `Messages.recall`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        appended = await self._messages.recall(session.actor, address, request.seq, request.msg_uuid)
        return presenter.acknowledgement(
            request.rid, request.talk_type, request.talk_id, request.msg_uuid, appended
        )


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
