"""One delivery of a webhook, and what is noted of it."""

import attrs
import pytest
from twisted.internet.defer import CancelledError, Deferred

from naivechat.application.audit import AuditTrail
from naivechat.application.webhook_delivery import WebhookDelivery
from naivechat.domain.measure import Measures
from naivechat.domain.message import RECALL
from naivechat.domain.webhook import (
    GIVE_UP_MS,
    OffReason,
    Webhook,
    WebhookEvent,
)
from naivechat.domain.webhook_ports import WebhookProgress
from tests.fakes import SetClock, done
from tests.operator_fakes import MemoryAuditLog
from tests.webhook_fakes import FAILED, OK, MemoryHooks, ScriptedSender, record, webhook


class World:
    """A node that delivers, and what it notes; its clock is set."""

    def __init__(self) -> None:
        self.hooks, self.sender, self.clock, self.measures = (
            MemoryHooks(),
            ScriptedSender(),
            SetClock(),
            Measures(),
        )
        self.delivery = WebhookDelivery(
            hooks=self.hooks,
            sender=self.sender,
            audit=AuditTrail(log=MemoryAuditLog(self.hooks.store), clock=self.clock, node="n1"),
            measures=self.measures,
            clock=self.clock,
            node="run",
            chance=lambda: 0.5,
        )

    def deliver(self, hook: Webhook) -> object:
        """What was noted."""
        done(self.delivery.deliver(hook.webhook_id))
        (note,) = self.hooks.notes
        return note

    def actions(self) -> list[str]:
        return [entry.action for entry in self.hooks.store.entries]


@pytest.fixture
def world() -> World:
    return World()


def test_what_arrives_moves_the_hook_on(world: World) -> None:
    hook = webhook(delivered_seq=4, failures=3, failing_since_ms=1)
    world.hooks.offer(hook, record(5), record(6))
    note = world.deliver(hook)
    assert note == WebhookProgress(delivered_seq=6, outcome=OK, at_ms=world.clock())
    assert [url for url, _ in world.sender.posted] == [hook.url]
    assert world.measures.webhook_deliveries == {"ok": 1}


def test_a_hook_that_another_node_has_is_left_alone(world: World) -> None:
    done(world.delivery.deliver(webhook().webhook_id))
    assert (world.sender.posted, world.hooks.notes) == ([], [])


def test_what_nobody_wants_is_passed_over_without_a_delivery(world: World) -> None:
    hook = webhook(events=(WebhookEvent.RECALL,))
    world.hooks.offer(hook, record(1), record(2))
    assert world.deliver(hook) == WebhookProgress(delivered_seq=2)
    assert world.sender.posted == []


def test_a_hook_without_anything_behind_it_is_given_free(world: World) -> None:
    hook = webhook(delivered_seq=7)
    world.hooks.offer(hook)
    assert world.deliver(hook) == WebhookProgress(delivered_seq=7)


def test_what_fails_is_tried_again_after_a_growing_pause(world: World) -> None:
    world.sender.outcomes = [FAILED]
    for failures, pause_ms in ((0, 1_000), (1, 2_000), (5, 32_000)):
        world.hooks.notes.clear()
        hook = webhook(
            delivered_seq=4, failures=failures, failing_since_ms=world.clock() if failures else None
        )
        world.hooks.offer(hook, record(5))
        note = world.deliver(hook)
        wanted = WebhookProgress(delivered_seq=4, outcome=FAILED, at_ms=world.clock(), pause_ms=pause_ms)
        assert note == wanted
    assert world.measures.webhook_deliveries == {"status": 3}
    assert world.actions() == []


def test_after_a_day_of_failing_a_hook_is_switched_off_and_that_is_written_down(world: World) -> None:
    world.sender.outcomes = [FAILED]
    hook = webhook(failures=99, failing_since_ms=world.clock() - GIVE_UP_MS)
    world.hooks.offer(hook, record(1))
    assert world.deliver(hook) is OffReason.FAILED
    (entry,) = world.hooks.store.entries
    assert (entry.action, entry.subject, entry.operator_id) == ("webhook.gave_up", "club", "")
    assert dict(entry.detail) == {"webhook_id": "hook", "to": "https://bot.example", "result": "status 500"}


def test_after_a_day_of_failing_one_arrival_is_enough(world: World) -> None:
    hook = webhook(failures=99, failing_since_ms=world.clock() - GIVE_UP_MS)
    world.hooks.offer(hook, record(1))
    assert world.deliver(hook) == WebhookProgress(delivered_seq=1, outcome=OK, at_ms=world.clock())


def test_the_end_of_a_group_is_told_before_its_hook_ends(world: World) -> None:
    hook = webhook()
    world.hooks.offer(hook, record(1, msg_type=RECALL), is_dissolved=True)
    assert isinstance(world.deliver(hook), WebhookProgress)
    world.hooks.notes.clear()
    world.hooks.offer(hook, is_dissolved=True)
    assert world.deliver(hook) == "end"
    assert world.actions() == ["webhook.ended"]


def test_a_hook_of_a_dissolved_group_that_is_off_ends_with_what_it_missed(world: World) -> None:
    hook = attrs.evolve(webhook(), off_reason=OffReason.FAILED)
    world.hooks.offer(hook, record(1), is_dissolved=True)
    assert world.deliver(hook) == "end"
    assert world.sender.posted == []


def test_a_delivery_that_is_cancelled_gives_the_hook_free_and_notes_nothing(world: World) -> None:
    world.sender.waits = True
    world.hooks.offer(webhook(delivered_seq=4), record(5))
    delivering = Deferred.fromCoroutine(world.delivery.deliver(webhook().webhook_id))
    delivering.cancel()
    delivering.addErrback(lambda failure: failure.trap(CancelledError) and None)
    assert world.hooks.notes == [WebhookProgress(delivered_seq=4)]
    assert world.measures.webhook_deliveries == {}


def test_what_is_due_is_asked_in_bounds(world: World) -> None:
    for number in range(3):
        world.hooks.offer(webhook(f"hook {number}"), record(1))
    assert [due.webhook_id for due in done(world.delivery.list_due(2))] == ["hook 0", "hook 1"]
