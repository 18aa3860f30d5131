from hypothesis import given
from hypothesis import strategies as st

from naivechat.client.sequence import TalkSequence
from tests.unit.client.fake_node import record


def seqs(messages: object) -> list[int]:
    return [message.seq for message in messages]  # type: ignore[attr-defined]


def test_the_next_message_is_shown_at_once_and_a_known_one_dropped() -> None:
    sequence = TalkSequence(4)
    assert seqs(sequence.offer(record(5))) == [5]
    assert seqs(sequence.offer(record(5))) == []
    assert not sequence.has_gap


def test_an_early_message_waits_for_those_before_it() -> None:
    sequence = TalkSequence(0)
    assert seqs(sequence.offer(record(3))) == []
    assert sequence.has_gap
    assert seqs(sequence.fill((record(1), record(2), record(3)), 3)) == [1, 2, 3]
    assert not sequence.has_gap


def test_what_history_leaves_out_is_passed_over() -> None:
    sequence = TalkSequence(2)
    sequence.learn_head(9)
    assert seqs(sequence.fill((record(7), record(8), record(9)), 9)) == [7, 8, 9]


def test_a_talk_of_which_nothing_may_be_read_has_no_gap() -> None:
    sequence = TalkSequence(2)
    sequence.learn_head(9)
    assert sequence.fill((), 9) == ()
    assert sequence.shown == 9 and not sequence.has_gap


def test_before_the_beginning_is_known_everything_is_held() -> None:
    sequence = TalkSequence()
    assert sequence.offer(record(8)) == ()
    assert sequence.has_gap and sequence.first_missing == 8
    assert sequence.fill((), 0) == ()
    assert seqs(sequence.start_at(7)) == [8]


def test_giving_up_begins_again_after_the_highest_known() -> None:
    sequence = TalkSequence(1)
    sequence.offer(record(4))
    sequence.give_up()
    assert not sequence.has_gap
    assert seqs(sequence.offer(record(5))) == [5]


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(1, n), max_size=40))))
def test_pushes_in_any_order_lost_or_doubled_are_shown_once_in_order(case: tuple[int, list[int]]) -> None:
    last, pushed = case
    sequence = TalkSequence(0)
    shown = [seq for push in pushed for seq in seqs(sequence.offer(record(push)))]
    assert shown == list(range(1, len(shown) + 1))
    sequence.learn_head(last)
    while sequence.has_gap:
        assert sequence.shown is not None
        page = tuple(record(seq) for seq in range(sequence.shown + 1, last + 1))[:3]
        shown += seqs(sequence.fill(page, 0))
    assert shown == list(range(1, last + 1))
