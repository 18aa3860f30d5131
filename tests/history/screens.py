"""Rules about what people see: everything, once, in order, and on every device."""

from collections.abc import Iterator

from tests.history.event import TEXT, Record
from tests.history.facts import Facts
from tests.history.verdict import Kind, Violation


def find_repeats(facts: Facts) -> Iterator[Violation]:
    """A device shows no message twice, and the seqs of a talk rise."""
    for device, screen in facts.screens.items():
        for talk_id, records in screen.shown.items():
            yield from _repeats(device, talk_id, records)


def find_misses(facts: Facts) -> Iterator[Violation]:
    """A drained device of a member has shown all records since its person came; unknown messages are stored for all or none."""
    for device, drain in facts.drains.items():
        for talk_id, rows in facts.rows.items():
            stay = facts.present_stay(talk_id, drain.user_id)
            if stay is None or talk_id in drain.missing:
                continue
            shown = {record.seq for record in facts.screens[device].shown[talk_id]}
            for seq in sorted(seq for seq in rows.keys() - shown if stay.covers(seq)):
                yield _miss(device, rows[seq], facts)


def find_unstored(facts: Facts) -> Iterator[Violation]:
    """What was acked is in the database."""
    for msg_uuid, fate in facts.fates.items():
        ack = fate.ack
        row = facts.row(ack.talk_id, ack.seq) if ack else None
        if ack is not None and (row is None or row.msg_uuid != msg_uuid):
            yield Violation(
                kind=Kind.LOST,
                talk_id=ack.talk_id,
                seq=ack.seq,
                msg_uuid=msg_uuid,
                says="acked, and not in the database",
            )


def find_undrained(facts: Facts) -> Iterator[Violation]:
    """Every device reaches the end of every talk."""
    for device, drain in facts.drains.items():
        for talk_id in drain.missing:
            yield Violation(
                kind=Kind.NOT_DRAINED, talk_id=talk_id, says=f"{device} did not come to the end of it"
            )


def _repeats(device: str, talk_id: str, records: list[Record]) -> Iterator[Violation]:
    last_seq = 0
    known: set[bytes] = set()
    for record in records:
        if record.msg_uuid in known:
            yield _repeat(Kind.DOUBLED, talk_id, record, f"{device} showed it twice")
        elif record.seq <= last_seq:
            yield _repeat(Kind.OUT_OF_ORDER, talk_id, record, f"{device} showed it after {last_seq}")
        known.add(record.msg_uuid)
        last_seq = max(last_seq, record.seq)


def _repeat(kind: Kind, talk_id: str, record: Record, says: str) -> Violation:
    return Violation(kind=kind, talk_id=talk_id, seq=record.seq, msg_uuid=record.msg_uuid, says=says)


def _miss(device: str, record: Record, facts: Facts) -> Violation:
    fate = facts.fates.get(record.msg_uuid)
    is_unknown = record.msg_type == TEXT and fate is not None and fate.ack is None
    return Violation(
        kind=Kind.PARTIAL if is_unknown else Kind.LOST,
        talk_id=record.talk_id,
        seq=record.seq,
        msg_uuid=record.msg_uuid,
        says=f"{device} did not show it",
    )
