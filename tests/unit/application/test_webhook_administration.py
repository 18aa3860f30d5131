"""Webhooks as operators make, change and try them."""

import json

import attrs
import pytest

from naivechat.application.audit import AuditTrail
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFound
from naivechat.domain.group import GroupId
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.webhook import (
    OLD_SECRET_MS,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
)
from tests.fakes import SetClock, done
from tests.operator_fakes import ADDRESS, MemoryAuditLog
from tests.webhook_fakes import CLUB, FAILED, OK, MemoryHooks, ScriptedSender

OPERATOR = ActingOperator(operator_id=OperatorId("ann"), role=OperatorRole.OPERATOR, from_address=ADDRESS)
VIEWER = attrs.evolve(OPERATOR, operator_id=OperatorId("vic"), role=OperatorRole.VIEWER)
URL = "https://bot.example/in?key=1"


class World:
    """Hooks of one group, and what is written down."""

    def __init__(self) -> None:
        self.hooks, self.sender, self.clock = MemoryHooks(), ScriptedSender(), SetClock()
        tokens = iter(range(1, 99))
        self.webhooks = WebhookAdministration(
            hooks=self.hooks,
            sender=self.sender,
            audit=AuditTrail(log=MemoryAuditLog(self.hooks.store), clock=self.clock, node="n1"),
            clock=self.clock,
            make_token=lambda size: bytes([next(tokens)]) * size,
        )

    def hook(self) -> Webhook:
        return done(self.webhooks.create(OPERATOR, CLUB, URL)).hook

    def written(self) -> list[tuple[str, str, dict[str, object]]]:
        entries, self.hooks.store.entries = self.hooks.store.entries, []
        return [(entry.operator_id, entry.action, dict(entry.detail)) for entry in entries]


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_hook_tells_its_secret_once(world: World) -> None:
    made = done(world.webhooks.create(OPERATOR, CLUB, URL, (WebhookEvent.RECALL, WebhookEvent.MESSAGE)))
    assert made.hook.webhook_id == "01" * 8
    assert made.secret == "nch_" + "02" * 32
    assert made.secret not in repr(made)
    assert world.hooks.hooks[made.hook.webhook_id][1].present == made.secret
    assert made.hook.events == (WebhookEvent.MESSAGE, WebhookEvent.RECALL)
    told = {"webhook_id": "01" * 8, "to": "https://bot.example", "events": "message recall"}
    assert world.written() == [("ann", "webhook.create", told)]


def test_what_makes_no_sense_is_refused_and_written_down(world: World) -> None:
    hook = world.hook()
    world.written()
    for refused in (
        world.webhooks.create(OPERATOR, CLUB, "ftp://bot.example"),
        world.webhooks.create(OPERATOR, CLUB, URL, ()),
        world.webhooks.change(OPERATOR, CLUB, hook.webhook_id, WebhookChange(url="nothing")),
        world.webhooks.change(OPERATOR, CLUB, hook.webhook_id, WebhookChange(events=())),
    ):
        with pytest.raises(InvalidRequest):
            done(refused)
    assert [detail["refused"] for _, _, detail in world.written()] == ["BAD_REQUEST"] * 4


def test_what_is_not_there_is_refused_and_written_down(world: World) -> None:
    hook, none, elsewhere = world.hook(), WebhookId("none"), GroupId("elsewhere")
    world.written()
    for group_id, webhook_id in ((CLUB, none), (elsewhere, hook.webhook_id)):
        for refused in (
            world.webhooks.change(OPERATOR, group_id, webhook_id, WebhookChange(is_on=False)),
            world.webhooks.renew_secret(OPERATOR, group_id, webhook_id),
            world.webhooks.test(OPERATOR, group_id, webhook_id),
            world.webhooks.remove(OPERATOR, group_id, webhook_id),
        ):
            with pytest.raises(NotFound):
                done(refused)
    with pytest.raises(NotFound):
        done(world.webhooks.create(OPERATOR, elsewhere, URL))
    assert {detail["refused"] for _, _, detail in world.written()} == {"NOT_FOUND"}


def test_viewers_look_at_hooks_and_see_no_more_of_urls_than_where_they_lead(world: World) -> None:
    hook = world.hook()
    world.written()
    assert done(world.webhooks.list_webhooks(OPERATOR, CLUB)) == (hook,)
    assert [seen.url for seen in done(world.webhooks.list_webhooks(VIEWER, CLUB))] == ["https://bot.example"]
    for refused in (
        world.webhooks.create(VIEWER, CLUB, URL),
        world.webhooks.change(VIEWER, CLUB, hook.webhook_id, WebhookChange(is_on=False)),
        world.webhooks.renew_secret(VIEWER, CLUB, hook.webhook_id),
        world.webhooks.test(VIEWER, CLUB, hook.webhook_id),
        world.webhooks.remove(VIEWER, CLUB, hook.webhook_id),
    ):
        with pytest.raises(Forbidden):
            done(refused)
    assert [(who, detail["refused"]) for who, _, detail in world.written()] == [("vic", "FORBIDDEN")] * 5
    assert world.sender.posted == []


def test_a_change_is_written_down_without_the_secret_part_of_the_url(world: World) -> None:
    hook = world.hook()
    world.written()
    change = WebhookChange(url="http://new.example:81/key", events=(WebhookEvent.GROUP,), is_on=False)
    changed = done(world.webhooks.change(OPERATOR, CLUB, hook.webhook_id, change))
    assert (changed.url, changed.events, changed.is_on) == (change.url, change.events, False)
    ((_, action, detail),) = world.written()
    assert action == "webhook.change"
    assert (detail["to"], detail["events"], detail["on"]) == ("http://new.example:81", "group", False)


def test_a_new_secret_is_told_once_and_the_old_one_signs_for_a_day(world: World) -> None:
    hook = world.hook()
    (_, before), now_ms = world.hooks.hooks[hook.webhook_id], world.clock()
    secret = done(world.webhooks.renew_secret(OPERATOR, CLUB, hook.webhook_id))
    _, known = world.hooks.hooks[hook.webhook_id]
    assert known.at(now_ms + OLD_SECRET_MS - 1) == (secret, before.present)
    assert known.at(now_ms + OLD_SECRET_MS) == (secret,)
    assert secret not in str(world.written())


def test_a_trial_is_sent_and_its_result_written_down(world: World) -> None:
    hook = world.hook()
    world.written()
    for outcome, words in ((OK, "ok 200"), (FAILED, "status 500")):
        world.sender.outcomes = [outcome]
        assert done(world.webhooks.test(OPERATOR, CLUB, hook.webhook_id)) == outcome
        ((_, action, detail),) = world.written()
        assert (action, detail["result"]) == ("webhook.test", words)
    url, message = world.sender.posted[0]
    assert (url, json.loads(message.body)["test"]) == (URL, True)


def test_a_hook_that_was_removed_is_gone(world: World) -> None:
    hook = world.hook()
    world.written()
    done(world.webhooks.remove(OPERATOR, CLUB, hook.webhook_id))
    assert done(world.webhooks.list_webhooks(OPERATOR, CLUB)) == ()
    assert world.written() == [("ann", "webhook.remove", {"webhook_id": hook.webhook_id})]
