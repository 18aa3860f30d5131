"""Webhooks of a group: made, tried, changed and removed, and how their deliveries go."""

from typing import Any

import attrs

from naivechat.application.group_administration import GroupList
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.domain.group import GroupId
from naivechat.domain.webhook import ALL_EVENTS, LONGEST_URL, Webhook, WebhookChange, WebhookEvent, WebhookId
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done, refused
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import Words


@attrs.frozen(kw_only=True)
class WebhooksPage:
    """What operators see of a group's webhooks, and do with them."""

    _groups: GroupList
    _webhooks: WebhookAdministration

    async def show(self, visit: Visit) -> Answer:
        """All webhooks of one group."""
        return page(render("webhooks.html", visit, **await self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The same, to be put into the page."""
        return page(render("webhooks_panel.html", visit, **await self._seen(visit)))

    async def create(self, visit: Visit) -> Answer:
        """A new one, whose secret is shown this once."""
        url = visit.arrival.form.get("url", "").strip()
        made = await self._webhooks.create(visit.acting, _group_id(visit), url, _events(visit))
        return done(visit, visit.words("The webhook's secret:"), secret=made.secret)

    async def change(self, visit: Visit) -> Answer:
        """Another URL, other kinds of records."""
        url = visit.arrival.form.get("url", "").strip()
        await self._change(visit, WebhookChange(url=url, events=_events(visit)))
        return done(visit, visit.words("The webhook was changed."))

    async def switch_off(self, visit: Visit) -> Answer:
        """Send nothing for now."""
        await self._change(visit, WebhookChange(is_on=False))
        return done(visit, visit.words("The webhook is off."))

    async def switch_on(self, visit: Visit) -> Answer:
        """Send again, what was missed first unless the form says otherwise."""
        skips = visit.arrival.form.get("skip") == "yes"
        await self._change(visit, WebhookChange(is_on=True, skip_backlog=skips))
        return done(visit, visit.words("The webhook is on."))

    async def renew_secret(self, visit: Visit) -> Answer:
        """Another secret, shown this once."""
        secret = await self._webhooks.renew_secret(visit.acting, _group_id(visit), _webhook_id(visit))
        return done(
            visit, visit.words("The webhook's new secret; the one before is good for a day:"), secret=secret
        )

    async def test(self, visit: Visit) -> Answer:
        """A delivery without records, and how it went."""
        outcome = await self._webhooks.test(visit.acting, _group_id(visit), _webhook_id(visit))
        told = told_result(visit.words, outcome.words)
        if outcome.is_ok:
            return done(visit, visit.words("The test: {result}.", result=told))
        return refused(visit, visit.words("The test: {result}.", result=told), status=409)

    async def remove(self, visit: Visit) -> Answer:
        """One less."""
        await self._webhooks.remove(visit.acting, _group_id(visit), _webhook_id(visit))
        return done(visit, visit.words("The webhook was removed."))

    async def _change(self, visit: Visit, change: WebhookChange) -> Webhook:
        return await self._webhooks.change(visit.acting, _group_id(visit), _webhook_id(visit), change)

    async def _seen(self, visit: Visit) -> dict[str, Any]:
        group_id = GroupId(visit.arrival.query.get("id", "").strip())
        found = await self._groups.get_group(group_id)
        hooks = await self._webhooks.list_webhooks(visit.acting, group_id)
        return {
            "group": found.group,
            "hooks": [(hook, told_result(visit.words, hook.last_result)) for hook in hooks],
            "kinds": _told_kinds(visit.words),
            "longest_url": LONGEST_URL,
            "may_change": visit.acting.may_change,
        }


def told_result(words: Words, result: str) -> str:
    """How a delivery ended (`DeliveryOutcome.words`), for people; "" where there was none."""
    told = {
        "ok": words("arrived"),
        "status": words("answered, but not with success"),
        "not_allowed": words("its address is not allowed; see --webhook-allow"),
        "no_such_host": words("there is no such host"),
        "no_connection": words("no connection, or no HTTP"),
        "tls": words("its certificate is not good"),
        "timeout": words("no answer within 10 seconds"),
    }
    name, _, status = result.partition(" ")
    text = told.get(name, name)
    return f"{text} ({status})" if status else text


def _told_kinds(words: Words) -> dict[WebhookEvent, str]:
    return {
        WebhookEvent.MESSAGE: words("Messages"),
        WebhookEvent.RECALL: words("Recalls"),
        WebhookEvent.GROUP: words("Events of the group"),
    }


def _events(visit: Visit) -> tuple[WebhookEvent, ...]:
    return tuple(event for event in ALL_EVENTS if visit.arrival.form.get(event.value) == "on")


def _group_id(visit: Visit) -> GroupId:
    return GroupId(visit.arrival.form.get("id", "").strip())


def _webhook_id(visit: Visit) -> WebhookId:
    return WebhookId(visit.arrival.form.get("webhook", "").strip())
