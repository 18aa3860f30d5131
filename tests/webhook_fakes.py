"""Webhooks in memory: hooks in a dict, a sender that answers what it is told to, and what a delivery was noted as."""

from collections.abc import Container
from typing import Any

import attrs
from twisted.internet.defer import Deferred

from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import NotFound
from naivechat.domain.group import GroupId
from naivechat.domain.message import TEXT, Message
from naivechat.domain.talk import group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.domain.webhook import (
    DeliveryOutcome,
    DeliveryResult,
    OffReason,
    Webhook,
    WebhookChange,
    WebhookId,
    WebhookSecrets,
    WebhookSurvey,
)
from naivechat.domain.webhook_message import Record, WebhookMessage
from naivechat.domain.webhook_ports import DueWebhook, WebhookClaim, WebhookProgress
from tests.operator_fakes import OperatorStore

CLUB = GroupId("club")
OK = DeliveryOutcome(result=DeliveryResult.OK, status=200)
FAILED = DeliveryOutcome(result=DeliveryResult.STATUS, status=500)


def webhook(webhook_id: str = "hook", **values: Any) -> Webhook:
    """A hook of the club."""
    values = {"group_id": CLUB, "url": "https://bot.example/in?key=1", "created_at_ms": 1} | values
    return Webhook(webhook_id=WebhookId(webhook_id), **values)


def record(seq: int, text: str = "hello", msg_type: int = TEXT) -> Record:
    """A record of the club's log."""
    ann = User(user_id=UserId("ann"), nickname="Ann")
    message = Message(
        talk_id=group_talk_id(CLUB),
        seq=seq,
        sender_id=ann.user_id,
        msg_type=msg_type,
        text=text,
        sent_at_ms=5,
        msg_uuid=bytes(16),
    )
    return message, ann


@attrs.define
class ScriptedSender:
    """WebhookSender: gives `outcomes` one after another, the last again and again; with `waits` only when it is told to."""

    outcomes: list[DeliveryOutcome] = attrs.Factory(lambda: [OK])
    posted: list[tuple[str, WebhookMessage]] = attrs.Factory(list)
    waits: bool = False
    waiting: list[Deferred[None]] = attrs.Factory(list)

    async def post(self, url: str, message: WebhookMessage) -> DeliveryOutcome:
        self.posted.append((url, message))
        if self.waits:
            self.waiting.append(Deferred())
            await self.waiting[-1]
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


@attrs.define
class MemoryHooks:
    """WebhookRepository, of these groups: `claims` are what may be taken; `notes` what was done with it."""

    store: OperatorStore = attrs.Factory(OperatorStore)
    hooks: dict[WebhookId, tuple[Webhook, WebhookSecrets]] = attrs.Factory(dict)
    claims: dict[WebhookId, WebhookClaim] = attrs.Factory(dict)
    notes: list[Any] = attrs.Factory(list)
    seen: WebhookSurvey = attrs.Factory(WebhookSurvey)
    group_ids: Container[GroupId] = (CLUB,)

    async def add(self, hook: Webhook, secret: str, entry: AuditEntry) -> Webhook:
        if hook.group_id not in self.group_ids:
            raise NotFound
        self.hooks[hook.webhook_id] = (hook, WebhookSecrets(present=secret))
        self.store.write_down(entry)
        return hook

    async def list_webhooks(self, group_id: GroupId) -> tuple[Webhook, ...]:
        return tuple(hook for hook, _ in self.hooks.values() if hook.group_id == group_id)

    async def find(self, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets] | None:
        found = self.hooks.get(webhook_id)
        return found if found is not None and found[0].group_id == group_id else None

    async def change(
        self, group_id: GroupId, webhook_id: WebhookId, change: WebhookChange, entry: AuditEntry
    ) -> Webhook:
        hook, known = await self._get(group_id, webhook_id)
        is_on = hook.is_on if change.is_on is None else change.is_on
        hook = attrs.evolve(
            hook,
            url=change.url or hook.url,
            events=change.events or hook.events,
            off_reason=None if is_on else OffReason.OPERATOR,
            backlog=0 if change.skip_backlog else hook.backlog,
        )
        self.hooks[webhook_id] = (hook, known)
        self.store.write_down(entry)
        return hook

    async def set_secret(
        self, group_id: GroupId, webhook_id: WebhookId, secret: str, previous_until_ms: int, entry: AuditEntry
    ) -> None:
        hook, known = await self._get(group_id, webhook_id)
        secrets = WebhookSecrets(present=secret, previous=known.present, previous_until_ms=previous_until_ms)
        self.hooks[webhook_id] = (hook, secrets)
        self.store.write_down(entry)

    async def remove(self, group_id: GroupId, webhook_id: WebhookId, entry: AuditEntry) -> None:
        await self._get(group_id, webhook_id)
        del self.hooks[webhook_id]
        self.store.write_down(entry)

    async def survey(self) -> WebhookSurvey:
        return self.seen

    async def list_due(self, node: str, *, limit: int) -> tuple[DueWebhook, ...]:
        hooks = [claim.hook for claim in self.claims.values()][:limit]
        return tuple(
            DueWebhook(webhook_id=hook.webhook_id, origin=hook.origin, is_failing=hook.failures > 0)
            for hook in hooks
        )

    def offer(self, hook: Webhook, *records: Record, is_dissolved: bool = False) -> None:
        """Let a hook be due with these records."""
        self.claims[hook.webhook_id] = WebhookClaim(
            hook=hook,
            secrets=WebhookSecrets(present="nch_x"),
            records=records,
            is_dissolved=is_dissolved,
        )

    async def claim(self, webhook_id: WebhookId, node: str, *, lease_ms: int) -> WebhookClaim | None:
        return self.claims.pop(webhook_id, None)

    async def report(self, claim: WebhookClaim, node: str, progress: WebhookProgress) -> bool:
        self.notes.append(progress)
        return True

    async def switch_off(
        self, claim: WebhookClaim, node: str, progress: WebhookProgress, reason: OffReason, entry: AuditEntry
    ) -> bool:
        self.notes.append(reason)
        self.store.write_down(entry)
        return True

    async def end(self, claim: WebhookClaim, node: str, entry: AuditEntry) -> bool:
        self.notes.append("end")
        self.store.write_down(entry)
        return True

    async def _get(self, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets]:
        found = await self.find(group_id, webhook_id)
        if found is None:
            raise NotFound
        return found
