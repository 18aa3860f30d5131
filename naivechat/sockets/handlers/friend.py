"""Friends: finding people, becoming friends and ceasing to be."""

import attrs

from naivechat.application.friends import Friends
from naivechat.application.presence import Presence
from naivechat.domain.friend import Friend
from naivechat.domain.user import UserId
from naivechat.protocol.friend import (
    AddFriendRequest,
    AddFriendResponse,
    AnswerFriendRequest,
    DelFriendRequest,
    SearchFriendRequest,
    SearchFriendResponse,
    SetRemarkRequest,
)
from naivechat.protocol.session import OkResponse
from naivechat.sockets import presenter
from naivechat.sockets.session import Session

DEFAULT_FOUND = 20


@attrs.frozen
class SearchFriends:
    """SearchFriendRequest: find people."""

    _friends: Friends

    async def answer(self, session: Session, request: SearchFriendRequest) -> SearchFriendResponse:
        """As `Friends.search`."""
        limit = DEFAULT_FOUND if request.limit is None else request.limit
        page = await self._friends.search(session.actor, request.search_key, limit, request.offset or 0)
        return presenter.search_result(request.rid, page)


@attrs.frozen
class AddFriend:
    """AddFriendRequest: become friends, or ask to."""

    _friends: Friends
    _presence: Presence

    async def answer(self, session: Session, request: AddFriendRequest) -> AddFriendResponse | OkResponse:
        """As `Friends.add`."""
        friend = await self._friends.add(session.actor, UserId(request.friend_id), request.greeting or "")
        return await _friend_or_ok(request.rid, friend, self._presence)


@attrs.frozen
class AnswerFriend:
    """AnswerFriendRequest: accept or refuse."""

    _friends: Friends
    _presence: Presence

    async def answer(self, session: Session, request: AnswerFriendRequest) -> AddFriendResponse | OkResponse:
        """As `Friends.answer`."""
        friend = await self._friends.answer(session.actor, UserId(request.user_id), request.accept)
        return await _friend_or_ok(request.rid, friend, self._presence)


async def _friend_or_ok(
    rid: int, friend: Friend | None, presence: Presence
) -> AddFriendResponse | OkResponse:
    if friend is None:
        return OkResponse(rid=rid)
    online = await presence.online_among((friend.user.user_id,))
    return presenter.friend_added(rid, friend, online)


@attrs.frozen
class RemoveFriend:
    """DelFriendRequest: end a friendship."""

    _friends: Friends

    async def answer(self, session: Session, request: DelFriendRequest) -> OkResponse:
        """As `Friends.remove`."""
        await self._friends.remove(session.actor, UserId(request.friend_id))
        return OkResponse(rid=request.rid)


@attrs.frozen
class SetRemark:
    """SetRemarkRequest: one's own name for a friend."""

    _friends: Friends

    async def answer(self, session: Session, request: SetRemarkRequest) -> OkResponse:
        """As `Friends.set_remark`."""
        await self._friends.set_remark(session.actor, UserId(request.friend_id), request.remark)
        return OkResponse(rid=request.rid)
