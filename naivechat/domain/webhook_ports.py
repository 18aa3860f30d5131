"""What the application needs for webhooks; see `domain.ports` for what holds of all ports."""

from typing import Protocol

import attrs

from naivechat.domain.audit import AuditEntry
from naivechat.domain.group import GroupId
from naivechat.domain.webhook import (
    DeliveryOutcome,
    OffReason,
    Webhook,
    WebhookChange,
    WebhookId,
    WebhookSecrets,
    WebhookSurvey,
)
from naivechat.domain.webhook_message import MOST_EVENTS, Record, WebhookMessage


@attrs.frozen(kw_only=True)
class WebhookClaim:
    """A hook that is this node's alone to deliver, until it reports or the lease ends.

    records: those behind `hook.delivered_seq`, at most `RECORDS_A_CLAIM`. is_dissolved: no more will come.
    """

    hook: Webhook
    secrets: WebhookSecrets
    records: tuple[Record, ...]
    is_dissolved: bool = False


RECORDS_A_CLAIM = MOST_EVENTS


@attrs.frozen(kw_only=True)
class WebhookProgress:
    """What to note of a delivery, and with it to give the hook free. delivered_seq: where it stands now.

    outcome: None where nothing had to be sent. pause_ms: how long nobody tries again.
    """

    delivered_seq: int
    outcome: DeliveryOutcome | None = None
    at_ms: int = 0
    pause_ms: int = 0


@attrs.frozen(kw_only=True)
class DueWebhook:
    """A hook that somebody has to look after. origin: of its URL. is_failing: its last delivery has failed."""

    webhook_id: WebhookId
    origin: str
    is_failing: bool = False


class WebhookRepository(Protocol):
    """Hooks. What changes them goes with an entry of the audit log, in one transaction. NotFound: no such hook in this group."""

    async def add(self, hook: Webhook, secret: str, entry: AuditEntry) -> Webhook:
        """Store a new hook; it begins behind the last record there is.

        Raises:
            NotFound: no such group. LimitReached: the group, or all groups together, have as many as may be.
        """

    async def list_webhooks(self, group_id: GroupId) -> tuple[Webhook, ...]:
        """A group's hooks, the oldest first."""

    async def find(self, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets] | None:
        """A hook, and what it signs by."""

    async def change(
        self, group_id: GroupId, webhook_id: WebhookId, change: WebhookChange, entry: AuditEntry
    ) -> Webhook:
        """Change what is given; the hook afterwards. Whatever is changed, the next delivery is due at once. NotFound."""

    async def set_secret(
        self, group_id: GroupId, webhook_id: WebhookId, secret: str, previous_until_ms: int, entry: AuditEntry
    ) -> None:
        """Sign by another secret, and by the present one too until then. NotFound."""

    async def remove(self, group_id: GroupId, webhook_id: WebhookId, entry: AuditEntry) -> None:
        """Remove a hook. NotFound."""

    async def survey(self) -> WebhookSurvey:
        """How all hooks are."""

    async def list_due(self, node: str, *, limit: int) -> tuple[DueWebhook, ...]:
        """Hooks that no other node delivers at this moment and whose pause is over, with records behind them or of dissolved groups.

        Those first that were tried longest ago; also those that `node` itself has, for what it could not report it may take again.
        """

    async def claim(self, webhook_id: WebhookId, node: str, *, lease_ms: int) -> WebhookClaim | None:
        """Take a hook that is due, so that no other node does until `lease_ms` have passed. None when it is not due any more.

        Args:
            node: names the run of the node, in at most 32 ASCII characters.
        """

    async def report(self, claim: WebhookClaim, node: str, progress: WebhookProgress) -> bool:
        """Note how far a claimed hook has come. Whether it was still this node's, and stood where the claim says: else nothing is noted."""

    async def switch_off(
        self, claim: WebhookClaim, node: str, progress: WebhookProgress, reason: OffReason, entry: AuditEntry
    ) -> bool:
        """As `report`, and deliver no more."""

    async def end(self, claim: WebhookClaim, node: str, entry: AuditEntry) -> bool:
        """Remove a claimed hook. Whether it was still this node's."""


class WebhookSender(Protocol):
    """Posts to URLs, as far as they may be reached."""

    async def post(self, url: str, message: WebhookMessage) -> DeliveryOutcome:
        """Send, and wait for the answer's status, 10 s at most. Never raises but when it is cancelled."""
