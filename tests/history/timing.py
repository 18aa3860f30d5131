"""Rules about before and after: on one connection, and across people by the one clock of the history."""

from collections import deque
from collections.abc import Iterator
from math import inf

from tests.history.event import Record
from tests.history.facts import Facts, Placing
from tests.history.verdict import Kind, Violation


def find_overtaking(facts: Facts) -> Iterator[Violation]:
    """Two messages sent to a talk on one connection are stored in the order they were sent.

    One that was sent again may have been stored by each attempt from the first on of which nothing is known.
    """
    for connection, line in facts.lines.items():
        for placings in line.placings.values():
            yield from _overtaken(connection, placings)


def find_time_travel(facts: Facts) -> Iterator[Violation]:
    """Whatever was sent after an ack stands behind the message that was acked."""
    for rows in facts.rows.values():
        earliest_s, earliest_seq = inf, 0
        for seq in sorted(rows, reverse=True):
            fate = facts.fates.get(rows[seq].msg_uuid)
            if fate is None:
                continue
            if earliest_s < fate.first.at_s:
                says = f"sent {fate.first.at_s - earliest_s:.3f} s after the ack of {earliest_seq}"
                yield _about(Kind.ACK_NOT_BEFORE_SEND, rows[seq], says)
            if fate.ack is not None and fate.ack.at_s < earliest_s:
                earliest_s, earliest_seq = fate.ack.at_s, seq


def find_stale_reads(facts: Facts) -> Iterator[Violation]:
    """Whoever asks any node after an ack learns of the message that was acked."""
    acked_before = facts.acked_before()
    for read in facts.reads:
        ack = acked_before(read.talk_id, read.asked_at_s)
        if ack is not None and ack.seq > read.last_seq:
            yield Violation(
                kind=Kind.STALE_READ,
                talk_id=read.talk_id,
                seq=ack.seq,
                msg_uuid=ack.msg_uuid,
                says=f"{read.user_id} asked {read.asked_at_s - ack.at_s:.3f} s after the ack and was told of {read.last_seq}",
            )


def find_disordered_pushes(facts: Facts) -> Iterator[Violation]:
    """On a connection a talk's records are pushed in rising seq, none of them twice."""
    for connection, line in facts.lines.items():
        for records in line.pushes.values():
            last_seq = 0
            for record in records:
                if record.seq <= last_seq:
                    says = f"pushed on connection {connection} after {last_seq}"
                    yield _about(Kind.PUSHED_OUT_OF_ORDER, record, says)
                last_seq = max(last_seq, record.seq)


def _overtaken(connection: int, placings: list[Placing]) -> Iterator[Violation]:
    earlier = deque(sorted(placings, key=lambda placing: placing.last_no))
    last_seq = 0
    for placing in sorted(placings, key=lambda placing: placing.first_no):
        while earlier[0].last_no < placing.first_no:
            last_seq = max(last_seq, earlier.popleft().ack.seq)
        ack = placing.ack
        if ack.seq < last_seq:
            yield Violation(
                kind=Kind.NOT_FIFO,
                talk_id=ack.talk_id,
                seq=ack.seq,
                msg_uuid=ack.msg_uuid,
                says=f"sent on connection {connection} after what became {last_seq}",
            )


def _about(kind: Kind, record: Record, says: str) -> Violation:
    return Violation(kind=kind, talk_id=record.talk_id, seq=record.seq, msg_uuid=record.msg_uuid, says=says)
