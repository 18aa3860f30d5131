"""Asking all nodes who is connected to them: whoever is there is in the answer, and nobody is waited for in vain."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.directory import LiveSession, LiveSessions, OnlineIds, OnlineQuery
from naivechat.domain.user import UserId
from naivechat.infrastructure.census import ANSWERS_WITHIN_S, TOPIC, BusCensus
from naivechat.infrastructure.lone import LoneBus
from tests.fakes import done
from tests.node_buses import MemoryHub

LI, HAN, MEI = (UserId(name) for name in ("li", "han", "mei"))


def session(user_id: str, node: str, device: str = "desktop") -> LiveSession:
    return LiveSession(
        user_id=UserId(user_id), device=device, node=node, address="192.0.2.7", began_at_ms=1_000
    )


class Node:
    """One end of the hub, with some sessions."""

    def __init__(self, bus: Any, name: str, *sessions: LiveSession) -> None:
        self.sessions, self.asked = sessions, 0
        self.clock = Clock()
        self.census = BusCensus(bus, name, self, self.clock)
        bus.subscribe(self)
        self.census.listen()

    def list_sessions(self, user_ids: Sequence[UserId]) -> tuple[LiveSession, ...]:
        self.asked += 1
        return tuple(one for one in self.sessions if one.user_id in user_ids)

    def list_online(self, query: OnlineQuery) -> tuple[UserId, ...]:
        found = {
            one.user_id
            for one in self.sessions
            if one.user_id > query.after and query.text in one.user_id and query.node in ("", one.node)
        }
        return tuple(sorted(found)[: query.limit + 1])

    def received(self, topic: str, payload: bytes) -> None:
        assert self.census.concerns(topic)
        self.census.received(payload)

    def restored(self) -> None:
        """Nothing was missed."""


@pytest.fixture
def hub() -> MemoryHub:
    return MemoryHub(immediate=True)


def ask(node: Node, *user_ids: UserId) -> LiveSessions:
    return done(node.census.list_sessions(user_ids))


def test_sessions_are_found_on_whichever_nodes_they_are(hub: MemoryHub) -> None:
    phone, desktop = session("li", "alpha", "phone"), session("li", "beta")
    one = Node(hub.bus(), "one", phone)
    Node(hub.bus(), "two", desktop, session("han", "beta"))
    Node(hub.bus(), "three")
    found = ask(one, LI)
    assert found == LiveSessions(sessions=(phone, desktop), is_whole=True)
    assert (found.of(LI), found.of(HAN)) == ((phone, desktop), ())


def test_a_node_that_is_alone_knows_its_own_sessions() -> None:
    here = session("li", "alpha")
    assert ask(Node(LoneBus(), "one", here), LI) == LiveSessions(sessions=(here,))


def test_a_node_that_asks_alone_on_its_bus_waits_for_nobody(hub: MemoryHub) -> None:
    assert ask(Node(hub.bus(), "one"), LI) == LiveSessions()


def test_without_the_bus_it_is_said_that_some_may_be_missing(hub: MemoryHub) -> None:
    one, here = Node(hub.bus(), "one", session("li", "alpha")), session("li", "alpha")
    Node(hub.bus(), "two", session("li", "beta"))
    hub.cut()
    assert ask(one, LI) == LiveSessions(sessions=(here,), is_whole=False)


def test_a_node_that_does_not_answer_is_waited_for_a_second() -> None:
    hub = MemoryHub()
    one = Node(hub.bus(), "one")
    two = Node(hub.bus(), "two", session("li", "beta"))
    three = Node(hub.bus(), "three", session("li", "gamma"))
    asking = Deferred.fromCoroutine(one.census.list_sessions([LI]))
    hub.deliver_one(0, times=0)
    hub.deliver()
    assert (two.asked, three.asked, asking.called) == (0, 1, False)
    one.clock.advance(ANSWERS_WITHIN_S)
    assert asking.result == LiveSessions(sessions=(session("li", "gamma"),), is_whole=False)
    assert one.clock.getDelayedCalls() == []


def test_an_answer_that_comes_too_late_or_twice_changes_nothing() -> None:
    hub = MemoryHub()
    one, _ = Node(hub.bus(), "one"), Node(hub.bus(), "two", session("li", "beta"))
    late = Deferred.fromCoroutine(one.census.list_sessions([LI]))
    one.clock.advance(ANSWERS_WITHIN_S)
    assert late.result == LiveSessions(is_whole=False)
    hub.deliver()
    twice = Deferred.fromCoroutine(one.census.list_sessions([LI]))
    hub.deliver_one(0, times=2)
    hub.deliver()
    assert twice.result == LiveSessions(sessions=(session("li", "beta"),))


def test_two_questions_at_once_get_each_its_own_answer() -> None:
    hub = MemoryHub()
    one = Node(hub.bus(), "one")
    Node(hub.bus(), "two", session("li", "beta"), session("han", "beta"))
    asking = [Deferred.fromCoroutine(one.census.list_sessions([who])) for who in (LI, HAN, MEI)]
    hub.deliver()
    found = [[one.user_id for one in each.result.sessions] for each in asking]  # type: ignore[union-attr]
    assert found == [["li"], ["han"], []]


def test_who_is_online_is_told_once_by_id_a_page_at_a_time(hub: MemoryHub) -> None:
    one = Node(hub.bus(), "one", session("li", "alpha"), session("han", "alpha"))
    Node(hub.bus(), "two", session("li", "beta"), session("mei", "beta"), session("liu", "beta"))
    first = done(one.census.list_online(OnlineQuery(limit=2)))
    assert first == OnlineIds(user_ids=(HAN, LI), has_more=True)
    rest = done(one.census.list_online(OnlineQuery(limit=2, after="li")))
    assert rest == OnlineIds(user_ids=(UserId("liu"), MEI), has_more=False)
    found = done(one.census.list_online(OnlineQuery(text="li")))
    assert found.user_ids == (LI, UserId("liu"))
    of_beta = done(one.census.list_online(OnlineQuery(node="beta")))
    assert of_beta.user_ids == (LI, UserId("liu"), MEI)


@pytest.mark.parametrize(
    "answer", [7, None, [["li"]], [["li", "desktop", "beta", "", "soon"]], {"li": 1}, "sessions"]
)
def test_an_answer_that_makes_no_sense_is_as_none(answer: Any) -> None:
    hub = MemoryHub()
    one, bus = Node(hub.bus(), "one"), hub.bus()
    bus.listen(TOPIC)
    asking = Deferred.fromCoroutine(one.census.list_sessions([LI]))
    bus.publish(f"{TOPIC}:one", json.dumps({"number": 1, "answer": answer}).encode())
    one.clock.advance(ANSWERS_WITHIN_S)
    hub.deliver()
    assert asking.result == LiveSessions(is_whole=False)


@pytest.mark.parametrize(
    "question",
    [
        {"ask": 1},
        {"ask": 1, "answer_to": "x", "sessions_of": 7},
        {"ask": 1, "answer_to": "x", "online": {"text": "", "after": ""}},
        {"ask": 1, "answer_to": "x", "online": {"text": "", "after": "", "limit": 1_000_000}},
        [],
        7,
        None,
    ],
)
def test_a_question_that_makes_no_sense_gets_no_answer(hub: MemoryHub, question: Any) -> None:
    bus = hub.bus()
    Node(bus, "one", session("li", "alpha"))
    hub.bus().publish(TOPIC, json.dumps(question).encode())
    assert bus.published == []


def test_what_a_later_version_adds_does_not_matter(hub: MemoryHub) -> None:
    bus = hub.bus()
    Node(bus, "one", session("li", "alpha"))
    fields = {
        "ask": 1,
        "answer_to": "x",
        "more": 1,
        "online": {"text": "", "after": "", "limit": 5, "more": 1},
    }
    hub.bus().publish(TOPIC, json.dumps(fields).encode())
    assert [json.loads(payload) for _, payload in bus.published] == [{"number": 1, "answer": ["li"]}]


@given(payload=st.binary(max_size=40) | st.just(b"[" * 100_000))
def test_whatever_comes_on_the_bus_does_no_harm(payload: bytes) -> None:
    hub = MemoryHub(immediate=True)
    Node(hub.bus(), "one")
    other = hub.bus()
    other.publish(TOPIC, payload)
    other.publish(f"{TOPIC}:one", payload)
    assert hub.waiting == 0
