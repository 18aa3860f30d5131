"""Builds what stands behind webhooks, by hand as `bootstrap` does it with the rest: for a node, and for `naivechat webhook`."""

from typing import Any

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.application.webhook_delivery import WebhookDelivery
from naivechat.domain.measure import Measures
from naivechat.domain.ports import Clock, EventBus
from naivechat.infrastructure.allowed_addresses import AllowedAddresses
from naivechat.infrastructure.sql.storage import Storage
from naivechat.infrastructure.webhook_sender import HttpWebhookSender
from naivechat.settings import Settings
from naivechat.webhook_courier import Startable, WebhookCourier


@attrs.frozen(kw_only=True)
class Webhooks:
    """What operators do with hooks, and a node's storage with the hooks' deliveries."""

    administration: WebhookAdministration
    courier: WebhookCourier


def make_webhook_administration(
    settings: Settings, storage: Storage, *, audit: AuditTrail, clock: Clock, reactor: Any
) -> WebhookAdministration:
    """The use cases of operators, by commands or in a browser."""
    sender = HttpWebhookSender(reactor, AllowedAddresses.of(settings.webhook_allow))
    return WebhookAdministration(hooks=storage.webhooks, sender=sender, audit=audit, clock=clock)


def make_webhooks(
    settings: Settings,
    storage: Storage,
    node_storage: Startable,
    *,
    audit: AuditTrail,
    bus: EventBus,
    measures: Measures,
    node_instance: str,
    clock: Clock,
    reactor: Any,
) -> Webhooks:
    """A node's webhooks.

    Args:
        node_storage: what starts and stops `storage`; `Webhooks.courier` takes its place.
        node_instance: names this run of the node in at most 32 ASCII characters.
    """
    delivery = WebhookDelivery(
        hooks=storage.webhooks,
        sender=HttpWebhookSender(reactor, AllowedAddresses.of(settings.webhook_allow)),
        audit=audit,
        measures=measures,
        clock=clock,
        node=node_instance,
    )
    return Webhooks(
        administration=make_webhook_administration(
            settings, storage, audit=audit, clock=clock, reactor=reactor
        ),
        courier=WebhookCourier(node_storage, delivery, bus, reactor),
    )
