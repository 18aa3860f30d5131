"""The rule about who may read: nobody gets a record of a talk that they were not in, not even on the wire."""

from collections.abc import Iterator

from tests.history.facts import Facts
from tests.history.verdict import Kind, Violation


def find_leaks(facts: Facts) -> Iterator[Violation]:
    """Each record reached members alone: those who had come by then, and had not gone."""
    for user_id, records in facts.seen.items():
        for record, where in records.items():
            if not facts.may_read(user_id, record):
                yield Violation(
                    kind=Kind.LEAKED,
                    talk_id=record.talk_id,
                    seq=record.seq,
                    msg_uuid=record.msg_uuid,
                    says=f"{user_id} got it, on {where}, and was not in the talk",
                )
