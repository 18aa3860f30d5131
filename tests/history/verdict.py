"""What the checker finds."""

import enum
from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from tests.history.event import Event

WITNESSES = 5
EVENTS_A_WITNESS = 20


class Kind(enum.StrEnum):
    """The promises that can be broken."""

    LOST = "lost"
    DOUBLED = "doubled"
    OUT_OF_ORDER = "out of order"
    UNEXPECTED = "unexpected"
    REFUSED_BUT_DELIVERED = "refused but delivered"
    CORRUPT = "corrupt"
    FORGED = "forged"
    LEAKED = "leaked"
    PARTIAL = "partial"
    NOT_FIFO = "not in the order of sending"
    ACK_NOT_BEFORE_SEND = "stored before what was acked before it was sent"
    STALE_READ = "acked but not read"
    PUSHED_OUT_OF_ORDER = "pushed out of order"
    AMBIGUOUS = "places and names not one to one"
    GAP = "gap in the log"
    NOT_DRAINED = "not drained"


@attrs.frozen(kw_only=True)
class Violation:
    """One broken promise: where, about which record, and what was seen, in a sentence.

    `seq` and `msg_uuid` are None where no single record is meant.
    """

    kind: Kind
    talk_id: str
    says: str
    seq: int | None = None
    msg_uuid: bytes | None = None


@attrs.frozen(kw_only=True)
class Witness:
    """A violation with the events of the history that concern its message, in their order, at most 20."""

    violation: Violation
    events: tuple[Event, ...]


@attrs.frozen(kw_only=True)
class Verdict:
    """All that is wrong, and why the run says nothing (`invalid`), if so."""

    violations: tuple[Violation, ...]
    invalid: tuple[str, ...]
    sent: int
    acked: int

    @property
    def passed(self) -> bool:
        """Whether the run says something, and nothing bad."""
        return not self.violations and not self.invalid

    @property
    def counts(self) -> Counter[Kind]:
        """How many violations there are of each kind."""
        return Counter(violation.kind for violation in self.violations)


def smallest_witnesses(
    events: Sequence[Event], violations: Iterable[Violation], most: int = WITNESSES
) -> tuple[Witness, ...]:
    """The violations that are told in the fewest events: one of each kind first, then others."""
    violations = tuple(violations)
    sizes = _count_events(events, {violation.msg_uuid for violation in violations} - {None})
    ranked = sorted(violations, key=lambda violation: sizes[violation.msg_uuid])
    firsts = {violation.kind: violation for violation in reversed(ranked)}
    others = [violation for violation in ranked if firsts[violation.kind] is not violation]
    chosen = [*sorted(firsts.values(), key=lambda v: sizes[v.msg_uuid]), *others][:most]
    return tuple(Witness(violation=violation, events=_concerning(events, violation)) for violation in chosen)


def uuid_in(event: Event) -> bytes | None:
    """The message that an event is about, if it is about one."""
    record = getattr(event, "record", event)
    return getattr(record, "msg_uuid", None)


def _count_events(events: Sequence[Event], uuids: set[bytes | None]) -> Counter[bytes | None]:
    return Counter(uuid for uuid in map(uuid_in, events) if uuid in uuids)


def _concerning(events: Sequence[Event], violation: Violation) -> tuple[Event, ...]:
    if violation.msg_uuid is None:
        return ()
    found = (event for event in events if uuid_in(event) == violation.msg_uuid)
    return tuple(event for event, _ in zip(found, range(EVENTS_A_WITNESS), strict=False))
