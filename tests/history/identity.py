"""Rules about what a record is: one name and one place for good, what its sender wrote, nothing that nobody sent."""

from collections.abc import Iterator

from tests.history.event import TEXT, Record
from tests.history.facts import Facts
from tests.history.verdict import Kind, Violation


def find_gaps(facts: Facts) -> Iterator[Violation]:
    """Each log runs 1, 2, 3 … in the database."""
    for talk_id, rows in facts.rows.items():
        missing = set(range(1, max(rows) + 1)) - rows.keys()
        for seq in sorted(missing):
            yield Violation(kind=Kind.GAP, talk_id=talk_id, seq=seq, says="the database has no such record")


def find_ambiguities(facts: Facts) -> Iterator[Violation]:
    """(talk, seq) and uuid belong to each other, one to one, in acks, frames, screens and the database."""
    names: dict[tuple[str, int], bytes] = {}
    places: dict[bytes, tuple[str, int]] = {}
    for (talk_id, seq), msg_uuid, where in _pairs(facts):
        other_name = names.setdefault((talk_id, seq), msg_uuid)
        other_place = places.setdefault(msg_uuid, (talk_id, seq))
        if other_name != msg_uuid or other_place != (talk_id, seq):
            yield Violation(
                kind=Kind.AMBIGUOUS,
                talk_id=talk_id,
                seq=seq,
                msg_uuid=msg_uuid,
                says=f"{where} has it here; elsewhere the place is {other_name.hex()}'s, its own {other_place}",
            )


def find_strange_records(facts: Facts) -> Iterator[Violation]:
    """A record of the log is as somebody sent it, who was not refused; what people see is a record of the log."""
    for record, where in _distinct(facts):
        strangeness = _strangeness(record, facts)
        if strangeness is not None:
            kind, says = strangeness
            yield Violation(
                kind=kind,
                talk_id=record.talk_id,
                seq=record.seq,
                msg_uuid=record.msg_uuid,
                says=f"{where}: {says}",
            )


def _pairs(facts: Facts) -> Iterator[tuple[tuple[str, int], bytes, str]]:
    for record, where in _distinct(facts):
        yield (record.talk_id, record.seq), record.msg_uuid, where
    for ack in facts.acks:
        yield (ack.talk_id, ack.seq), ack.msg_uuid, f"an ack on connection {ack.connection}"


def _distinct(facts: Facts) -> Iterator[tuple[Record, str]]:
    """Every record as it was seen, each form once, the database's first."""
    seen = {record: "the database" for rows in facts.rows.values() for record in rows.values()}
    yield from seen.items()
    for records in facts.seen.values():
        for record, where in records.items():
            if record not in seen:
                seen[record] = where
                yield record, where


def _strangeness(record: Record, facts: Facts) -> tuple[Kind, str] | None:
    """What is wrong with a record, if anything is."""
    row = facts.row(record.talk_id, record.seq)
    if record.msg_type != TEXT:
        return None if record == row else (Kind.UNEXPECTED, "the log has no such record")
    fate = facts.fates.get(record.msg_uuid)
    if fate is None:
        return Kind.UNEXPECTED, "nobody sent this"
    if fate.is_refused:
        return Kind.REFUSED_BUT_DELIVERED, f"all {fate.attempts} attempts were refused"
    if record.sender_id != fate.first.user_id:
        return Kind.FORGED, f"{fate.first.user_id} sent this, not {record.sender_id}"
    if (record.text, record.talk_id) != (fate.first.text, fate.first.talk_id):
        return Kind.CORRUPT, f"sent was {fate.first.text!r} to {fate.first.talk_id}, not {record.text!r}"
    if row is None:
        return Kind.UNEXPECTED, "the database has no record here"
    return None
