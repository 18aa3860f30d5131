"""Operations on webhooks."""

from typing import Annotated, TypeAlias

import attrs
import msgspec
from msgspec import UNSET, Meta, UnsetType

from naivechat.application.webhook_administration import NewWebhook, WebhookAdministration
from naivechat.domain.group import GroupId
from naivechat.domain.operator import ActingOperator
from naivechat.domain.webhook import (
    ALL_EVENTS,
    LONGEST_URL,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
)
from naivechat.interfaces.api.groups import GroupPlace
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.shapes import Id, Part, View

Url: TypeAlias = Annotated[str, Meta(pattern="^https?://[!-~]+$", max_length=LONGEST_URL)]
Events: TypeAlias = Annotated[tuple[WebhookEvent, ...], Meta(min_length=1)]


class WebhookPlace(Part, frozen=True, kw_only=True):
    """A webhook of a group."""

    group_id: Id
    webhook_id: Id


class WantedWebhook(Part, frozen=True, kw_only=True):
    """A webhook to be made."""

    url: Url
    events: Events = ALL_EVENTS


class WantedChange(Part, frozen=True, kw_only=True):
    """What changes. skip_backlog: switched on, it goes on with what comes from now on, not where it stood."""

    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    on: bool | UnsetType = UNSET
    skip_backlog: bool = False


class WebhookView(View, frozen=True, kw_only=True):
    """A webhook. url: viewers get the origin alone. backlog: records that wait; failures: since the last delivery that arrived."""

    webhook_id: str
    group_id: str
    url: str
    events: tuple[WebhookEvent, ...]
    on: bool
    off_reason: str | None
    created_at_ms: int
    backlog: int
    failures: int
    failing_since_ms: int | None
    last_attempt_at_ms: int | None
    last_result: str


class WebhooksView(View, frozen=True, kw_only=True):
    """A group's webhooks, the oldest first."""

    webhooks: tuple[WebhookView, ...]


class SecretView(View, frozen=True, kw_only=True):
    """What deliveries are signed by, shown this once."""

    secret: str


class NewWebhookView(WebhookView, frozen=True, kw_only=True):
    """A webhook that was just made; secret: what its deliveries are signed by, shown this once."""

    secret: str


class TrialView(View, frozen=True, kw_only=True):
    """How a delivery ended, and the status of its answer where there was one."""

    result: str
    status: int | None


@attrs.frozen(kw_only=True)
class WebhookOperations:
    """What is asked and done about webhooks."""

    _webhooks: WebhookAdministration

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (*self._of_a_group(), *self._of_one())

    def _of_a_group(self) -> tuple[Operation, ...]:
        hooks = "/groups/{group_id}/webhooks"
        return (
            Operation("list_webhooks", "GET", hooks, self.list_webhooks),
            Operation("create_webhook", "POST", hooks, self.create, status=201, refusals=(409,)),
        )

    def _of_one(self) -> tuple[Operation, ...]:
        hook = "/groups/{group_id}/webhooks/{webhook_id}"
        return (
            Operation("change_webhook", "PATCH", hook, self.change),
            Operation("renew_webhook_secret", "POST", f"{hook}/secret", self.renew_secret),
            Operation("test_webhook", "POST", f"{hook}/test", self.test),
            Operation("remove_webhook", "DELETE", hook, self.remove),
        )

    async def list_webhooks(self, by: ActingOperator, place: GroupPlace) -> WebhooksView:
        """A group's webhooks."""
        found = await self._webhooks.list_webhooks(by, GroupId(place.group_id))
        return WebhooksView(webhooks=tuple(map(_hook, found)))

    async def create(self, by: ActingOperator, place: GroupPlace, body: WantedWebhook) -> NewWebhookView:
        """Send a group's records to a program from now on."""
        return _new_hook(await self._webhooks.create(by, GroupId(place.group_id), body.url, body.events))

    async def change(self, by: ActingOperator, place: WebhookPlace, body: WantedChange) -> WebhookView:
        """Change a webhook, or switch it."""
        change = WebhookChange(
            url=None if body.url is UNSET else body.url,
            events=None if body.events is UNSET else body.events,
            is_on=None if body.on is UNSET else body.on,
            skip_backlog=body.skip_backlog,
        )
        return _hook(await self._webhooks.change(by, *_named(place), change))

    async def renew_secret(self, by: ActingOperator, place: WebhookPlace) -> SecretView:
        """Sign by a new secret; for a day by the old one too."""
        return SecretView(secret=await self._webhooks.renew_secret(by, *_named(place)))

    async def test(self, by: ActingOperator, place: WebhookPlace) -> TrialView:
        """Send a delivery without records."""
        outcome = await self._webhooks.test(by, *_named(place))
        return TrialView(result=outcome.result.value, status=outcome.status)

    async def remove(self, by: ActingOperator, place: WebhookPlace) -> None:
        """Remove a webhook."""
        await self._webhooks.remove(by, *_named(place))


def _named(place: WebhookPlace) -> tuple[GroupId, WebhookId]:
    return GroupId(place.group_id), WebhookId(place.webhook_id)


def _hook(hook: Webhook) -> WebhookView:
    return WebhookView(
        webhook_id=hook.webhook_id,
        group_id=hook.group_id,
        url=hook.url,
        events=hook.events,
        on=hook.is_on,
        off_reason=None if hook.off_reason is None else hook.off_reason.value,
        created_at_ms=hook.created_at_ms,
        backlog=hook.backlog,
        failures=hook.failures,
        failing_since_ms=hook.failing_since_ms,
        last_attempt_at_ms=hook.last_attempt_at_ms,
        last_result=hook.last_result,
    )


def _new_hook(made: NewWebhook) -> NewWebhookView:
    return NewWebhookView(**msgspec.structs.asdict(_hook(made.hook)), secret=made.secret)
