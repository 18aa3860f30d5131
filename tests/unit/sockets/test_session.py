"""A session: what is held during its login and then sent, or not, and how much that is."""

from typing import Any

import pytest

from naivechat.domain.session import SessionId
from naivechat.domain.talk import friend_talk_id, group_talk_id
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.sockets.bell import group_topic
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session
from tests.fakes import SetClock
from tests.unit.sockets.sessions import make_session, user

TALK = group_talk_id("g1")
BOB, CID = (friend_talk_id(UserId("ann"), UserId(friend)) for friend in ("bob", "cid"))
HEADS: Any = {"g1": 4}
MIB = 1_048_576


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
    session.push(b"hello", BOB, 3)
    session.release({})
    assert frames(session) == [b"hello"]


def test_a_session_is_whoever_logged_in_and_begins_when_it_is_bound() -> None:
    session, clock = make_session("ann", 3, "phone"), SetClock()
    assert (session.user_id, session.device, session.login_no) == ("ann", "phone", 3)
    assert (session.actor.user, session.actor.session_id) == (user("ann"), SessionId("ann-3"))
    assert session.began_at_ms == 0
    Registry(LoneBus(), clock).bind(session)
    assert session.began_at_ms == clock()


def test_pushes_wait_for_the_answer_of_the_login_and_come_in_order_after_it(session: Session) -> None:
    session.push(b"1")
    session.push(b"2", BOB, 1)
    assert frames(session) == []
    assert session.release({})
    session.push(b"3", BOB, 1)
    assert session.release({})
    assert frames(session) == [b"1", b"2", b"3"]


def test_records_that_the_login_covers_are_not_pushed_again(session: Session) -> None:
    for seq in (4, 5, 6):
        session.push(b"%d" % seq, BOB, seq)
    session.push(b"other", CID, 1)
    session.push(b"notice")
    assert session.release({BOB: 5})
    assert frames(session) == [b"6", b"other", b"notice"]


def test_a_group_record_up_to_the_coming_is_not_sent(session: Session) -> None:
    for seq in (4, 5):
        session.push(b"%d" % seq, TALK, seq)
    session.release({})
    assert frames(session) == [b"5"]


def test_a_mebibyte_waits_and_whoever_missed_more_is_told_to_sync(session: Session) -> None:
    session.push(b"x" * (MIB - 1))
    session.push(b"y")
    assert session.release({})
    assert len(frames(session)) == 2
    overflowed = make_session("ann")
    for _ in range(3):
        overflowed.push(b"x" * (MIB // 2))
    assert not overflowed.release({})
    assert len(frames(overflowed)) == 2


def test_a_new_name_is_what_the_session_acts_under(session: Session) -> None:
    session.refresh(user("annie"))
    assert (session.actor.user, session.actor.session_id) == (user("annie"), SessionId("ann-1"))
