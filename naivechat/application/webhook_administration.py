"""Webhooks as operators make, change and try them; what is done goes down in the audit log with it, and what was refused."""

import secrets
from collections.abc import Callable

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.supervision import Supervision
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import NotFound
from naivechat.domain.group import GroupId
from naivechat.domain.operator import ActingOperator
from naivechat.domain.ports import Clock
from naivechat.domain.webhook import (
    ALL_EVENTS,
    OLD_SECRET_MS,
    DeliveryOutcome,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
    WebhookSecrets,
    origin_of,
    require_events,
    require_url,
)
from naivechat.domain.webhook_message import trial_for
from naivechat.domain.webhook_ports import WebhookRepository, WebhookSender

PREFIX = "nch_"
"""What every secret begins with, so that one that was left in a file is found as such."""

_ID_BYTES = 8
_SECRET_BYTES = 32


@attrs.frozen(kw_only=True)
class NewWebhook:
    """A hook that was just made; `secret` is told here, and never again."""

    hook: Webhook
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class WebhookAdministration:
    """What operators do with hooks. Every method but `list_webhooks` refuses viewers: Forbidden.

    All that name a hook raise NotFound where the group has none of this id. `make_token` gives that many random bytes.
    """

    _hooks: WebhookRepository
    _sender: WebhookSender
    _audit: AuditTrail
    _clock: Clock
    _make_token: Callable[[int], bytes] = secrets.token_bytes

    async def create(
        self,
        by: ActingOperator,
        group_id: GroupId,
        url: str,
        events: tuple[WebhookEvent, ...] = ALL_EVENTS,
    ) -> NewWebhook:
        """Send a group's records to a URL from now on. InvalidRequest; NotFound: no such group; LimitReached."""

        async def work() -> NewWebhook:
            require_url(url)
            hook = Webhook(
                webhook_id=WebhookId(self._make_token(_ID_BYTES).hex()),
                group_id=group_id,
                url=url,
                events=require_events(events),
                created_at_ms=self._clock(),
            )
            secret = self._make_secret()
            entry = self._audit.entry(
                by, action, group_id, webhook_id=hook.webhook_id, to=hook.origin, events=" ".join(hook.events)
            )
            return NewWebhook(hook=await self._hooks.add(hook, secret, entry), secret=secret)

        action = AuditAction.WEBHOOK_CREATE
        return await self._supervision.permitted(by, action, group_id, work)

    async def list_webhooks(self, by: ActingOperator, group_id: GroupId) -> tuple[Webhook, ...]:
        """A group's hooks, the oldest first. Of their URLs viewers get the origin alone: the rest may be a secret."""
        found = await self._hooks.list_webhooks(group_id)
        return found if by.may_change else tuple(attrs.evolve(hook, url=hook.origin) for hook in found)

    async def change(
        self, by: ActingOperator, group_id: GroupId, webhook_id: WebhookId, change: WebhookChange
    ) -> Webhook:
        """Change a hook's URL or events, switch it off or on. InvalidRequest."""

        async def work() -> Webhook:
            if change.url is not None:
                require_url(change.url)
            events = None if change.events is None else require_events(change.events)
            entry = self._audit.entry(
                by,
                action,
                group_id,
                webhook_id=webhook_id,
                to=None if change.url is None else origin_of(change.url),
                events=None if events is None else " ".join(events),
                on=change.is_on,
                skip_backlog=change.skip_backlog,
            )
            return await self._hooks.change(group_id, webhook_id, attrs.evolve(change, events=events), entry)

        action = AuditAction.WEBHOOK_CHANGE
        return await self._supervision.permitted(by, action, group_id, work, webhook_id=webhook_id)

    async def renew_secret(self, by: ActingOperator, group_id: GroupId, webhook_id: WebhookId) -> str:
        """Sign by a new secret from now on, which is told here alone; by the one before too, for a day."""

        async def work() -> str:
            secret, until_ms = self._make_secret(), self._clock() + OLD_SECRET_MS
            entry = self._audit.entry(by, action, group_id, webhook_id=webhook_id)
            await self._hooks.set_secret(group_id, webhook_id, secret, until_ms, entry)
            return secret

        action = AuditAction.WEBHOOK_SET_SECRET
        return await self._supervision.permitted(by, action, group_id, work, webhook_id=webhook_id)

    async def test(self, by: ActingOperator, group_id: GroupId, webhook_id: WebhookId) -> DeliveryOutcome:
        """Send a delivery without records, whether the hook is on or off. It changes nothing of the hook."""

        async def work() -> DeliveryOutcome:
            hook, known = await self._get(group_id, webhook_id)
            return await self._sender.post(hook.url, trial_for(hook, known, self._clock()))

        action = AuditAction.WEBHOOK_TEST
        outcome = await self._supervision.permitted(by, action, group_id, work, webhook_id=webhook_id)
        await self._audit.record(by, action, group_id, webhook_id=webhook_id, result=outcome.words)
        return outcome

    async def remove(self, by: ActingOperator, group_id: GroupId, webhook_id: WebhookId) -> None:
        """Remove a hook."""

        async def work() -> None:
            entry = self._audit.entry(by, action, group_id, webhook_id=webhook_id)
            await self._hooks.remove(group_id, webhook_id, entry)

        action = AuditAction.WEBHOOK_REMOVE
        await self._supervision.permitted(by, action, group_id, work, webhook_id=webhook_id)

    @property
    def _supervision(self) -> Supervision:
        return Supervision(self._audit)

    def _make_secret(self) -> str:
        return PREFIX + self._make_token(_SECRET_BYTES).hex()

    async def _get(self, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets]:
        found = await self._hooks.find(group_id, webhook_id)
        if found is None:
            raise NotFound("There is no such webhook.")
        return found
