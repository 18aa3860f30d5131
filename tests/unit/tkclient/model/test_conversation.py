from collections.abc import Sequence

import attrs
from hypothesis import given
from hypothesis import strategies as st

from tkclient.model.conversation import Conversation
from tkclient.model.talk import Message, Sending


def message(number: int, *, seq: int | None = None, **changes: object) -> Message:
    known = Message(
        msg_uuid=number.to_bytes(16, "big"),
        seq=number if seq is None else seq,
        sender_id="li",
        sender_name="Li",
    )
    return attrs.evolve(known, **changes)  # type: ignore[arg-type]


def unsent(number: int) -> Message:
    return message(number, seq=0, is_mine=True, sending=Sending.SENDING)


def uuids(messages: Sequence[Message]) -> list[int]:
    return [int.from_bytes(each.msg_uuid, "big") for each in messages]


def test_messages_stand_in_the_order_of_the_log_however_they_come() -> None:
    conversation = Conversation([message(3), message(1), message(2)])
    assert uuids(conversation.messages) == [1, 2, 3]


def test_what_is_on_its_way_stands_last_in_the_order_it_was_written() -> None:
    conversation = Conversation([message(1), unsent(20), unsent(10)])
    conversation.put(message(2))
    assert uuids(conversation.messages) == [1, 2, 20, 10]


def test_what_was_stored_moves_to_its_place() -> None:
    conversation = Conversation([message(1), unsent(20), unsent(10)])
    conversation.put(message(10, seq=2))
    assert uuids(conversation.messages) == [1, 10, 20]


def test_what_is_stored_is_never_on_its_way_again() -> None:
    conversation = Conversation([message(10, seq=2)])
    conversation.put(unsent(10))
    assert conversation.messages[0].seq == 2


def test_another_state_replaces_the_one_before() -> None:
    conversation = Conversation([message(1), message(2)])
    conversation.update(message(1, is_recalled=True))
    assert [each.is_recalled for each in conversation.messages] == [True, False]


def test_a_state_of_what_is_not_known_changes_nothing() -> None:
    conversation = Conversation([message(1)])
    conversation.update(message(2))
    assert uuids(conversation.messages) == [1]


def test_older_ones_come_before_and_those_known_stay_as_they_are() -> None:
    conversation = Conversation([message(3, is_recalled=True)])
    conversation.prepend([message(1), message(2), message(3)], has_older=False)
    assert uuids(conversation.messages) == [1, 2, 3]
    assert conversation.messages[2].is_recalled
    assert not conversation.has_older


def test_what_is_removed_is_gone_and_may_come_again() -> None:
    conversation = Conversation([message(1), unsent(9)])
    conversation.remove(unsent(9).msg_uuid)
    conversation.remove(unsent(9).msg_uuid)
    assert uuids(conversation.messages) == [1]
    conversation.put(unsent(9))
    assert uuids(conversation.messages) == [1, 9]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.integers(1, 12)),
            st.tuples(st.just("store"), st.integers(1, 12)),
            st.tuples(st.just("fail"), st.integers(1, 12)),
            st.tuples(st.just("remove"), st.integers(1, 12)),
        ),
        max_size=60,
    )
)
def test_whatever_happens_each_message_stands_once_and_stored_ones_rise(steps: list[tuple[str, int]]) -> None:
    conversation = Conversation()
    for step, number in steps:
        if step == "write":
            conversation.put(unsent(number))
        elif step == "store":
            conversation.put(message(number))
        elif step == "fail":
            conversation.update(attrs.evolve(unsent(number), sending=Sending.FAILED))
        else:
            conversation.remove(message(number).msg_uuid)
        numbers = uuids(conversation.messages)
        assert len(numbers) == len(set(numbers))
        seqs = [each.seq for each in conversation.messages]
        stored = [seq for seq in seqs if seq]
        assert seqs == sorted(stored) + [0] * (len(seqs) - len(stored))
