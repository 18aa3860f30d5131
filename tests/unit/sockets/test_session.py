"""What is held during a login and then sent, or not."""

from typing import Any

import pytest

from naivechat.domain.talk import friend_talk_id, group_talk_id
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.sockets.bell import group_topic
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session
from tests.fakes import SetClock
from tests.unit.sockets.sessions import make_session

TALK = group_talk_id("g1")
HEADS: Any = {"g1": 4}


@pytest.fixture
def registry() -> Registry:
    return Registry(LoneBus(), SetClock())


@pytest.fixture
def session(registry: Registry) -> Session:
    """One whose login is under way, and who belonged to a group when it ended at its fourth record."""
    session = make_session("ann")
    registry.bind(session)
    registry.bind_groups(session, HEADS)
    return session


def frames(session: Session) -> list[bytes]:
    line: Any = session.line
    frames: list[bytes] = line.frames
    return frames


def test_a_group_record_that_came_during_the_login_follows_its_answer(
    registry: Registry, session: Session
) -> None:
    session.push(b"five", TALK, 5)
    session.push(b"six", TALK, 6)
    registry.keep_groups(session, HEADS, {"g1"})
    session.release({TALK: 5})
    assert frames(session) == [b"six"]


def test_who_turns_out_to_have_left_gets_nothing_that_was_held(registry: Registry, session: Session) -> None:
    session.push(b"six", TALK, 6)
    registry.keep_groups(session, HEADS, set())
    session.release({})
    assert frames(session) == []


def test_who_had_left_and_came_again_gets_what_is_from_then_on(registry: Registry, session: Session) -> None:
    session.push(b"six", TALK, 6)
    registry.join_group([session], "g1", 8)
    session.push(b"eight", TALK, 8)
    registry.keep_groups(session, HEADS, set())
    session.release({})
    assert frames(session) == [b"eight"]
    assert registry.at(group_topic("g1")) == (session,)


def test_messages_of_friends_need_no_group(session: Session) -> None:
    session.push(b"hello", friend_talk_id(UserId("ann"), UserId("bob")), 3)
    session.release({})
    assert frames(session) == [b"hello"]
