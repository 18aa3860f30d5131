"""Judges a history: which promises were broken, and whether the run can say anything at all."""

from collections.abc import Callable, Iterable, Iterator

from tests.history.event import Event
from tests.history.facts import Facts
from tests.history.identity import find_ambiguities, find_gaps, find_strange_records
from tests.history.screens import find_misses, find_repeats, find_undrained, find_unstored
from tests.history.secrecy import find_leaks
from tests.history.timing import (
    find_disordered_pushes,
    find_overtaking,
    find_stale_reads,
    find_time_travel,
)
from tests.history.verdict import Verdict, Violation

LEAST_ACKED = 0.9
"""A run in which a smaller share of what was to be acked was acked tells nothing."""

RULES: tuple[Callable[[Facts], Iterator[Violation]], ...] = (
    find_gaps,
    find_ambiguities,
    find_strange_records,
    find_unstored,
    find_misses,
    find_repeats,
    find_undrained,
    find_leaks,
    find_overtaking,
    find_time_travel,
    find_stale_reads,
    find_disordered_pushes,
)


def judge(history: Iterable[Event]) -> Verdict:
    """The verdict on a history, whose events are in the order of time, as far as they have one."""
    facts = Facts(history)
    return Verdict(
        violations=tuple(violation for rule in RULES for violation in rule(facts)),
        invalid=tuple(_invalidity(facts)),
        sent=len(facts.fates),
        acked=_acked(facts),
    )


def _invalidity(facts: Facts) -> Iterator[str]:
    expected = sum(not fate.is_refused for fate in facts.fates.values())
    acked = _acked(facts)
    if not expected:
        yield "nothing was sent"
    elif acked < LEAST_ACKED * expected:
        yield f"only {acked} of {expected} messages were acked"
    if not facts.drains:
        yield "no device was waited for"
    for fault in facts.faults:
        if not fault.happened:
            yield f"the fault '{fault.kind}' at {fault.began_at_s:.1f} s did not happen: {fault.detail}"


def _acked(facts: Facts) -> int:
    return sum(fate.ack is not None for fate in facts.fates.values())
