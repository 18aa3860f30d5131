"""How often a person may ask for what costs others something: what is told to them, searches, and long answers.

A refusal says when to try again, and the dispatcher lets the connection wait for a moment. Whoever reads is not refused: a page
comes when it may, and until then the connection is read no further.
"""

import functools
import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

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


LONG_LIST: Final = 10
"""As so many pages counts what may be thousands of people: 8 ms of a node for 2,000, where a page of history is 0.6 ms."""

PAGES: Final[Mapping[Command, int]] = {
    Command.HISTORY_REQUEST: 1,
    Command.SYNC_REQUEST: LONG_LIST,
    Command.GROUP_MEMBERS_REQUEST: LONG_LIST,
}
"""What the rate of pages is for, and how many each request counts."""


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


class Postponed:
    """Hands on requests as soon as each person's measure has what they count."""

    def __init__(
        self, handler: Handler, measure: Measure, count: int, clock: IReactorTime, waited: Callable[[], None]
    ) -> None:
        self._handler = handler
        self._take = measure.take
        self._count = count
        self._clock = clock
        self._waited = waited

    async def answer(self, session: Session, request: Any) -> Packet | None:
        """As the handler within, perhaps later."""
        missing, waited = self._count, False
        while missing:
            wait_s = self._take(session.user_id, self._clock.seconds())
            if not wait_s:
                missing -= 1
                continue
            if not waited:
                waited = True
                self._waited()
            await deferLater(self._clock, wait_s)
        return await self._handler.answer(session, request)


def rationed(
    routes: Mapping[Command, Route | SendRoute], limits: Limits, clock: IReactorTime, refused: Counter[str]
) -> dict[Command, Route | SendRoute]:
    """The same routes, rationed where the limits say so. All that is told to others shares one measure, and all that is read.

    Args:
        clock: does not go back.
        refused: counts how often a page had to wait.
    """
    seconds = clock.seconds
    found = dict(routes)
    if limits.messages is not None:
        told = Ration(Buckets(limits.messages, limits.message_burst), "messages", seconds)
        for command in TOLD_TO_OTHERS:
            found[command] = _with(found[command], told)
    if limits.searches is not None:
        search = Command.SEARCH_FRIEND_REQUEST
        found[search] = _with(found[search], Ration(Windows(limits.searches), "searches", seconds))
    if limits.pages is not None:
        pages = Buckets(limits.pages, limits.page_burst)
        waited = functools.partial(refused.update, ("pages",))
        for command, count in PAGES.items():
            route = found[command]
            if isinstance(route, Route):
                postponed = Postponed(route.handler, pages, count, clock, waited)
                found[command] = attrs.evolve(route, handler=postponed)
    return found


def _with(route: Route | SendRoute, ration: Ration) -> Route | SendRoute:
    if isinstance(route, SendRoute):
        return attrs.evolve(route, handler=RationedSend(route.handler, ration))
    return attrs.evolve(route, handler=Rationed(route.handler, ration))
