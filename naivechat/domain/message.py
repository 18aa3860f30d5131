"""Messages: what one record of a talk's log holds."""

import attrs

from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId

TEXT, FACE, IMAGE, FILE, GROUP_EVENT, RECALL = range(6)
"""Message types; 6…127 are kept for later and stored as they come."""

MOST_TEXT_CHARACTERS = 4_000
RECALL_WINDOW_MS = 120_000
MOST_HISTORY = 100
DEFAULT_HISTORY = 20


def is_counted(msg_type: int) -> bool:
    """Whether messages of this type count as unread."""
    return msg_type <= FILE


def is_sendable(msg_type: int) -> bool:
    """Whether a person may send this type: group events and recalls are the node's to write."""
    return msg_type not in (GROUP_EVENT, RECALL)


@attrs.define(kw_only=True)
class Message:
    """One record of a log.

    `seq` is its place, 1, 2, 3 …; `msg_uuid` (16 bytes) the sender's own name for it; `sent_at_ms` when the node took it.
    `target_seq` is set on a recall; `recalled` on a message that was taken back, whose text is then "".
    Not frozen: one is built for every message sent, and a frozen one costs three times as much. Never changed after it is built.
    """

    talk_id: TalkId
    seq: int
    sender_id: UserId
    msg_type: int
    text: str
    sent_at_ms: int
    msg_uuid: bytes
    target_seq: int | None = None
    recalled: bool = False


@attrs.frozen(kw_only=True)
class HistoryRange:
    """Which messages to read: those after `after_seq`, or the last before `before_seq`, or the newest; `limit` 1…100."""

    after_seq: int | None = None
    before_seq: int | None = None
    limit: int = DEFAULT_HISTORY


@attrs.frozen(kw_only=True)
class HistoryPage:
    """Messages in rising seq; `has_more` tells whether the range goes on (upwards from `after_seq`, else downwards)."""

    messages: tuple[Message, ...]
    has_more: bool
