"""Records are pushed to an audience in rising seq, each once; what is missing comes by the bus or is read from the log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import capturedLogs, formatEvent

from naivechat.domain.errors import Unavailable
from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkId
from naivechat.sockets import push_order
from naivechat.sockets.audience import Audience
from naivechat.sockets.bell import user_topic
from tests.logs import logged_errors
from tests.unit.sockets.pushing import GROUP, TALK, Pushed, record

ME = SessionId("bob-1")


def test_the_first_that_is_heard_of_a_talk_is_the_beginning() -> None:
    pushed = Pushed()
    assert pushed.come(7, 8, 9) == [7, 8, 9]
    assert pushed.log.readings == []


def test_of_the_next_record_that_concerns_nobody_only_the_seq_is_kept() -> None:
    pushed = Pushed()
    assert pushed.order.pass_over(pushed.audience, TALK, 7)
    assert pushed.order.pass_over(pushed.audience, TALK, 8)
    assert pushed.come(8, 9) == [9]
    assert pushed.log.readings == []


def test_a_record_that_is_not_the_next_is_not_passed_over() -> None:
    pushed = Pushed()
    pushed.come(7)
    assert not pushed.order.pass_over(pushed.audience, TALK, 9)
    assert not pushed.order.pass_over(pushed.audience, TALK, 7)
    assert pushed.come(9) == [7, 8, 9]


def test_while_something_is_missing_nothing_is_passed_over() -> None:
    pushed = Pushed()
    pushed.come(7)
    pushed.log.head = 9
    pushed.order.come(pushed.audience, record(9))
    assert not pushed.order.pass_over(pushed.audience, TALK, 8)
    assert pushed.settle() == [7, 8, 9]


def test_beside_other_nodes_the_first_that_is_heard_of_is_not_passed_over() -> None:
    pushed = Pushed(shared=True)
    assert not pushed.order.pass_over(pushed.audience, TALK, 7)


def test_beside_other_nodes_the_next_of_a_talk_that_was_heard_of_is_passed_over() -> None:
    pushed = Pushed(shared=True)
    pushed.audience.set_pushed(TALK, 7)
    assert pushed.order.pass_over(pushed.audience, TALK, 8)


def test_an_older_one_is_dropped() -> None:
    assert Pushed().come(7, 8, 7, 8, 3, 9) == [7, 8, 9]


def test_for_an_older_one_nothing_waits() -> None:
    pushed = Pushed()
    pushed.come(7, 8)
    for seq in (8, 3):
        pushed.order.come(pushed.audience, record(seq))
    pushed.order.expect(pushed.audience, TALK, 7, 8)
    assert pushed.order.pass_over(pushed.audience, TALK, 9)
    assert pushed.clock.getDelayedCalls() == []


def test_what_is_missing_is_read_before_a_later_one_is_pushed() -> None:
    pushed = Pushed()
    assert pushed.come(1) == [1]
    assert pushed.come(4) == [1, 2, 3, 4]
    assert pushed.log.readings == [(1, 4)]
    assert pushed.come(2, 3, 5) == [1, 2, 3, 4, 5]


def test_what_comes_in_another_order_is_not_read() -> None:
    pushed = Pushed()
    assert pushed.come(1, 4, 3, 2, 5) == [1, 2, 3, 4, 5]
    assert pushed.log.readings == []


def test_the_bus_has_a_moment_to_bring_what_is_missing() -> None:
    pushed = Pushed(shared=True)
    assert pushed.come(1, 3) == [1]
    pushed.clock.advance(push_order.WAIT_FOR_BUS_S / 2)
    assert pushed.come(2) == [1, 2, 3]
    pushed.clock.advance(1)
    assert pushed.log.readings == []


def test_what_the_bus_does_not_bring_in_that_moment_is_read() -> None:
    pushed = Pushed(shared=True)
    pushed.come(1, 3)
    pushed.clock.advance(push_order.WAIT_FOR_BUS_S)
    assert pushed.seqs == [1, 2, 3]


def test_beside_other_nodes_the_beginning_is_the_first_stored_since_the_audience_is_there() -> None:
    pushed = Pushed(shared=True, sent_at_ms={5: 1_000_000, 6: 1_000_000})
    assert pushed.come(7) == [5, 6, 7]
    assert pushed.log.readings == [(0, 7), (4, 7)]
    assert pushed.come(8) == [5, 6, 7, 8]
    assert pushed.missed == 0


def test_clocks_of_nodes_may_differ_by_ten_seconds() -> None:
    pushed = Pushed(shared=True, sent_at_ms={5: 989_999, 6: 990_000})
    assert pushed.come(7) == [6, 7]


def test_what_was_pushed_while_the_beginning_is_looked_up_is_not_pushed_again() -> None:
    pushed = Pushed(shared=True, at_once=False, sent_at_ms={3: 1_000_000})
    pushed.come(4)
    pushed.audience.set_pushed(TALK, 4)
    pushed.log.answer()
    assert pushed.come(5) == [5]


def test_what_was_stored_before_the_audience_was_there_is_not_pushed() -> None:
    pushed = Pushed(shared=True)
    assert pushed.come(30) == [30]
    assert pushed.log.readings == [(13, 30)]


def test_when_more_may_have_been_missed_than_is_looked_up_clients_are_told_to_sync() -> None:
    pushed = Pushed(shared=True, sent_at_ms=dict.fromkeys(range(1, 100), 1_000_000))
    assert pushed.come(30) == list(range(14, 31))
    assert pushed.missed == 1
    assert pushed.come(31)[-1] == 31
    assert pushed.missed == 1


@pytest.mark.parametrize(("first_seq", "missed"), [(17, 0), (18, 1)])
def test_when_all_that_was_missed_is_looked_up_there_is_nothing_to_sync(first_seq: int, missed: int) -> None:
    pushed = Pushed(shared=True, sent_at_ms=dict.fromkeys(range(1, 100), 1_000_000))
    assert pushed.come(first_seq) == list(range(first_seq - 16, first_seq + 1))
    assert pushed.missed == missed


def test_what_comes_while_the_beginning_is_looked_up_waits() -> None:
    pushed = Pushed(shared=True, at_once=False, sent_at_ms={3: 1_000_000})
    pushed.come(4, 5)
    pushed.log.at_once = True
    assert pushed.come(6) == []
    pushed.log.answer()
    assert pushed.seqs == [3, 4, 5, 6]


def test_when_the_beginning_cannot_be_looked_up_whatever_came_is_it() -> None:
    pushed = Pushed(shared=True, error=Unavailable())
    assert pushed.come(4, 5) == [4, 5]


def test_on_a_node_alone_there_is_no_bus_to_wait_for() -> None:
    pushed = Pushed()
    for seq in (1, 3):
        pushed.log.head = seq
        pushed.order.come(pushed.audience, record(seq))
    pushed.clock.advance(0)
    assert pushed.seqs == [1, 2, 3]


def test_without_the_bus_there_is_nothing_to_wait_for() -> None:
    pushed = Pushed(shared=True, connected=False)
    assert pushed.come(1, 3) == [1, 2, 3]


def test_what_comes_while_the_missing_are_read_waits_in_order() -> None:
    pushed = Pushed(at_once=False)
    pushed.come(1, 4)
    assert pushed.come(6, 5, 2) == [1, 2]
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
    pushed.order.come(pushed.audience, record(9, ":g1"))
    assert pushed.seqs == [1, 9]
    pushed.log.answer()
    assert pushed.seqs == [1, 9, 2, 3]


def test_records_known_to_be_stored_are_read_when_they_do_not_come() -> None:
    pushed = Pushed()
    pushed.come(1)
    assert pushed.expect(2, 4) == [1, 2, 3, 4]
    assert pushed.log.readings == [(1, 5)]


def test_of_a_talk_not_heard_of_the_first_known_record_is_the_beginning() -> None:
    assert Pushed().expect(5, 6) == [5, 6]


def test_records_that_were_pushed_are_not_expected() -> None:
    pushed = Pushed()
    pushed.come(4, 5)
    assert pushed.expect(4, 5) == [4, 5]
    assert pushed.log.readings == []


def test_catching_up_reads_to_the_end_of_the_log() -> None:
    pushed = Pushed(head=600)
    pushed.audience.set_pushed(TALK, 10)
    pushed.order.catch_up(pushed.audience, TALK)
    pushed.settle()
    assert pushed.seqs == list(range(11, 601))
    assert pushed.come(601) == list(range(11, 602))
    assert pushed.missed == 0


def test_the_session_that_has_a_record_already_is_named_even_when_it_waited() -> None:
    pushed = Pushed()
    pushed.come(1)
    pushed.order.come(pushed.audience, record(3), ME)
    pushed.come(2)
    assert pushed.origins == [None, None, ME]


def test_the_session_that_has_the_second_record_is_named_when_the_first_is_read() -> None:
    pushed = Pushed(head=2)
    pushed.audience.set_pushed(TALK, 0)
    pushed.order.come(pushed.audience, record(2), ME)
    assert pushed.settle() == [1, 2]
    assert pushed.origins == [None, ME]


def test_when_the_log_cannot_be_read_the_later_one_is_pushed_and_clients_are_told_to_sync() -> None:
    pushed = Pushed(error=Unavailable("The storage is away."))
    pushed.come(1)
    with capturedLogs() as events:
        assert pushed.come(4, 5) == [1, 4, 5]
    assert pushed.missed == 1
    assert list(map(formatEvent, events)) == [
        "missed records of a talk could not be read: The storage is away."
    ]


def test_what_the_bus_brings_while_the_log_cannot_be_read_is_pushed_once() -> None:
    pushed = Pushed(at_once=False, error=Unavailable())
    pushed.come(1, 3)
    assert pushed.come(2, 4) == [1, 2, 3, 4]
    pushed.log.answer()
    assert pushed.come(4, 5) == [1, 2, 3, 4, 5]


def test_when_a_catching_up_cannot_be_read_clients_are_told_to_sync() -> None:
    pushed = Pushed(error=Unavailable(), head=9)
    pushed.audience.set_pushed(TALK, 5)
    pushed.order.catch_up(pushed.audience, TALK)
    pushed.settle()
    assert pushed.missed == 1
    pushed.log.error = None
    assert pushed.come(10) == [6, 7, 8, 9, 10]


def test_when_very_much_is_missing_clients_are_told_to_sync() -> None:
    pushed = Pushed()
    pushed.come(1)
    pushed.come(5000)
    assert pushed.seqs == [*range(1, 1026), 5000]
    assert pushed.missed == 1


def test_where_very_much_of_a_group_is_missing_its_events_are_read_all_the_same_and_clients_are_told_to_sync() -> (
    None
):
    pushed = Pushed(head=5000, events=frozenset({900, 1024, 1025, 4000, 4999}))
    pushed.audience.set_pushed(GROUP, 1)
    pushed.order.come(pushed.audience, record(5000, GROUP))
    pushed.settle()
    assert pushed.seqs == [*range(2, 1026), 5000]
    assert pushed.left_out == [4000, 4999]
    assert pushed.missed == 1


def test_catching_up_with_very_much_of_a_group_reads_its_events_to_the_end_of_the_log() -> None:
    pushed = Pushed(head=5000, events=frozenset({5000}))
    pushed.audience.set_pushed(GROUP, 0)
    pushed.order.catch_up(pushed.audience, GROUP)
    pushed.settle()
    assert pushed.seqs == list(range(1, 1025))
    assert pushed.left_out == [5000]
    assert pushed.missed == 1
    pushed.order.come(pushed.audience, record(5001, GROUP))
    assert pushed.seqs[-1] == 5001


def test_while_very_much_of_a_group_is_read_what_comes_waits_even_if_the_log_goes_away() -> None:
    pushed = Pushed(head=2000, events=frozenset({1999}))
    pushed.audience.set_pushed(GROUP, 900)
    pushed.order.come(pushed.audience, record(1990, GROUP))
    pushed.log.at_once = False
    pushed.settle()
    for _ in range(4):
        pushed.log.answer()
    pushed.log.error = Unavailable()
    pushed.log.answer()
    pushed.order.come(pushed.audience, record(2001, GROUP))
    assert pushed.seqs == list(range(901, 1925))
    pushed.log.error = None
    pushed.log.at_once = True
    pushed.clock.advance(push_order.READ_AGAIN_S)
    assert pushed.seqs == [*range(901, 1925), 1990, 2001]
    assert pushed.left_out == [1999]


def test_what_the_bus_brings_while_very_much_of_a_group_is_read_is_pushed_and_not_left_out() -> None:
    pushed = Pushed(head=2000, events=frozenset({1925, 1926}))
    pushed.audience.set_pushed(GROUP, 900)
    pushed.order.come(pushed.audience, record(1990, GROUP))
    pushed.log.at_once = False
    pushed.settle()
    for _ in range(4):
        pushed.log.answer()
    pushed.order.come(pushed.audience, record(1925, GROUP))
    pushed.log.at_once = True
    pushed.log.answer()
    assert pushed.seqs == [*range(901, 1926), 1990]
    assert pushed.left_out == [1926]


def test_in_a_group_what_stands_behind_records_that_the_log_does_not_have_yet_is_read_with_them() -> None:
    pushed = Pushed(head=3)
    pushed.audience.set_pushed(GROUP, 3)
    pushed.order.come(pushed.audience, record(5, GROUP))
    assert (pushed.settle(), pushed.missed) == ([], 1)
    pushed.log.head = 6
    pushed.order.come(pushed.audience, record(6, GROUP))
    assert (pushed.settle(), pushed.missed) == ([4, 5, 6], 1)


def test_what_the_log_does_not_have_is_not_waited_for_and_what_stands_behind_it_is_pushed() -> None:
    pushed = Pushed(never_there=frozenset({2, 3}))
    assert pushed.come(1, 6) == [1, 4, 5, 6]


@pytest.mark.parametrize("start", [0, 1])
def test_a_thousand_records_are_read_for_an_audience_and_no_more(start: int) -> None:
    pushed = Pushed(piece=250)
    pushed.audience.set_pushed(TALK, start)
    assert pushed.come(5_000) == [*range(start + 1, start + 1_001), 5_000]
    assert pushed.missed == 1
    assert [after_seq - start for after_seq, _ in pushed.log.readings] == [0, 250, 500, 750]


@pytest.mark.parametrize("start", [0, 1])
def test_of_records_that_the_log_has_no_more_clients_are_told_to_sync(start: int) -> None:
    pushed = Pushed()
    pushed.audience.set_pushed(TALK, start)
    pushed.order.expect(pushed.audience, TALK, 2, 4)
    assert pushed.settle() == []
    assert pushed.missed == 1
    assert pushed.come(5) == [5]


def test_how_much_is_missing_counts_and_not_how_long_the_talk_is() -> None:
    pushed = Pushed()
    pushed.audience.set_pushed(TALK, 5_000)
    assert pushed.come(5_003) == [5_001, 5_002, 5_003]
    assert pushed.missed == 0


def test_a_fault_is_logged_and_the_talk_goes_on() -> None:
    pushed = Pushed(error=ZeroDivisionError())
    pushed.come(1)
    assert pushed.come(4, 5) == [1, 4, 5]
    (event,) = logged_errors.flush(ZeroDivisionError)
    assert formatEvent(event) == "missed records of talk ann:bob could not be read"
    assert pushed.missed == 1


def test_a_record_that_cannot_be_pushed_does_not_keep_back_what_follows() -> None:
    pushed = Pushed()
    pushed.come(1)
    push, pushed.order._push = pushed.order._push, lambda *_: 1 / 0
    pushed.come(3)
    (event,) = logged_errors.flush(ZeroDivisionError)
    assert formatEvent(event) == "records of talk ann:bob were not pushed"
    pushed.order._push = push
    assert pushed.come(4) == [1, 3, 4]


def test_more_that_waits_than_is_kept_is_read_again() -> None:
    pushed = Pushed(at_once=False)
    pushed.come(1, *range(3, 3 + 256 + 10))
    pushed.log.at_once = True
    pushed.log.answer()
    assert pushed.seqs == list(range(1, 3 + 256 + 10))
    assert pushed.log.readings == [(1, 3), (258, 269)]


def test_nothing_is_read_for_an_audience_that_has_gone() -> None:
    pushed = Pushed(shared=True)
    pushed.come(1, 3)
    pushed.audience.sessions.clear()
    pushed.clock.advance(1)
    assert pushed.log.readings == []


def test_a_frame_that_is_no_record_goes_to_all_who_listen() -> None:
    pushed = Pushed()
    (session,) = pushed.audience.sessions.values()
    session.release({})
    pushed.audience.tell(b"x")
    assert session.line.frames == [b"x"]


def test_an_audience_forgets_the_talks_it_heard_of_first() -> None:
    audience = Audience(user_topic("bob"), 1_000_000)
    for number in range(1_002):
        audience.set_pushed(TalkId(f"a:b{number}"), number)
    assert audience.pushed(TalkId("a:b1")) is None
    assert audience.pushed(TalkId("a:b2")) == 2


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=40),
    st.booleans(),
    st.booleans(),
)
def test_whatever_comes_in_whatever_order_seqs_rise_without_a_gap(
    steps: list[tuple[bool, int]], at_once: bool, shared: bool
) -> None:
    pushed = Pushed(at_once=at_once, shared=shared)
    pushed.come(1)
    for by_bus, seq in steps:
        pushed.come(seq) if by_bus else pushed.expect(seq, seq)
    for _ in range(60):
        pushed.clock.advance(1)
        if pushed.log.waiting is not None:
            pushed.log.answer()
    assert pushed.seqs == list(range(1, max([1, *(seq for _, seq in steps)]) + 1))
