"""Webhooks in an SQL table; the port says what each method does.

Leases and pauses are measured by the database's clock, the only one that all nodes share. What a node notes of a hook it holds
is written only while the row still has its name and the place in the log that it began from.
"""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import attrs

from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import Conflict
from naivechat.domain.group import GroupId
from naivechat.domain.talk import group_talk_id
from naivechat.domain.webhook import (
    OffReason,
    Webhook,
    WebhookChange,
    WebhookId,
    WebhookSecrets,
    WebhookSurvey,
    origin_of,
)
from naivechat.domain.webhook_ports import (
    RECORDS_A_CLAIM,
    DueWebhook,
    WebhookClaim,
    WebhookProgress,
)
from naivechat.infrastructure.sql import webhook_rows as rows
from naivechat.infrastructure.sql.audit import write_with_entry
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import read_between
from naivechat.infrastructure.sql.transaction import Transaction

P = ParamSpec("P")

_IS_DUE = (
    "w.next_attempt_at_ms <= {now_ms} AND (w.lease_until_ms <= {now_ms} OR w.lease_node = %s) "
    "AND (g.dissolved = 1 OR (w.off_reason = '' AND t.last_seq > w.delivered_seq))"
)
_HELD = "webhook_id = %s AND lease_node = %s AND delivered_seq = %s"


@attrs.frozen
class SqlWebhookRepository:
    """Implements `domain.webhook_ports.WebhookRepository`."""

    _database: Database

    async def add(self, hook: Webhook, secret: str, entry: AuditEntry) -> Webhook:
        return await write_with_entry(self._database, entry, rows.add, hook, secret)

    async def list_webhooks(self, group_id: GroupId) -> tuple[Webhook, ...]:
        return await self._database.read(rows.list_webhooks, group_id)

    async def find(self, group_id: GroupId, webhook_id: WebhookId) -> tuple[Webhook, WebhookSecrets] | None:
        return await self._database.read(rows.find, group_id, webhook_id)

    async def change(
        self, group_id: GroupId, webhook_id: WebhookId, change: WebhookChange, entry: AuditEntry
    ) -> Webhook:
        return await write_with_entry(self._database, entry, rows.change, group_id, webhook_id, change)

    async def set_secret(
        self, group_id: GroupId, webhook_id: WebhookId, secret: str, previous_until_ms: int, entry: AuditEntry
    ) -> None:
        await write_with_entry(
            self._database, entry, rows.set_secret, group_id, webhook_id, secret, previous_until_ms
        )

    async def remove(self, group_id: GroupId, webhook_id: WebhookId, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, rows.remove, group_id, webhook_id)

    async def survey(self) -> WebhookSurvey:
        return await self._database.read(_survey)

    async def list_due(self, node: str, *, limit: int) -> tuple[DueWebhook, ...]:
        return await self._database.read(_list_due, node, limit)

    async def claim(self, webhook_id: WebhookId, node: str, *, lease_ms: int) -> WebhookClaim | None:
        return await self._database.write(_claim, webhook_id, node, lease_ms)

    async def report(self, claim: WebhookClaim, node: str, progress: WebhookProgress) -> bool:
        return await self._database.write(_report, claim, node, progress)

    async def switch_off(
        self, claim: WebhookClaim, node: str, progress: WebhookProgress, reason: OffReason, entry: AuditEntry
    ) -> bool:
        return await self._while_held(entry, _switch_off, claim, node, progress, reason)

    async def end(self, claim: WebhookClaim, node: str, entry: AuditEntry) -> bool:
        return await self._while_held(entry, _end, claim, node)

    async def _while_held(
        self,
        entry: AuditEntry,
        unit: Callable[Concatenate[Transaction, P], bool],
        *args: P.args,
        **kw: P.kwargs,
    ) -> bool:
        """Store the entry only where the unit has changed something."""

        def require_held(txn: Transaction) -> None:
            if not unit(txn, *args, **kw):
                raise Conflict

        try:
            await write_with_entry(self._database, entry, require_held)
        except Conflict:
            return False
        return True


def _survey(txn: Transaction) -> WebhookSurvey:
    found = txn.rows(
        "SELECT w.group_id, w.off_reason = '', SUM(w.failures > 0), COUNT(*), MAX(t.last_seq - w.delivered_seq) "
        "FROM webhook w JOIN talk t ON t.talk_id = w.talk_id GROUP BY w.group_id, w.off_reason = ''"
    )
    on = [row for row in found if row[1]]
    return WebhookSurvey(
        on=sum(count for *_, count, _ in on),
        failing=int(sum(failing for _, _, failing, _, _ in on)),
        off=sum(row[3] for row in found) - sum(row[3] for row in on),
        backlog=max((backlog for *_, backlog in on), default=0),
        group_ids=frozenset(GroupId(group_id) for group_id, *_ in on),
    )


def _list_due(txn: Transaction, node: str, limit: int) -> tuple[DueWebhook, ...]:
    found = txn.rows(
        f"SELECT w.webhook_id, w.url, w.failures {rows.ORIGIN} WHERE {_IS_DUE} "
        "ORDER BY COALESCE(w.last_attempt_at_ms, 0), w.webhook_id LIMIT %s",
        (node, limit),
    )
    return tuple(
        DueWebhook(webhook_id=WebhookId(webhook_id), origin=origin_of(url), is_failing=failures > 0)
        for webhook_id, url, failures in found
    )


def _claim(txn: Transaction, webhook_id: WebhookId, node: str, lease_ms: int) -> WebhookClaim | None:
    wanted = f"SELECT {rows.COLUMNS}, g.dissolved {rows.ORIGIN} WHERE w.webhook_id = %s"
    if txn.row(f"{wanted} AND {_IS_DUE}", (webhook_id, node)) is None:
        return None
    # What was read without a lock may be over; of several nodes one finds the lease free.
    taken = txn.execute(
        "UPDATE webhook SET lease_node = %s, lease_until_ms = {now_ms} + %s "
        "WHERE webhook_id = %s AND next_attempt_at_ms <= {now_ms} AND (lease_until_ms <= {now_ms} OR lease_node = %s)",
        (node, lease_ms, webhook_id, node),
    )
    row = txn.row(wanted, (webhook_id,))
    if not taken or row is None:
        return None
    hook, secrets = rows.webhook_of(row)
    beyond = hook.delivered_seq + RECORDS_A_CLAIM + 1
    found = read_between(txn, group_talk_id(hook.group_id), hook.delivered_seq, beyond)
    return WebhookClaim(hook=hook, secrets=secrets, records=found, is_dissolved=bool(row[-1]))


def _report(txn: Transaction, claim: WebhookClaim, node: str, progress: WebhookProgress) -> bool:
    outcome, values = progress.outcome, list[Any]([progress.delivered_seq])
    settings = "delivered_seq = %s, lease_node = '', lease_until_ms = 0"
    if outcome is not None:
        settings += ", last_attempt_at_ms = %s, last_result = %s, next_attempt_at_ms = {now_ms} + %s"
        values += [progress.at_ms, outcome.words, progress.pause_ms]
        if outcome.is_ok:
            settings += ", failures = 0, failing_since_ms = NULL"
        else:
            settings += ", failures = failures + 1, failing_since_ms = COALESCE(failing_since_ms, %s)"
            values.append(progress.at_ms)
    changed = txn.execute(f"UPDATE webhook SET {settings} WHERE {_HELD}", (*values, *_held_by(claim, node)))
    return changed > 0


def _switch_off(
    txn: Transaction, claim: WebhookClaim, node: str, progress: WebhookProgress, reason: OffReason
) -> bool:
    if not _report(txn, claim, node, progress):
        return False
    txn.execute(
        "UPDATE webhook SET off_reason = %s WHERE webhook_id = %s", (reason.value, claim.hook.webhook_id)
    )
    return True


def _end(txn: Transaction, claim: WebhookClaim, node: str) -> bool:
    return txn.execute(f"DELETE FROM webhook WHERE {_HELD}", _held_by(claim, node)) > 0


def _held_by(claim: WebhookClaim, node: str) -> tuple[Any, ...]:
    return claim.hook.webhook_id, node, claim.hook.delivered_seq
