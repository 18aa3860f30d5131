"""Records are pushed in rising seq, each once, and what was missed is read from the log."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from naivechat.domain.errors import Unavailable
from naivechat.domain.events import MessageStored
from naivechat.domain.message import Message
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.sockets import push_order
from naivechat.sockets.push_order import PushOrder
from tests.logs import logged_errors

ANN = User(user_id=UserId("ann"), nickname="Ann")


def stored(seq: int, talk_id: str = "ann:bob") -> MessageStored:
    message = Message(
        talk_id=TalkId(talk_id),
        seq=seq,
        sender_id=ANN.user_id,
        msg_type=0,
        text="",
        sent_at_ms=0,
        msg_uuid=bytes(16),
    )
    return MessageStored(message=message, sender=ANN)


@attrs.define
class Missing:
    """A log that is read once `answer` is called; `at_once` needs no call."""

    at_once: bool = True
    error: Exception | None = None
    gaps: list[tuple[int, int]] = attrs.Factory(list)
    waiting: Deferred[None] | None = None

    async def list_between(self, talk_id: TalkId, after_seq: int, before_seq: int) -> Any:
        self.gaps.append((after_seq, before_seq))
        if not self.at_once:
            self.waiting = Deferred()
            await self.waiting
        if self.error is not None:
            raise self.error
        return tuple((stored(seq, talk_id).message, ANN) for seq in range(after_seq + 1, before_seq)[:256])

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, None
        assert waiting is not None
        waiting.callback(None)


class Pushed:
    """A push order and what it has passed on."""

    def __init__(self, **missing: Any) -> None:
        self.seqs: list[int] = []
        self.missed: list[TalkId] = []
        self.log = Missing(**missing)
        self.order = PushOrder(
            self.log, lambda event: self.seqs.append(event.message.seq), self.missed.append
        )

    def come(self, *seqs: int) -> list[int]:
        for seq in seqs:
            self.order.stored(stored(seq))
        return self.seqs


def test_the_first_that_is_heard_of_a_talk_is_the_beginning() -> None:
    pushed = Pushed()
    assert pushed.come(7, 8, 9) == [7, 8, 9]
    assert pushed.log.gaps == []


def test_an_older_one_is_dropped() -> None:
    assert Pushed().come(7, 8, 7, 8, 3, 9) == [7, 8, 9]


def test_before_a_later_one_the_missing_are_read() -> None:
    pushed = Pushed()
    assert pushed.come(1, 4, 2, 3, 5) == [1, 2, 3, 4, 5]
    assert pushed.log.gaps == [(1, 4)]


def test_what_comes_while_the_missing_are_read_waits_in_order() -> None:
    pushed = Pushed(at_once=False)
    assert pushed.come(1, 4, 6, 5, 2) == [1]
    pushed.log.answer()
    assert pushed.seqs == [1, 2, 3, 4, 5, 6]
    assert pushed.come(7) == [1, 2, 3, 4, 5, 6, 7]


def test_another_gap_among_those_that_waited_is_read_too() -> None:
    pushed = Pushed(at_once=False)
    pushed.come(1, 3, 6)
    pushed.log.answer()
    assert pushed.seqs == [1, 2, 3]
    pushed.log.answer()
    assert pushed.seqs == [1, 2, 3, 4, 5, 6]


def test_talks_do_not_wait_for_each_other() -> None:
    pushed = Pushed(at_once=False)
    pushed.come(1, 3)
    pushed.order.stored(stored(9, ":g1"))
    assert pushed.seqs == [1, 9]
    pushed.log.answer()
    assert pushed.seqs == [1, 9, 2, 3]


def test_when_the_log_cannot_be_read_the_later_one_is_pushed_and_clients_are_told_to_sync() -> None:
    pushed = Pushed(error=Unavailable())
    assert pushed.come(1, 4, 5) == [1, 4, 5]
    assert pushed.missed == ["ann:bob"]


def test_when_more_is_missing_than_can_be_read_clients_are_told_to_sync() -> None:
    pushed = Pushed()
    pushed.come(1, 1000)
    assert pushed.seqs == [*range(1, 258), 1000]
    assert pushed.missed == ["ann:bob"]


def test_a_fault_is_logged_and_the_talk_goes_on() -> None:
    pushed = Pushed(error=ZeroDivisionError())
    assert pushed.come(1, 4, 5) == [1, 4, 5]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    assert pushed.missed == ["ann:bob"]


def test_a_record_that_cannot_be_pushed_does_not_keep_back_what_follows() -> None:
    pushed = Pushed()
    pushed.come(1)
    push, pushed.order._push = pushed.order._push, lambda _: 1 / 0
    pushed.come(3)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    pushed.order._push = push
    assert pushed.come(4) == [1, 3, 4]


def test_too_many_that_wait_are_left_to_the_next_reading() -> None:
    pushed = Pushed(at_once=False)
    pushed.come(1, *range(3, 3 + push_order.MOST_WAITING + 10))
    pushed.log.answer()
    last = 3 + push_order.MOST_WAITING
    assert pushed.seqs == list(range(1, last + 1))
    pushed.come(last + 20)
    pushed.log.answer()
    assert pushed.seqs == list(range(1, last + 21))


def test_talks_not_heard_of_for_long_are_forgotten(monkeypatch: Any) -> None:
    monkeypatch.setattr(push_order, "MOST_TALKS", 2)
    pushed = Pushed()
    for talk_id in ("a:b", "a:c", "a:b", "a:d"):
        pushed.order.stored(stored(5 + len(pushed.seqs), talk_id))
    assert list(pushed.order._pushed) == ["a:b", "a:d"]


@given(st.lists(st.integers(1, 12), max_size=40), st.integers(0, 1))
def test_whatever_comes_in_whatever_order_seqs_rise_without_a_gap(seqs: list[int], at_once: int) -> None:
    pushed = Pushed(at_once=bool(at_once))
    pushed.come(1, *seqs)
    while pushed.log.waiting is not None:
        pushed.log.answer()
    assert pushed.seqs == list(range(1, max([1, *seqs]) + 1))
