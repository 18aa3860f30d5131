"""How often a person may ask for what costs others something: what is told to them, and searches.

A refusal says when to try again, and the dispatcher lets the connection wait for a moment.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs

from naivechat.domain.errors import RateLimited
from naivechat.domain.limits import Limits
from naivechat.domain.rates import Buckets, Windows
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet
from naivechat.sockets.dispatch import Handler, Reply, Route, SendHandler, SendRoute
from naivechat.sockets.session import Session

TOLD_TO_OTHERS = frozenset(
    {
        Command.MSG_REQUEST,
        Command.MSG_GROUP_REQUEST,
        Command.RECALL_REQUEST,
        Command.TYPING_REQUEST,
        Command.TALK_NOTICE_REQUEST,
        Command.ADD_FRIEND_REQUEST,
        Command.ANSWER_FRIEND_REQUEST,
        Command.DEL_FRIEND_REQUEST,
        Command.UPDATE_PROFILE_REQUEST,
        Command.CREATE_GROUP_REQUEST,
        Command.INVITE_GROUP_REQUEST,
        Command.LEAVE_GROUP_REQUEST,
        Command.REMOVE_MEMBER_REQUEST,
        Command.UPDATE_GROUP_REQUEST,
        Command.SET_ROLE_REQUEST,
        Command.DISSOLVE_GROUP_REQUEST,
    }
)
"""What the rate of messages is for."""


class Measure(Protocol):
    """How much there is for each key."""

    def take(self, key: str, now_s: float) -> float:
        """Take one. 0.0, or how many seconds to wait."""


class Ration:
    """As many requests of each person as there are to take."""

    def __init__(self, measure: Measure, limit: str, seconds: Callable[[], float]) -> None:
        self._take = measure.take
        self._limit = limit
        self._seconds = seconds

    def require(self, user_id: str) -> None:
        """Take one. RateLimited: there is none."""
        wait_s = self._take(user_id, self._seconds())
        if wait_s:
            raise RateLimited(limit=self._limit, retry_after_ms=math.ceil(wait_s * 1_000))


@attrs.frozen
class Rationed:
    """Hands on requests as a ration allows. RateLimited otherwise."""

    _handler: Handler
    _ration: Ration

    async def answer(self, session: Session, request: Any) -> Packet | None:
        """As the handler within."""
        self._ration.require(session.user_id)
        return await self._handler.answer(session, request)


class RationedSend:
    """As `Rationed`, for messages."""

    def __init__(self, handler: SendHandler, ration: Ration) -> None:
        self._begin = handler.begin
        self._require = ration.require

    def begin(self, session: Session, request: Any, reply: Reply) -> None:
        """As the handler within."""
        self._require(session.user_id)
        self._begin(session, request, reply)


def rationed(
    routes: Mapping[Command, Route | SendRoute], limits: Limits, seconds: Callable[[], float]
) -> dict[Command, Route | SendRoute]:
    """The same routes, rationed where the limits say so. All that is told to others shares one measure.

    Args:
        seconds: a clock that does not go back.
    """
    found = dict(routes)
    if limits.messages is not None:
        told = Ration(Buckets(limits.messages, limits.message_burst), "messages", seconds)
        for command in TOLD_TO_OTHERS:
            found[command] = _with(found[command], told)
    if limits.searches is not None:
        search = Command.SEARCH_FRIEND_REQUEST
        found[search] = _with(found[search], Ration(Windows(limits.searches), "searches", seconds))
    return found


def _with(route: Route | SendRoute, ration: Ration) -> Route | SendRoute:
    if isinstance(route, SendRoute):
        return attrs.evolve(route, handler=RationedSend(route.handler, ration))
    return attrs.evolve(route, handler=Rationed(route.handler, ration))
