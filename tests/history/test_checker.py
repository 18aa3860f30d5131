"""Good histories pass; each class of violation, put into a good history, is found and named."""

import attrs
import pytest
from hypothesis import given

from tests.history import damage as d
from tests.history.checker import judge
from tests.history.damage import Damage
from tests.history.event import Event, Fault, Info, Ok, Send
from tests.history.invention import FRIENDS, GROUP, Invention, Step, invented, steps
from tests.history.verdict import Kind, smallest_witnesses, uuid_in


@given(steps)
def test_a_good_history_passes(script: list[Step]) -> None:
    verdict = judge(invented(script))
    assert verdict.passed, verdict


def a_history() -> list[Event]:
    """A good one with everything in it: Cid comes, hears, goes and comes again; one message's fate stays unknown."""
    invention = Invention()
    ann, other_ann, bob, other_bob, cid = invention.devices
    for device in (ann, bob, ann, other_ann, bob):
        invention.send(device, FRIENDS, "acked")
        invention.send(device, GROUP, "acked")
    for device in (ann, other_ann, bob, other_bob):
        invention.show(device, FRIENDS, most=2)
        invention.show(device, GROUP, most=4)
    invention.guest_comes_or_goes()
    invention.send(cid, GROUP, "acked")
    invention.show(cid, GROUP, most=9)
    invention.guest_comes_or_goes()
    invention.send(cid, GROUP, "refused")
    invention.send(ann, GROUP, "acked")
    invention.guest_comes_or_goes()
    invention.read(bob, FRIENDS)
    invention.send(bob, FRIENDS, "unknown but stored")
    invention.send(ann, FRIENDS, "acked")
    return invention.finish()


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (d.not_shown_on_one_device, {Kind.LOST}),
        (d.a_lost_group_event, {Kind.LOST}),
        (d.the_last_one_is_not_stored, {Kind.LOST}),
        (d.shown_twice, {Kind.DOUBLED}),
        (d.two_change_places_on_a_screen, {Kind.OUT_OF_ORDER}),
        (d.nobody_sent_it, {Kind.UNEXPECTED}),
        (d.shown_but_not_in_the_log, {Kind.UNEXPECTED}),
        (d.refused_but_stored, {Kind.REFUSED_BUT_DELIVERED}),
        (d.another_text, {Kind.CORRUPT}),
        (d.another_sender, {Kind.FORGED}),
        (d.pushed_to_a_stranger, {Kind.LEAKED}),
        (d.shown_from_before_joining, {Kind.LEAKED}),
        (d.some_see_what_is_unknown, {Kind.PARTIAL}),
        (d.stored_twice, {Kind.AMBIGUOUS, Kind.DOUBLED, Kind.ACK_NOT_BEFORE_SEND}),
        (d.acked_as_another, {Kind.AMBIGUOUS, Kind.LOST}),
        (d.a_hole_in_the_log, {Kind.GAP}),
        (d.overtaken_on_a_connection, {Kind.NOT_FIFO}),
        (d.stored_before_what_was_acked_first, {Kind.ACK_NOT_BEFORE_SEND}),
        (d.told_less_than_was_acked, {Kind.STALE_READ}),
        (d.pushed_twice, {Kind.PUSHED_OUT_OF_ORDER}),
        (d.stuck, {Kind.NOT_DRAINED}),
    ],
)
def test_damage_to_a_good_history_is_found_and_named(damage: Damage, kinds: set[Kind]) -> None:
    history = a_history()
    assert judge(history).passed, judge(history)
    damage(history)
    verdict = judge(history)
    assert set(verdict.counts) == kinds, verdict
    assert not verdict.passed


def test_a_run_in_which_too_little_was_acked_is_invalid() -> None:
    history = [event for event in a_history() if type(event) is not Ok]
    verdict = judge(history)
    assert verdict.invalid == (f"only 0 of {verdict.sent - 1} messages were acked",)
    assert not verdict.passed


def test_a_run_whose_fault_did_not_happen_is_invalid() -> None:
    fault = Fault(kind="kill a node", began_at_s=1.0, ended_at_s=2.0, happened=False, detail="still there")
    verdict = judge([*a_history(), fault])
    assert verdict.invalid == ("the fault 'kill a node' at 1.0 s did not happen: still there",)


def test_a_run_without_messages_and_devices_is_invalid() -> None:
    assert judge([]).invalid == ("nothing was sent", "no device was waited for")


def test_witnesses_are_of_every_kind_first_and_hold_what_concerns_their_message() -> None:
    history = a_history()
    d.shown_twice(history)
    d.stuck(history)
    d.another_text(history)
    d.pushed_twice(history)
    violations = judge(history).violations
    witnesses = smallest_witnesses(history, violations, most=4)
    assert {witness.violation.kind for witness in witnesses} == {
        Kind.DOUBLED,
        Kind.NOT_DRAINED,
        Kind.CORRUPT,
        Kind.PUSHED_OUT_OF_ORDER,
    }
    for witness in witnesses:
        assert {uuid_in(event) for event in witness.events} <= {witness.violation.msg_uuid}
        assert bool(witness.events) == (witness.violation.msg_uuid is not None)


def test_an_attempt_of_unknown_fate_makes_a_later_refusal_no_promise() -> None:
    history = a_history()
    unknown = next(event for event in history if type(event) is Info)
    send = history[d.first(history, Send, msg_uuid=unknown.msg_uuid)]
    assert type(send) is Send
    again = attrs.evolve(send, at_s=90.0, connection=90)
    refusal = d.refusal(again, "NOT_FRIEND")
    assert judge([*history, again, refusal]).passed
