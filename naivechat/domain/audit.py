"""The audit log: who did what, when and from where. Entries are added and read; nothing changes or removes one."""

import enum
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from naivechat.domain.operator import NOBODY, OperatorId

LONGEST_SUBJECT = 128
LONGEST_DETAIL = 256
"""Characters of one text of an entry's detail; a longer one is cut."""
MOST_DETAILS = 16
LONGEST_ADDRESS = 64
ENTRIES_A_PAGE = 100
"""How many entries an answer has at most; asking for more gives no more."""

DetailValue: TypeAlias = str | int | bool | None


class AuditAction(enum.StrEnum):
    """What the console writes down. A log may hold others, of newer versions: `AuditEntry.action` is a text."""

    OPERATOR_CREATE = "operator.create"
    OPERATOR_SET_PASSWORD = "operator.set_password"
    OPERATOR_SET_ROLE = "operator.set_role"
    OPERATOR_DISABLE = "operator.disable"
    OPERATOR_ENABLE = "operator.enable"
    OPERATOR_TOTP_ON = "operator.totp_on"
    OPERATOR_TOTP_OFF = "operator.totp_off"
    OPERATOR_LOGIN = "operator.login"
    OPERATOR_LOGIN_FAILED = "operator.login_failed"
    OPERATOR_LOCKED_OUT = "operator.locked_out"
    OPERATOR_LOGOUT = "operator.logout"
    OPERATOR_REFUSED = "operator.refused"
    TOKEN_CREATE = "token.create"
    TOKEN_REVOKE = "token.revoke"
    TOKEN_REFUSED = "token.refused"
    USER_CREATE = "user.create"
    USER_SET_PASSWORD = "user.set_password"
    USER_DISABLE = "user.disable"
    USER_ENABLE = "user.enable"
    USER_KICK = "user.kick"
    USER_IMPORT = "user.import"
    USER_EXPORT = "user.export"
    USER_DATA = "user.data"
    GROUP_RENAME = "group.rename"
    GROUP_DISSOLVE = "group.dissolve"
    OFFICIAL_CREATE = "official.create"
    OFFICIAL_ANNOUNCE = "official.announce"
    BOT_CREATE = "bot.create"
    BOT_FRIEND = "bot.friend"
    BOT_SEND = "bot.send"
    MESSAGE_SEARCH = "message.search"
    MESSAGE_RECALL = "message.recall"
    WEBHOOK_CREATE = "webhook.create"
    WEBHOOK_CHANGE = "webhook.change"
    WEBHOOK_SET_SECRET = "webhook.set_secret"
    WEBHOOK_TEST = "webhook.test"
    WEBHOOK_REMOVE = "webhook.remove"
    WEBHOOK_GAVE_UP = "webhook.gave_up"
    WEBHOOK_ENDED = "webhook.ended"
    NODE_DRAIN = "node.drain"
    NODE_RESUME = "node.resume"
    NODE_LOG_LEVEL = "node.log_level"
    AUDIT_EXPORT = "audit.export"
    DATABASE_RESTORE = "database.restore"


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters of a text, the last one an ellipsis where some are left out; lone surrogates become "?"."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _short_subject(subject: str) -> str:
    return shortened(subject, LONGEST_SUBJECT)


def _short_address(address: str) -> str:
    return shortened(address, LONGEST_ADDRESS)


def _short_detail(detail: Mapping[str, DetailValue]) -> Mapping[str, DetailValue]:
    kept = list(detail.items())[:MOST_DETAILS]
    return {
        name: shortened(value, LONGEST_DETAIL) if isinstance(value, str) else value for name, value in kept
    }


@attrs.frozen(kw_only=True)
class AuditEntry:
    """One thing that was done, or refused.

    entry_id: rises; 0 until it is stored. operator_id: "" for the command line, and for somebody who is not known. action: an
    `AuditAction`, or one of a newer version. subject: whom or what it was done to: an id or a name. detail: what else there is to
    know; never a password, token, code or message. from_address: "" for the command line. node: by which one it was done.

    Texts that are too long are cut: an entry is stored whatever it is about.
    """

    entry_id: int = 0
    at_ms: int
    operator_id: OperatorId = NOBODY
    action: str
    subject: str = attrs.field(default="", converter=_short_subject)
    detail: Mapping[str, DetailValue] = attrs.field(factory=dict, converter=_short_detail)
    from_address: str = attrs.field(default="", converter=_short_address)
    node: str = ""


@attrs.frozen(kw_only=True)
class AuditFilter:
    """Which entries are asked for; what is None does not matter. Times: from `since_ms` on, and before `before_ms`.

    action: a whole one ("user.create"), or a kind with its dot ("user."): all that begin so.
    """

    operator_id: OperatorId | None = None
    action: str | None = attrs.field(default=None, converter=attrs.converters.optional(_short_subject))
    subject: str | None = attrs.field(default=None, converter=attrs.converters.optional(_short_subject))
    since_ms: int | None = None
    before_ms: int | None = None


@attrs.frozen(kw_only=True)
class AuditPage:
    """Entries, newest first; `has_more` when older ones follow: ask for those before the last one's id."""

    entries: tuple[AuditEntry, ...]
    has_more: bool
