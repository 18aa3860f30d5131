"""Records of which nobody knows whether they are stored: found later, they are news once."""

from naivechat.domain.appending import Appended, Outcome, ReadMoved
from naivechat.domain.errors import NotFriend
from naivechat.domain.message import Message
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.uncertain import Name, UncertainNames

ANN = UserId("ann")


def name(number: int) -> Name:
    return ANN, bytes([number]) * 16


def appended(number: int, *, duplicate: bool) -> Appended:
    message = Message(
        talk_id=TalkId("ann:bob"),
        seq=number,
        sender_id=ANN,
        msg_type=0,
        text="",
        sent_at_ms=0,
        msg_uuid=name(number)[1],
    )
    return Appended(message=message, duplicate=duplicate)


def test_what_was_uncertain_and_is_found_is_news_once() -> None:
    names = UncertainNames()
    names.add([name(1)])
    assert names.are_any
    for duplicate in (False, True):
        found = appended(1, duplicate=True)
        assert names.correct([found], set())
        assert found.duplicate is duplicate
    assert not names.are_any


def test_what_an_earlier_run_may_have_stored_is_news_once() -> None:
    names, maybe_stored = UncertainNames(), {name(1)}
    first, again = appended(1, duplicate=True), appended(1, duplicate=True)
    names.correct([first, again], maybe_stored)
    assert (first.duplicate, again.duplicate, maybe_stored) == (False, True, set())


def test_that_something_was_stored_is_said_whatever_stands_beside_it() -> None:
    known, new = appended(1, duplicate=True), appended(2, duplicate=False)
    others: list[Outcome] = [NotFriend(), ReadMoved(seq=1, moved=True)]
    assert UncertainNames().correct([known, new], set())
    assert UncertainNames().correct([*others, known, *others], set())
    assert not UncertainNames().correct([*others, new], set())
    assert (known.duplicate, new.duplicate) == (True, False)
