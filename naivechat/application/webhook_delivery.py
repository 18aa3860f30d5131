"""One delivery of a webhook, from taking the hook to noting how it went.

The place in the log and the lease are in the database: whenever a node dies, another one goes on where the last noted delivery
ended, and nothing is left out. What had arrived and was not noted arrives again.
"""

import random
from collections.abc import Callable

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.domain.audit import AuditAction, AuditEntry
from naivechat.domain.measure import Measures
from naivechat.domain.operator import NOBODY, ActingOperator, OperatorRole
from naivechat.domain.ports import Clock
from naivechat.domain.webhook import (
    DeliveryOutcome,
    OffReason,
    WebhookId,
    WebhookSurvey,
    is_given_up,
    pause_ms,
)
from naivechat.domain.webhook_message import WebhookMessage, message_for
from naivechat.domain.webhook_ports import (
    DueWebhook,
    WebhookClaim,
    WebhookProgress,
    WebhookRepository,
    WebhookSender,
)

LEASE_MS = 40_000
"""More than a delivery takes: 8 s at most to take the hook, 10 s to send, 8 s to note it."""

_NODE = ActingOperator(operator_id=NOBODY, role=OperatorRole.OPERATOR)
"""What a node does by itself goes down as nobody's."""


@attrs.frozen(kw_only=True)
class WebhookDelivery:
    """Delivers what is due. `node` names this run of the node, for leases; `chance` gives numbers from 0 to 1."""

    _hooks: WebhookRepository
    _sender: WebhookSender
    _audit: AuditTrail
    _measures: Measures
    _clock: Clock
    _node: str
    _chance: Callable[[], float] = random.random

    async def survey(self) -> WebhookSurvey:
        """How all hooks are. Unavailable."""
        return await self._hooks.survey()

    async def list_due(self, limit: int) -> tuple[DueWebhook, ...]:
        """Hooks that this node may deliver now. Unavailable."""
        return await self._hooks.list_due(self._node, limit=limit)

    async def deliver(self, webhook_id: WebhookId) -> None:
        """Send a hook's next records, unless another node does; one delivery, however much waits. Unavailable.

        A cancellation while it sends gives the hook free and notes nothing.
        """
        claim = await self._hooks.claim(webhook_id, self._node, lease_ms=LEASE_MS)
        if claim is None:
            return
        if claim.is_dissolved and not (claim.records and claim.hook.is_on):
            await self._hooks.end(claim, self._node, self._entry(claim, AuditAction.WEBHOOK_ENDED))
            return
        message = message_for(claim.hook, claim.secrets, claim.records, self._clock())
        if message is None:
            await self._pass_over(claim)
            return
        await self._note(claim, message, await self._send(claim, message))

    async def _pass_over(self, claim: WebhookClaim) -> None:
        """None of the records is wanted."""
        last_seq = claim.records[-1][0].seq if claim.records else claim.hook.delivered_seq
        await self._hooks.report(claim, self._node, WebhookProgress(delivered_seq=last_seq))

    async def _send(self, claim: WebhookClaim, message: WebhookMessage) -> DeliveryOutcome:
        outcome = None
        try:
            outcome = await self._sender.post(claim.hook.url, message)
        finally:
            if outcome is None:
                unchanged = WebhookProgress(delivered_seq=claim.hook.delivered_seq)
                await self._hooks.report(claim, self._node, unchanged)
        self._measures.webhook_deliveries[outcome.result.value] += 1
        return outcome

    async def _note(self, claim: WebhookClaim, message: WebhookMessage, outcome: DeliveryOutcome) -> None:
        hook, now_ms = claim.hook, self._clock()
        if outcome.is_ok:
            arrived = WebhookProgress(delivered_seq=message.last_seq, outcome=outcome, at_ms=now_ms)
            await self._hooks.report(claim, self._node, arrived)
            return
        failed = WebhookProgress(
            delivered_seq=hook.delivered_seq,
            outcome=outcome,
            at_ms=now_ms,
            pause_ms=pause_ms(hook.failures + 1, self._chance()),
        )
        if hook.failing_since_ms is not None and is_given_up(hook.failing_since_ms, now_ms):
            entry = self._entry(claim, AuditAction.WEBHOOK_GAVE_UP, result=outcome.words)
            await self._hooks.switch_off(claim, self._node, failed, OffReason.FAILED, entry)
        else:
            await self._hooks.report(claim, self._node, failed)

    def _entry(self, claim: WebhookClaim, action: AuditAction, **detail: str) -> AuditEntry:
        hook = claim.hook
        return self._audit.entry(
            _NODE, action, hook.group_id, webhook_id=hook.webhook_id, to=hook.origin, **detail
        )
