"""The roster: which sessions a node has, as its operators are told."""

import pytest

from naivechat.domain.directory import LiveSession, OnlineQuery
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.sockets.registry import Registry
from naivechat.sockets.roster import Roster
from tests.fakes import SetClock
from tests.unit.sockets.sessions import bound_session


@pytest.fixture
def clock() -> SetClock:
    return SetClock(now_ms=5_000)


@pytest.fixture
def registry(clock: SetClock) -> Registry:
    return Registry(LoneBus(), clock)


@pytest.fixture
def roster(registry: Registry) -> Roster:
    return Roster(registry, lambda: "alpha")


def test_a_session_has_its_device_and_address_and_when_it_began(
    registry: Registry, roster: Roster, clock: SetClock
) -> None:
    bound_session(registry, "ann")
    clock.now_ms = 9_000
    bound_session(registry, "ann", 2, "phone")
    bound_session(registry, "bob")
    desktop, phone = (
        LiveSession(
            user_id=UserId("ann"), device=device, node="alpha", address="192.0.2.7", began_at_ms=began_at_ms
        )
        for device, began_at_ms in (("desktop", 5_000), ("phone", 9_000))
    )
    assert roster.list_sessions([UserId("ann"), UserId("nobody")]) == (desktop, phone)


def test_a_session_that_has_ended_is_not_told_of(registry: Registry, roster: Roster) -> None:
    registry.unbind(bound_session(registry, "ann"))
    assert roster.list_sessions([UserId("ann")]) == ()
    assert roster.list_online(OnlineQuery()) == ()


def test_people_are_told_of_by_id_once_and_one_more_than_is_shown(registry: Registry, roster: Roster) -> None:
    for number, user_id in enumerate(("dan", "bob", "ann", "eve", "bob")):
        bound_session(registry, user_id, number, f"d{number}")
    assert roster.list_online(OnlineQuery(limit=2)) == ("ann", "bob", "dan")
    assert roster.list_online(OnlineQuery(limit=2, after="bob")) == ("dan", "eve")


def test_a_text_is_looked_for_in_ids_and_nicknames_whatever_the_case(
    registry: Registry, roster: Roster
) -> None:
    for user_id in ("ann", "bob", "Hannes"):
        bound_session(registry, user_id)
    registry.refresh(User(user_id=UserId("bob"), nickname="Joanne %_"))
    assert roster.list_online(OnlineQuery(text="ANN")) == ("Hannes", "ann", "bob")
    assert roster.list_online(OnlineQuery(text="%_")) == ("bob",)
    assert roster.list_online(OnlineQuery(text="zoë")) == ()


def test_people_of_a_node_are_told_of_by_that_node_alone(registry: Registry, roster: Roster) -> None:
    bound_session(registry, "ann")
    assert roster.list_online(OnlineQuery(node="alpha")) == ("ann",)
    assert roster.list_online(OnlineQuery(node="beta")) == ()
    assert roster.list_online(OnlineQuery()) == ("ann",)
