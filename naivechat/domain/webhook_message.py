"""What a webhook is sent: a JSON object with records of a group's log in order, and the signature over it.

docs/webhooks.md describes both to those who write receivers.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from naivechat.domain.message import Message
from naivechat.domain.user import User
from naivechat.domain.webhook import Webhook, WebhookSecrets, event_of

MOST_EVENTS = 50
MOST_BODY_BYTES = 256 * 1024
"""What the events of one delivery have together, unless the first one alone has more."""

Record = tuple[Message, User]
"""A record, and its sender."""


@attrs.frozen(kw_only=True)
class WebhookMessage:
    """A body to be posted, and what stands beside it. last_seq: all up to this record is delivered once it has arrived."""

    body: bytes
    headers: Mapping[str, str]
    last_seq: int


def message_for(
    hook: Webhook, secrets: WebhookSecrets, records: Sequence[Record], now_ms: int
) -> WebhookMessage | None:
    """The next delivery of a hook: as many of the records behind `delivered_seq` as are wanted and go into one.

    Returns:
        None where none of them is wanted.
    """
    wanted = [record for record in records if event_of(record[0].msg_type) in hook.events]
    taken = list(_within_bounds(hook, wanted))
    if not taken:
        return None
    first, last = wanted[0][0], wanted[len(taken) - 1][0]
    body = _body(hook, f'"events":[{",".join(taken)}]')
    headers = _headers(body, f"{hook.webhook_id}:{first.seq}-{last.seq}", secrets, now_ms)
    rest_is_unwanted = len(taken) == len(wanted)
    last_seq = records[-1][0].seq if rest_is_unwanted else last.seq
    return WebhookMessage(body=body, headers=headers, last_seq=last_seq)


def trial_for(hook: Webhook, secrets: WebhookSecrets, now_ms: int) -> WebhookMessage:
    """A delivery without records, marked as a test."""
    body = _body(hook, '"test":true,"events":[]')
    headers = _headers(body, f"{hook.webhook_id}:test", secrets, now_ms)
    return WebhookMessage(body=body, headers=headers, last_seq=hook.delivered_seq)


def signature(secret: str, timestamp_s: int, body: bytes) -> str:
    """HMAC-SHA256 with the secret over the seconds in decimal, a dot, and the body; in hexadecimal."""
    return hmac.new(secret.encode(), b"%d." % timestamp_s + body, hashlib.sha256).hexdigest()


def _within_bounds(hook: Webhook, wanted: list[Record]) -> Iterator[str]:
    size = 0
    for message, sender in wanted[:MOST_EVENTS]:
        text = _json(_event(hook, message, sender))
        size += len(text.encode())
        if size > MOST_BODY_BYTES and size > len(text.encode()):
            return
        yield text


def _event(hook: Webhook, message: Message, sender: User) -> dict[str, Any]:
    event = {
        "id": f"{hook.webhook_id}:{message.seq}",
        "event": event_of(message.msg_type).value,
        "seq": message.seq,
        "sender_id": message.sender_id,
        "sender_name": sender.nickname,
        "msg_type": message.msg_type,
        "msg_text": message.text,
        "msg_uuid": message.msg_uuid.hex(),
        "time": message.sent_at_ms,
        "recalled": message.recalled,
    }
    return event if message.target_seq is None else event | {"target_seq": message.target_seq}


def _body(hook: Webhook, rest: str) -> bytes:
    head = _json({"webhook_id": hook.webhook_id, "group_id": hook.group_id})
    return f"{head[:-1]},{rest}}}".encode()


def _headers(body: bytes, name: str, secrets: WebhookSecrets, now_ms: int) -> dict[str, str]:
    timestamp_s = now_ms // 1_000
    signatures = [f"v1={signature(secret, timestamp_s, body)}" for secret in secrets.at(now_ms)]
    return {
        "Content-Type": "application/json",
        "User-Agent": "naivechat",
        "Naivechat-Delivery": name,
        "Naivechat-Signature": ",".join((f"t={timestamp_s}", *signatures)),
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
