"""Webhooks that are made up: one that delivers, and one whose receiver fails."""

from naivechat.backend import Backend
from naivechat.domain.appending import Send
from naivechat.domain.audit import AuditAction, AuditEntry
from naivechat.domain.group import GroupId
from naivechat.domain.message import TEXT
from naivechat.domain.operator import OperatorId
from naivechat.domain.talk import group_talk_id
from naivechat.domain.webhook import (
    DeliveryOutcome,
    DeliveryResult,
    Webhook,
    WebhookEvent,
    WebhookId,
)
from naivechat.domain.webhook_ports import WebhookProgress

TEAM = GroupId("g04")
LEASE_MS = 60_000
HOOKS = {
    "6b1f9a0c2d3e4f50": ("https://bot.example/in", DeliveryOutcome(result=DeliveryResult.OK, status=204)),
    "a07c5512e8d94b36": (
        "https://archive.example:8443/team",
        DeliveryOutcome(result=DeliveryResult.STATUS, status=503),
    ),
}


async def add_webhooks(backend: Backend, now_ms: int) -> None:
    """Store them, and what becomes of one message."""
    made_at_ms = now_ms - 9_000_000
    for identity, (url, _) in HOOKS.items():
        hook = Webhook(
            webhook_id=WebhookId(identity),
            group_id=TEAM,
            url=url,
            events=(WebhookEvent.MESSAGE, WebhookEvent.RECALL),
            created_at_ms=made_at_ms,
        )
        await backend.storage.webhooks.add(hook, "only for pictures", _entry(hook))
    group = await backend.storage.group_directory.get_group(TEAM)
    said = Send(
        talk_id=group_talk_id(TEAM),
        sender_id=group.group.owner_id,
        msg_uuid=bytes(16),
        msg_type=TEXT,
        text="The build is green.",
        sent_at_ms=now_ms - 60_000,
    )
    await backend.storage.log.append(said)
    for identity, (_, outcome) in HOOKS.items():
        await _deliver(backend, WebhookId(identity), outcome, now_ms)


def _entry(hook: Webhook) -> AuditEntry:
    return AuditEntry(
        at_ms=hook.created_at_ms,
        operator_id=OperatorId("olga"),
        action=AuditAction.WEBHOOK_CREATE,
        subject=hook.group_id,
        detail={"webhook_id": hook.webhook_id, "to": hook.origin, "events": " ".join(hook.events)},
        from_address="192.0.2.40",
        node="alpha",
    )


async def _deliver(backend: Backend, webhook_id: WebhookId, outcome: DeliveryOutcome, now_ms: int) -> None:
    """Let the next delivery end so."""
    claim = await backend.storage.webhooks.claim(webhook_id, "pictures", lease_ms=LEASE_MS)
    assert claim is not None
    done = claim.hook.delivered_seq + (claim.hook.backlog if outcome.is_ok else 0)
    progress = WebhookProgress(delivered_seq=done, outcome=outcome, at_ms=now_ms - 40_000)
    await backend.storage.webhooks.report(claim, "pictures", progress)
