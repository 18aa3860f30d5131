"""Dialogues: the list of them, typing, and bringing a client up to date."""

import attrs

from naivechat.application.presence import Presence
from naivechat.application.talks import Talks
from naivechat.domain.ports import Clock
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.protocol.message import TypingRequest
from naivechat.protocol.session import OkResponse
from naivechat.protocol.talk import (
    DelTalkRequest,
    SetTalkRequest,
    SyncRequest,
    SyncResponse,
    TalkNoticeRequest,
    TalkNoticeResponse,
)
from naivechat.sockets import presenter
from naivechat.sockets.session import Session


@attrs.frozen
class OpenTalk:
    """TalkNoticeRequest: open a dialogue."""

    _talks: Talks

    async def answer(self, session: Session, request: TalkNoticeRequest) -> TalkNoticeResponse:
        """As `Talks.open`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        talk = await self._talks.open(session.actor, address)
        return TalkNoticeResponse(rid=request.rid, talk=presenter.talk_record(talk))


@attrs.frozen
class HideTalk:
    """DelTalkRequest: take a dialogue off the list."""

    _talks: Talks

    async def answer(self, session: Session, request: DelTalkRequest) -> OkResponse:
        """As `Talks.hide`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        await self._talks.hide(session.actor, address)
        return OkResponse(rid=request.rid)


@attrs.frozen
class SetTalk:
    """SetTalkRequest: pin or mute a dialogue."""

    _talks: Talks

    async def answer(self, session: Session, request: SetTalkRequest) -> OkResponse:
        """As `Talks.set_flags`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        await self._talks.set_flags(session.actor, address, pinned=request.pinned, muted=request.muted)
        return OkResponse(rid=request.rid)


@attrs.frozen
class Typing:
    """TypingRequest: somebody is typing."""

    _talks: Talks

    async def answer(self, session: Session, request: TypingRequest) -> OkResponse:
        """As `Talks.typing`."""
        address = TalkAddress(talk_type=TalkType(request.talk_type), other_id=request.talk_id)
        await self._talks.typing(session.actor, address)
        return OkResponse(rid=request.rid)


@attrs.frozen
class Sync:
    """SyncRequest: what has changed, a page of dialogues and all the rest."""

    _talks: Talks
    _presence: Presence
    _clock: Clock

    async def answer(self, session: Session, request: SyncRequest) -> SyncResponse:
        """As `Talks.snapshot`; the time is from before the reading, so nothing falls between two of them."""
        server_time_ms = self._clock()
        snapshot = await self._talks.snapshot(session.user_id, request.since or 0, request.offset or 0)
        online = await self._presence.online_among([f.user.user_id for f in snapshot.friends])
        return SyncResponse(
            rid=request.rid,
            server_time=server_time_ms,
            **presenter.snapshot_records(snapshot, online),
        )
