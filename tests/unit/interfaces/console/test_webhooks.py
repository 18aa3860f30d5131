"""Webhooks in the browser: made, tried, changed, switched and removed, and what viewers see of them."""

import re

import attrs
import pytest

from naivechat.domain.group import GroupId
from naivechat.domain.webhook import (
    DeliveryOutcome,
    DeliveryResult,
    OffReason,
    Webhook,
    WebhookEvent,
    WebhookId,
)
from naivechat.interfaces.console.webhooks import told_result
from naivechat.interfaces.console.words import Words
from tests.fakes import done
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.visitor import Page, Visitor, World

URL = "https://bot.example/in?key=1"
FORMS = ("create", "change", "off", "on", "secret", "test", "remove")


@pytest.fixture
def world() -> World:
    """Ann and a group of hers."""
    world = World()
    (ann,) = world.chat.people("ann")
    done(world.chat.groups.create(ann, "Rowing", "", ()))
    world.hooks.group_ids = world.chat.store.groups
    return world


def group_id(world: World) -> GroupId:
    (found,) = world.chat.store.groups
    return found


def post(world: World, visitor: Visitor, form: str, **fields: str) -> Page:
    return visitor.post(f"/console/groups/webhooks/{form}", id=group_id(world), HX_Request="true", **fields)


def make(world: World, **fields: str) -> Webhook:
    """A hook that olga has just made."""
    world.hooks.hooks.clear()
    post(world, world.visitor("olga"), "create", url=URL, **(fields or {"message": "on"}))
    ((hook, _),) = world.hooks.hooks.values()
    return hook


def seen(world: World, visitor: Visitor) -> str:
    """The page, without what stands around it."""
    return visitor.get(f"/console/groups/webhooks?id={group_id(world)}").text.split("<main")[1]


def set_hook(world: World, hook: Webhook, **values: object) -> None:
    known = world.hooks.hooks[hook.webhook_id][1]
    world.hooks.hooks[hook.webhook_id] = (attrs.evolve(hook, **values), known)  # type: ignore[arg-type]


def test_the_page_of_a_group_leads_to_its_webhooks(world: World) -> None:
    vera = world.visitor("vera")
    address = f"/console/groups/webhooks?id={group_id(world)}"
    assert f'href="{address}"' in vera.get(f"/console/groups/one?id={group_id(world)}").text
    assert "Nothing is sent." in vera.get(address).text


def test_a_webhook_is_made_and_its_secret_shown_once(world: World) -> None:
    olga = world.visitor("olga")
    page = post(world, olga, "create", url=f" {URL} ", message="on", group="on")
    ((hook, known),) = world.hooks.hooks.values()
    assert (page.status, page.header("hx-trigger")) == (200, "changed")
    assert known.present in page.text and "It is shown only this once." in page.text
    assert (hook.url, hook.events) == (URL, (WebhookEvent.MESSAGE, WebhookEvent.GROUP))
    text = seen(world, olga)
    assert "https://bot.example" in text and "Messages, Events of the group" in text
    assert known.present not in text
    assert world.actions()[-1] == "webhook.create"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"url": "ftp://x", "message": "on"}, 400),
        ({"url": URL}, 400),
        ({"message": "on"}, 400),
        ({"url": URL, "message": "on", "id": "nothing"}, 404),
        ({"url": URL, "message": "on", "id": "安"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(world: World, fields: dict[str, str], status: int) -> None:
    given = {"id": group_id(world)} | fields
    page = world.visitor("olga").post("/console/groups/webhooks/create", HX_Request="true", **given)
    assert (page.status, page.header("hx-retarget")) == (status, "#notice")
    assert world.hooks.hooks == {}


def test_a_webhook_is_changed(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    page = post(world, olga, "change", webhook=hook.webhook_id, url="http://new.example", recall="on")
    assert "The webhook was changed." in page.text
    ((changed, _),) = world.hooks.hooks.values()
    assert (changed.url, changed.events) == ("http://new.example", (WebhookEvent.RECALL,))


def test_a_webhook_is_switched_off_and_on_with_or_without_what_it_missed(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    assert "The webhook is off." in post(world, olga, "off", webhook=hook.webhook_id).text
    set_hook(world, hook, off_reason=OffReason.OPERATOR, backlog=3)
    assert "Switch on, from now on" in seen(world, olga)
    assert "The webhook is on." in post(world, olga, "on", webhook=hook.webhook_id).text
    assert [found.backlog for found, _ in world.hooks.hooks.values()] == [3]
    post(world, olga, "on", webhook=hook.webhook_id, skip="yes")
    assert [(found.backlog, found.is_on) for found, _ in world.hooks.hooks.values()] == [(0, True)]


def test_a_new_secret_is_shown_once(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    before = world.hooks.hooks[hook.webhook_id][1].present
    page = post(world, olga, "secret", webhook=hook.webhook_id)
    after = world.hooks.hooks[hook.webhook_id][1].present
    assert after != before
    assert after in page.text and before not in page.text


def test_a_trial_tells_how_it_went(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    page = post(world, olga, "test", webhook=hook.webhook_id)
    assert (page.status, "The test: arrived (200)." in page.text) == (200, True)
    world.sender.outcomes = [DeliveryOutcome(result=DeliveryResult.NOT_ALLOWED)]
    page = post(world, olga, "test", webhook=hook.webhook_id)
    assert page.status == 409
    assert "its address is not allowed" in page.text


def test_a_webhook_is_removed(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    assert "The webhook was removed." in post(world, olga, "remove", webhook=hook.webhook_id).text
    assert world.hooks.hooks == {}
    assert post(world, olga, "remove", webhook=hook.webhook_id).status == 404


def test_how_deliveries_go_is_shown(world: World) -> None:
    hook, vera = make(world), world.visitor("vera")
    states = [
        ({}, "On"),
        ({"failures": 2, "failing_since_ms": 5_000}, "Failing"),
        ({"off_reason": OffReason.OPERATOR}, "Off"),
        ({"off_reason": OffReason.FAILED}, "Given up"),
    ]
    for values, state in states:
        set_hook(world, hook, last_attempt_at_ms=7_000, last_result="status 500", backlog=1_234, **values)
        text = seen(world, vera)
        assert re.findall(r'class="pill \w+">([^<]+)<', text) == [state]
        assert "answered, but not with success (500)" in text and "1,234" in text
    set_hook(world, hook, failures=1, failing_since_ms=5_000)
    assert "1970-01-01T00:00:05Z" in seen(world, vera)


def test_every_result_has_words() -> None:
    words = Words("zh_CN")
    for result in DeliveryResult:
        told = told_result(words, result.value)
        assert told and told != result.value
    assert told_result(words, "") == ""
    assert told_result(words, "newer 7") == "newer (7)"


def test_viewers_see_where_webhooks_lead_and_no_more(world: World) -> None:
    hook, vera = make(world), world.visitor("vera")
    text = seen(world, vera)
    assert "https://bot.example" in text
    assert "key=1" not in text
    assert "hx-post" not in text
    for form in FORMS:
        page = post(world, vera, form, webhook=hook.webhook_id, url=URL, message="on")
        assert page.status == 403
    assert world.sender.posted == []
    assert [found for found, _ in world.hooks.hooks.values()] == [hook]


def test_without_the_sessions_token_nothing_is_done(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    for form in FORMS:
        page = post(world, olga, form, webhook=hook.webhook_id, url=URL, message="on", X_CSRF_Token="guess")
        assert page.status == 403
    assert [found for found, _ in world.hooks.hooks.values()] == [hook]


@pytest.mark.parametrize("identity", ["", "nothing", "%C3%A9", "%27%20OR%201=1"])
def test_a_group_that_is_not_there_has_no_page(world: World, identity: str) -> None:
    assert world.visitor("olga").get(f"/console/groups/webhooks?id={identity}").status == 404


def test_a_webhook_of_another_group_is_not_found(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    set_hook(world, hook, group_id=GroupId("elsewhere"))
    for form in ("change", "off", "on", "secret", "test", "remove"):
        page = post(world, olga, form, webhook=hook.webhook_id, url=URL, message="on")
        assert page.status == 404


def test_what_others_have_named_is_text(world: World) -> None:
    hook, olga = make(world), world.visitor("olga")
    set_hook(world, hook, url=f"https://x/{EVIL}", last_result=EVIL, webhook_id=WebhookId(EVIL))
    object.__setattr__(world.chat.store.groups[group_id(world)], "name", EVIL)
    for path in ("", "/panel"):
        text = olga.get(f"/console/groups/webhooks{path}?id={group_id(world)}").text
        assert "&lt;script&gt;" in text
        assert "<script>" not in text
        assert wild_parts(text) == []
