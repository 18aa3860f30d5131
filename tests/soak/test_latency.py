"""Latencies are told apart by whether anything was broken when a message was sent."""

import attrs
import pytest

from tests.history.event import TEXT, Event, Fault, Ok, Record, Recv, Send
from tests.soak.latency import Latencies, Trouble, percentile_s

TALK = "f:ann:bob"


def send(at_s: float, name: bytes) -> Send:
    return Send(at_s=at_s, connection=1, user_id="ann", talk_id=TALK, msg_uuid=name, text="hello")


def ok(at_s: float, name: bytes) -> Ok:
    return Ok(at_s=at_s, connection=1, msg_uuid=name, talk_id=TALK, seq=1, duplicate=False)


def recv(at_s: float, name: bytes, user_id: str) -> Recv:
    record = Record(talk_id=TALK, seq=1, sender_id="ann", msg_uuid=name, msg_type=TEXT, text="hello")
    return Recv(at_s=at_s, device=f"{user_id}/0", user_id=user_id, record=record)


def fault(began_at_s: float, ended_at_s: float) -> Fault:
    return Fault(kind="kill-node", began_at_s=began_at_s, ended_at_s=ended_at_s, happened=True)


def test_a_message_counts_from_its_first_attempt_to_its_first_ack() -> None:
    events: list[Event] = [send(1, b"a"), send(3, b"a"), ok(4, b"a"), ok(9, b"a")]
    assert Latencies.of(events, []).calm_acks_s == [3]


def test_what_is_shown_to_its_writer_does_not_count() -> None:
    events: list[Event] = [send(1, b"a"), recv(2, b"a", "ann"), recv(3, b"a", "bob")]
    assert Latencies.of(events, []).calm_shows_s == [2]


def test_what_was_sent_during_a_fault_or_soon_after_it_is_counted_apart() -> None:
    events: list[Event] = [send(1, b"a"), ok(2, b"a"), send(11, b"b"), ok(13, b"b"), recv(14, b"b", "bob")]
    latencies = Latencies.of(events, [fault(5, 8)])
    assert attrs.astuple(latencies) == ([1], [2], [], [3])


def test_faults_at_the_same_time_are_one_trouble() -> None:
    trouble = Trouble([fault(30, 31), fault(10, 20), fault(12, 13)])
    troubled = [at_s for at_s in range(0, 50, 2) if trouble.covers(at_s)]
    assert troubled == [*range(10, 26, 2), 30, 32, 34, 36]


@pytest.mark.parametrize(("share", "value_s"), [(0.5, 51), (0.99, 100), (1, 100)])
def test_percentiles_are_values_that_were_measured(share: float, value_s: float) -> None:
    assert percentile_s([float(n) for n in range(100, 0, -1)], share) == value_s


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile_s([], 0.99) is None
