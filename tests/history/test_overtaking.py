"""Messages of one connection stand in the order of sending, each of them at any attempt that may have stored it."""

from tests.history.event import Event, Fail, Info, Ok, Send
from tests.history.facts import Facts
from tests.history.timing import find_overtaking

A, B = b"a", b"b"


def sent(msg_uuid: bytes) -> Send:
    return Send(at_s=0.0, connection=1, user_id="ann", talk_id="ann:bob", msg_uuid=msg_uuid, text="hi")


def acked(msg_uuid: bytes, seq: int) -> Ok:
    return Ok(at_s=0.0, connection=1, msg_uuid=msg_uuid, talk_id="ann:bob", seq=seq, duplicate=False)


def unknown(msg_uuid: bytes) -> Info:
    return Info(at_s=0.0, connection=1, msg_uuid=msg_uuid)


def refused(msg_uuid: bytes) -> Fail:
    return Fail(at_s=0.0, connection=1, msg_uuid=msg_uuid, code="RATE_LIMITED")


def overtaken(*history: Event) -> list[int]:
    return [violation.seq or 0 for violation in find_overtaking(Facts(history))]


def test_who_was_sent_later_stands_behind() -> None:
    assert overtaken(sent(A), sent(B), acked(A, 1), acked(B, 2)) == []
    assert overtaken(sent(A), sent(B), acked(A, 2), acked(B, 1)) == [1]


def test_what_an_attempt_of_unknown_fate_may_have_stored_may_stand_where_that_was_sent() -> None:
    assert overtaken(sent(A), unknown(A), sent(B), sent(A), acked(B, 2), acked(A, 1)) == []
    assert overtaken(sent(A), unknown(A), sent(B), sent(A), acked(B, 1), acked(A, 2)) == []


def test_before_its_first_attempt_it_may_not_stand() -> None:
    assert overtaken(sent(B), acked(B, 2), sent(A), unknown(A), sent(A), acked(A, 1)) == [1]


def test_an_attempt_that_was_refused_has_stored_nothing() -> None:
    assert overtaken(sent(A), refused(A), sent(B), acked(B, 2), sent(A), acked(A, 1)) == [1]
