"""Webhooks: a group's records, sent by HTTP to a program that an operator has named.

A hook has a place in its group's log: all records up to `delivered_seq` were delivered, or were not asked for. What comes behind
is read from the log, so nothing is lost that was stored; it is delivered in order, and again where no answer came: at least once.
"""

import enum
import math
from typing import NewType
from urllib.parse import urlsplit

import attrs

from naivechat.domain.errors import InvalidRequest
from naivechat.domain.group import GroupId
from naivechat.domain.message import GROUP_EVENT, RECALL

WebhookId = NewType("WebhookId", str)
"""16 hexadecimal digits, chosen by the node."""

LONGEST_URL = 512
MOST_WEBHOOKS_A_GROUP = 5
MOST_WEBHOOKS = 1_000
"""In all groups together."""
FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 15 * 60_000
GIVE_UP_MS = 24 * 3_600_000
"""A hook whose deliveries have failed for this long is switched off."""
OLD_SECRET_MS = 24 * 3_600_000
"""Deliveries are signed by the secret before the present one too, for this long after it was replaced."""


class WebhookEvent(enum.StrEnum):
    """Kinds of records: what people and bots wrote, what was taken back, what happened to the group."""

    MESSAGE = "message"
    RECALL = "recall"
    GROUP = "group"


ALL_EVENTS = tuple(WebhookEvent)


class OffReason(enum.StrEnum):
    """Why a hook is switched off: by an operator, or because deliveries failed for `GIVE_UP_MS`."""

    OPERATOR = "operator"
    FAILED = "failed"


class DeliveryResult(enum.StrEnum):
    """How a delivery ended. All that is not OK is tried again; nothing tells what the answer said beyond its status."""

    OK = "ok"
    STATUS = "status"
    """Answered, with a status other than 200 … 299: a redirect, too."""
    NOT_ALLOWED = "not_allowed"
    """The host has no address that a webhook may go to."""
    NO_SUCH_HOST = "no_such_host"
    NO_CONNECTION = "no_connection"
    """Refused, lost, or no HTTP was spoken."""
    TLS = "tls"
    """The certificate cannot be trusted for this host."""
    TIMEOUT = "timeout"


@attrs.frozen(kw_only=True)
class DeliveryOutcome:
    """How a delivery ended, and the status of the answer where there was one."""

    result: DeliveryResult
    status: int | None = None

    @property
    def is_ok(self) -> bool:
        """Whether it has arrived."""
        return self.result is DeliveryResult.OK

    @property
    def words(self) -> str:
        """The result for lists: `ok 200`, `status 500`, `timeout`."""
        return self.result.value if self.status is None else f"{self.result.value} {self.status}"


@attrs.frozen(kw_only=True)
class Webhook:
    """A hook of a group, or an official account.

    events: which records are sent, each kind once. off_reason: None while it is on. delivered_seq: see above; backlog: how many
    records there are behind it, wanted or not. failures: deliveries that failed since the last one that did not;
    failing_since_ms: the first of them. last_result: `DeliveryOutcome.words`, "" before the first delivery.
    """

    webhook_id: WebhookId
    group_id: GroupId
    url: str
    events: tuple[WebhookEvent, ...] = ALL_EVENTS
    off_reason: OffReason | None = None
    created_at_ms: int
    delivered_seq: int = 0
    backlog: int = 0
    failures: int = 0
    failing_since_ms: int | None = None
    last_attempt_at_ms: int | None = None
    last_result: str = ""

    @property
    def is_on(self) -> bool:
        """Whether records are delivered."""
        return self.off_reason is None

    @property
    def origin(self) -> str:
        """Scheme, host and port: what of the URL may be told to everybody, for the rest may be a secret."""
        return origin_of(self.url)


@attrs.frozen(kw_only=True)
class WebhookSecrets:
    """What deliveries are signed by. previous: the secret before the present one, good until `previous_until_ms`."""

    present: str = attrs.field(repr=False)
    previous: str | None = attrs.field(default=None, repr=False)
    previous_until_ms: int = 0

    def at(self, now_ms: int) -> tuple[str, ...]:
        """Those that are good, the present one first."""
        if self.previous is None or now_ms >= self.previous_until_ms:
            return (self.present,)
        return self.present, self.previous


@attrs.frozen(kw_only=True)
class WebhookChange:
    """New values of a hook; None leaves a value as it is.

    is_on: switching on goes on behind `delivered_seq`, unless `skip_backlog`: then with what comes from now on.
    """

    url: str | None = None
    events: tuple[WebhookEvent, ...] | None = None
    is_on: bool | None = None
    skip_backlog: bool = False


@attrs.frozen(kw_only=True)
class WebhookSurvey:
    """All hooks at one moment. on: those that deliver, failing ones among them. backlog: of the one furthest behind of these.

    group_ids: the groups of hooks that are on.
    """

    on: int = 0
    failing: int = 0
    off: int = 0
    backlog: int = 0
    group_ids: frozenset[GroupId] = frozenset()


def event_of(msg_type: int) -> WebhookEvent:
    """The kind of a record."""
    kinds = {GROUP_EVENT: WebhookEvent.GROUP, RECALL: WebhookEvent.RECALL}
    return kinds.get(msg_type, WebhookEvent.MESSAGE)


def require_url(url: str) -> None:
    """Refuse what no delivery can go to. InvalidRequest."""
    fault = _fault_of_url(url)
    if fault is not None:
        raise InvalidRequest("url", fault)


def require_events(events: tuple[WebhookEvent, ...]) -> tuple[WebhookEvent, ...]:
    """The kinds, each once and in their order. InvalidRequest: there are none."""
    if not events:
        raise InvalidRequest("events", "has at least one kind")
    return tuple(event for event in ALL_EVENTS if event in events)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def pause_ms(failures: int, chance: float) -> int:
    """How long to wait after so many failures in a row (from 1 on): 1 s, then twice as long each time, up to 15 min.

    Args:
        chance: from 0 to 1; makes it a fifth shorter to a fifth longer, so that hooks of one host do not come all at once.
    """
    doublings = min(failures - 1, math.ceil(math.log2(LONGEST_PAUSE_MS / FIRST_PAUSE_MS)))
    whole_ms = min(FIRST_PAUSE_MS << doublings, LONGEST_PAUSE_MS)
    return round(whole_ms * (0.8 + 0.4 * chance))


def is_given_up(failing_since_ms: int, now_ms: int) -> bool:
    """Whether deliveries have failed for so long that the hook is to be switched off."""
    return now_ms - failing_since_ms >= GIVE_UP_MS


def _fault_of_url(url: str) -> str | None:
    if len(url) > LONGEST_URL:
        return f"has at most {LONGEST_URL} characters"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "is ASCII, without spaces"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "begins with http:// or https:// and a host"
    if "@" in parts.netloc:
        return "has no user or password"
    has_bare_query = "?" in url and not parts.path
    if port == 0 or parts.netloc.endswith(":") or has_bare_query or "#" in url or "\\" in url:
        return "is no URL"
    return None
