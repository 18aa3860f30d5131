"""The registry: who hears what."""

import pytest

from naivechat.domain.events import SessionOpened
from naivechat.domain.session import EndReason, SessionId, Ticket, TokenHash
from naivechat.domain.user import User, UserId
from naivechat.sockets.registry import Registry, group_topic, user_topic
from naivechat.sockets.session import Session
from tests.fakes import done

ANN = User(user_id=UserId("ann"), nickname="Ann")


class Line:
    """Remembers what was said on it."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.kicked: list[EndReason] = []

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def kick(self, reason: EndReason) -> None:
        self.kicked.append(reason)


@pytest.fixture
def registry() -> Registry:
    return Registry()


def _session(registry: Registry, number: int = 1, device: str = "desktop") -> Session:
    ticket = Ticket(user=ANN, device=device, token=b"", token_hash=TokenHash(b""), expires_at_ms=0)
    session = Session(SessionId(f"s{number}"), ticket, Line())
    registry.bind(session)
    session.release({})
    return session


def _opened(number: int, device: str = "desktop") -> SessionOpened:
    return SessionOpened(user_id=ANN.user_id, device=device, session_id=SessionId(f"s{number}"))


def test_presence_changes_with_the_first_session_and_the_last(registry: Registry) -> None:
    changes: list[bool] = []
    registry.presence_changed = lambda user_id: changes.append(registry.is_online(user_id))
    one, other = _session(registry, 1), _session(registry, 2, "phone")
    registry.unbind(one)
    registry.unbind(other)
    registry.unbind(other)
    assert changes == [True, False]


def test_the_directory_names_those_who_are_here(registry: Registry) -> None:
    _session(registry)
    assert done(registry.online_among([UserId("ann"), UserId("bob")])) == {"ann"}


def test_the_end_of_an_old_session_leaves_the_new_one(registry: Registry) -> None:
    old, new = _session(registry, 1), _session(registry, 2)
    registry.unbind(old)
    assert registry.at(user_topic("ann")) == (new,)


def test_an_older_session_gives_way_to_one_on_another_node(registry: Registry) -> None:
    session = _session(registry)
    registry.opened(_opened(1))
    registry.opened(_opened(99, "phone"))
    assert session.line.kicked == []
    registry.opened(_opened(99))
    assert session.line.kicked == [EndReason.REPLACED]
    assert registry.at(user_topic("ann")) == ()


def test_an_older_sessions_event_that_comes_late_ends_nothing(registry: Registry) -> None:
    session = _session(registry)
    registry.opened(_opened(98))
    registry.opened(_opened(1))
    assert session.line.kicked == []


def test_a_session_that_has_ended_is_bound_to_no_group(registry: Registry) -> None:
    session = _session(registry)
    registry.unbind(session)
    registry.bind_groups(session, ["g1"])
    assert registry.at(group_topic("g1")) == ()


def test_leaving_a_group_one_does_not_hear_does_nothing(registry: Registry) -> None:
    session = _session(registry)
    registry.leave_group([ANN.user_id], "g1")
    registry.join_group([ANN.user_id], "g1")
    assert registry.at(group_topic("g1")) == (session,)
    registry.leave_group([ANN.user_id], "g1")
    assert registry.at(group_topic("g1")) == ()
    assert session.floors == {}


def test_a_newcomer_hears_from_the_record_of_the_coming_on(registry: Registry) -> None:
    topic = group_topic("g1")
    newcomer = _session(registry)
    registry.join_group([ANN.user_id], "g1")
    registry.set_floor(topic, 5)
    registry.set_floor(topic, 9)
    assert newcomer.floors == {topic: 4}


def test_a_new_nickname_is_what_the_session_acts_under(registry: Registry) -> None:
    session = _session(registry)
    registry.refresh(User(user_id=ANN.user_id, nickname="Annie"))
    assert session.actor.user.nickname == "Annie"
    assert session.actor.session_id == "s1"
