"""Rows of webhooks as operators make and change them, inside a transaction.

Nothing here locks the row of a talk: messages are stored under that lock.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from naivechat.domain.errors import LimitReached, NotFound
from naivechat.domain.group import GroupId
from naivechat.domain.talk import group_talk_id
from naivechat.domain.webhook import (
    MOST_WEBHOOKS,
    MOST_WEBHOOKS_A_GROUP,
    OffReason,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
    WebhookSecrets,
)
from naivechat.infrastructure.sql.transaction import Transaction

COLUMNS = (
    "w.webhook_id, w.group_id, w.url, w.events, w.off_reason, w.created_at_ms, w.delivered_seq, t.last_seq, w.failures, "
    "w.failing_since_ms, w.last_attempt_at_ms, w.last_result, w.secret, w.old_secret, w.old_secret_until_ms"
)
ORIGIN = "FROM webhook w JOIN talk t ON t.talk_id = w.talk_id JOIN chat_group g ON g.group_id = w.group_id"
_HIS = "webhook_id = %s AND group_id = %s"


def webhook_of(row: tuple[Any, ...]) -> tuple[Webhook, WebhookSecrets]:
    """A row that begins with `COLUMNS`."""
    webhook_id, group_id, url, events, off_reason, created_at_ms, delivered_seq, last_seq = row[:8]
    hook = Webhook(
        webhook_id=WebhookId(webhook_id),
        group_id=GroupId(group_id),
        url=url,
        events=tuple(WebhookEvent(word) for word in events.split()),
        off_reason=OffReason(off_reason) if off_reason else None,
        created_at_ms=created_at_ms,
        delivered_seq=delivered_seq,
        backlog=last_seq - delivered_seq,
        failures=row[8],
        failing_since_ms=row[9],
        last_attempt_at_ms=row[10],
        last_result=row[11],
    )
    return hook, WebhookSecrets(present=row[12], previous=row[13], previous_until_ms=row[14])


def add(txn: Transaction, hook: Webhook, secret: str) -> Webhook:
    """A new hook, behind the last record there is. NotFound, LimitReached."""
    talk_id = group_talk_id(_ascii(hook.group_id))
    # The group's row lets in one at a time, so that none is counted by two.
    group = txn.row(
        "SELECT 1 FROM chat_group WHERE group_id = %s AND dissolved = 0 {for_update}", (talk_id[1:],)
    )
    last = txn.row("SELECT last_seq FROM talk WHERE talk_id = %s", (talk_id,))
    if group is None or last is None:
        raise NotFound("There is no such group.")
    _require_room(txn, hook.group_id)
    txn.execute(
        "INSERT INTO webhook (webhook_id, group_id, talk_id, url, events, secret, created_at_ms, delivered_seq) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            hook.webhook_id,
            hook.group_id,
            talk_id,
            hook.url,
            " ".join(hook.events),
            secret,
            hook.created_at_ms,
            last[0],
        ),
    )
    return attrs.evolve(hook, delivered_seq=last[0])


def list_webhooks(txn: Transaction, group_id: GroupId) -> tuple[Webhook, ...]:
    """A group's hooks, the oldest first."""
    found = txn.rows(
        f"SELECT {COLUMNS} {ORIGIN} WHERE w.group_id = %s ORDER BY w.created_at_ms, w.webhook_id",
        (_ascii(group_id),),
    )
    return tuple(webhook_of(row)[0] for row in found)


def find(txn: Transaction, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets] | None:
    """A group's hook, and what it signs by."""
    row = txn.row(
        f"SELECT {COLUMNS} {ORIGIN} WHERE w.webhook_id = %s AND w.group_id = %s",
        (_ascii(webhook_id), _ascii(group_id)),
    )
    return None if row is None else webhook_of(row)


def change(txn: Transaction, group_id: GroupId, webhook_id: WebhookId, wanted: WebhookChange) -> Webhook:
    """Other values, and a new beginning with what has failed. NotFound."""
    before, _ = _get(txn, group_id, webhook_id)
    is_on = before.is_on if wanted.is_on is None else wanted.is_on
    after = attrs.evolve(
        before,
        url=before.url if wanted.url is None else wanted.url,
        events=before.events if wanted.events is None else wanted.events,
        off_reason=None if is_on else before.off_reason or OffReason.OPERATOR,
        delivered_seq=before.delivered_seq + (before.backlog if wanted.skip_backlog else 0),
        backlog=0 if wanted.skip_backlog else before.backlog,
        failures=0,
        failing_since_ms=None,
    )
    txn.execute(
        "UPDATE webhook SET url = %s, events = %s, off_reason = %s, delivered_seq = %s, failures = 0, "
        f"failing_since_ms = NULL, next_attempt_at_ms = 0 WHERE {_HIS}",
        (
            after.url,
            " ".join(after.events),
            after.off_reason or "",
            after.delivered_seq,
            *_name(webhook_id, group_id),
        ),
    )
    return after


def set_secret(
    txn: Transaction, group_id: GroupId, webhook_id: WebhookId, secret: str, previous_until_ms: int
) -> None:
    """Another secret beside the one there is. NotFound."""
    _, known = _get(txn, group_id, webhook_id)
    txn.execute(
        f"UPDATE webhook SET secret = %s, old_secret = %s, old_secret_until_ms = %s WHERE {_HIS}",
        (secret, known.present, previous_until_ms, *_name(webhook_id, group_id)),
    )


def remove(txn: Transaction, group_id: GroupId, webhook_id: WebhookId) -> None:
    """A hook less. NotFound."""
    if not txn.execute(f"DELETE FROM webhook WHERE {_HIS}", _name(webhook_id, group_id)):
        raise NotFound("There is no such webhook.")


def _get(txn: Transaction, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets]:
    """A hook whose own row is locked."""
    txn.row(f"SELECT 1 FROM webhook WHERE {_HIS} {{for_update}}", _name(webhook_id, group_id))
    found = find(txn, group_id, webhook_id)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def _require_room(txn: Transaction, group_id: GroupId) -> None:
    row = txn.row("SELECT COUNT(*), SUM(group_id = %s) FROM webhook", (group_id,))
    assert row is not None
    everywhere, here = row
    if (here or 0) >= MOST_WEBHOOKS_A_GROUP:
        raise LimitReached(f"A group has at most {MOST_WEBHOOKS_A_GROUP} webhooks.")
    if everywhere >= MOST_WEBHOOKS:
        raise LimitReached(f"There are at most {MOST_WEBHOOKS:,} webhooks.")


def _name(webhook_id: WebhookId, group_id: GroupId) -> Sequence[str]:
    return _ascii(webhook_id), _ascii(group_id)


def _ascii(text: str) -> str:
    """What to compare an id with: MySQL refuses to compare ASCII columns with anything else. No id is ""."""
    return text if text.isascii() else ""
