"""Asking all nodes who is connected to them: a question goes to `census`, answers come to `census:<instance>`, JSON both.

Nothing is kept anywhere, so nothing is out of date, and a node that was killed is in no answer. How many answers there will be is
how many listen to `census`, by the bus's own count: nodes of versions that know no questions are neither asked nor waited for.
"""

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import attrs
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat.domain.directory import LiveSession, LiveSessions, OnlineIds, OnlineQuery
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.user import UserId

TOPIC: Final = "census"
ANSWERS_WITHIN_S: Final = 1.0

_log = Logger()


class Here(Protocol):
    """This node's own part of every answer."""

    def list_sessions(self, user_ids: Sequence[UserId]) -> tuple[LiveSession, ...]:
        """The sessions of these people."""

    def list_online(self, query: OnlineQuery) -> tuple[UserId, ...]:
        """The first people by id who are meant, as many as the query's limit and one more."""


@attrs.define(eq=False)
class _Question:
    """One that is not answered by all: how many answers are missing, how one is read, and what those say that came."""

    missing: int
    read: Callable[[Any], Any]
    whole: Deferred[None] = attrs.field(factory=Deferred)
    found: list[Any] = attrs.Factory(list)

    def answered(self, item: Any) -> None:
        self.found.append(self.read(item))
        self.missing -= 1
        if self.missing == 0:
            self.whole.callback(None)


class BusCensus:
    """Implements `domain.directory_ports.SessionDirectory`, and answers what other nodes ask.

    Args:
        instance: names this run of the node.
    """

    def __init__(self, bus: NodeBus, instance: str, here: Here, clock: IReactorTime) -> None:
        self._bus = bus
        self._here = here
        self._clock = clock
        self._own_topic = f"{TOPIC}:{instance}"
        self._numbers = itertools.count(1)
        self._open: dict[int, _Question] = {}

    def listen(self) -> None:
        """Hear questions and answers from now on."""
        self._bus.listen(TOPIC)
        self._bus.listen(self._own_topic)

    def concerns(self, topic: str) -> bool:
        """Whether what comes on a topic is a question or an answer."""
        return topic in (TOPIC, self._own_topic)

    def received(self, payload: bytes) -> None:
        """Another node asks, or answers."""
        try:
            self._take(json.loads(payload))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidRequest) as error:
            _log.warn("what another node asks or answers is not understood: {error}", error=repr(error))

    async def list_sessions(self, user_ids: Sequence[UserId]) -> LiveSessions:
        """Sessions of these people, by node and device."""
        here = self._here.list_sessions(user_ids)
        elsewhere, is_whole = await self._ask({"sessions_of": list(user_ids)}, _read_sessions)
        found = [session for sessions in (here, *elsewhere) for session in sessions]
        found.sort(key=lambda session: (session.node, session.device))
        return LiveSessions(sessions=tuple(found), is_whole=is_whole)

    async def list_online(self, query: OnlineQuery) -> OnlineIds:
        """Who is there now, by id."""
        here = self._here.list_online(query)
        elsewhere, is_whole = await self._ask({"online": attrs.asdict(query)}, _read_ids)
        user_ids = sorted({user_id for user_ids in (here, *elsewhere) for user_id in user_ids})
        has_more = len(user_ids) > query.limit
        return OnlineIds(user_ids=tuple(user_ids[: query.limit]), has_more=has_more, is_whole=is_whole)

    async def _ask(self, question: dict[str, Any], read: Callable[[Any], Any]) -> tuple[list[Any], bool]:
        """What the other nodes say, and whether all have answered."""
        if not self._bus.is_shared:
            return [], True
        counts = await self._bus.count_listeners((TOPIC,)) if self._bus.is_connected else None
        if counts is None:
            return [], False
        others = counts[0] - 1
        return await self._wait_for(_Question(others, read), question) if others > 0 else ([], True)

    async def _wait_for(self, asked: _Question, question: dict[str, Any]) -> tuple[list[Any], bool]:
        number = next(self._numbers)
        self._open[number] = asked
        self._bus.publish(TOPIC, _encode({"ask": number, "answer_to": self._own_topic, **question}))
        try:
            await asked.whole.addTimeout(ANSWERS_WITHIN_S, self._clock)
        except TimeoutError:
            return asked.found, False
        finally:
            del self._open[number]
        return asked.found, True

    def _take(self, fields: dict[str, Any]) -> None:
        if "ask" in fields:
            answer = self._answer_to(fields)
            self._bus.publish(fields["answer_to"], _encode({"number": fields["ask"], "answer": answer}))
            return
        question = self._open.get(fields["number"])
        if question is not None:
            question.answered(fields["answer"])

    def _answer_to(self, fields: dict[str, Any]) -> list[Any]:
        if "online" in fields:
            asked = fields["online"]
            query = OnlineQuery(
                text=asked["text"], node=asked.get("node", ""), after=asked["after"], limit=asked["limit"]
            )
            return list(self._here.list_online(query))
        sessions = self._here.list_sessions([UserId(user_id) for user_id in fields["sessions_of"]])
        return [attrs.astuple(session) for session in sessions]


def _read_sessions(answer: Any) -> tuple[LiveSession, ...]:
    return tuple(
        LiveSession(
            user_id=UserId(str(user_id)),
            device=str(device),
            node=str(node),
            address=str(address),
            began_at_ms=int(began_at_ms),
        )
        for user_id, device, node, address, began_at_ms, *_ in answer
    )


def _read_ids(answer: Any) -> tuple[UserId, ...]:
    return tuple(UserId(str(user_id)) for user_id in answer)


def _encode(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
