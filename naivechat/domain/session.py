"""Being logged in: who acts, by which token, and why a session ends."""

import enum
from collections.abc import Mapping
from typing import NewType

import attrs

from naivechat.domain.errors import Disabled, TokenExpired
from naivechat.domain.group import GroupId
from naivechat.domain.user import User, UserId

SessionId = NewType("SessionId", str)
"""Names one logged-in connection among all nodes; never reused."""

TokenHash = NewType("TokenHash", bytes)
"""SHA-256 of a token: what is stored of it. 32 bytes."""

TOKEN_LIFETIME_MS = 30 * 24 * 3_600_000
LEAST_MOVE_MS = 3_600_000
"""A token's end is moved when it moves by this much: writing it down at every reconnect is a third of what one costs the database."""
DEFAULT_DEVICE = "desktop"


@attrs.frozen(kw_only=True)
class Actor:
    """Who makes a request: always taken from the session, never from a packet.

    `session_id` is the connection that pushes of this request leave out; None for acts that no connection made.
    """

    user: User
    session_id: SessionId | None = None

    @property
    def user_id(self) -> UserId:
        return self.user.user_id


@attrs.frozen(kw_only=True)
class StoredToken:
    """What the node keeps of a token."""

    token_hash: TokenHash
    user_id: UserId
    device: str
    expires_at_ms: int


@attrs.frozen(kw_only=True)
class Ticket:
    """The outcome of a login: who, and the token to come back with. `token` is 32 random bytes, known only here.

    `login_no` counts the person's logins: of two sessions the one with the higher number is the newer, on whichever nodes they are.
    `heads` are the groups of the person a moment ago, each with the seq of its last record.
    """

    user: User
    device: str
    token: bytes
    token_hash: TokenHash
    expires_at_ms: int
    login_no: int
    heads: Mapping[GroupId, int]


@attrs.frozen(kw_only=True)
class Admission:
    """A login that is written down.

    `login_no` as in `Ticket`. heads: the groups the person belonged to then, each with the seq of its last record.
    """

    login_no: int
    heads: Mapping[GroupId, int]


@attrs.frozen(kw_only=True)
class Comeback:
    """A login by token that is written down, whose it is, and until when the token is good."""

    user: User
    expires_at_ms: int
    admission: Admission


def end_after_comeback(expires_at_ms: int, *, disabled: bool, now_ms: int) -> int:
    """When a token ends by which somebody comes back now: in another 30 days, or as before where that is hardly later.

    Raises:
        TokenExpired. Disabled: the account is.
    """
    if expires_at_ms <= now_ms:
        raise TokenExpired
    if disabled:
        raise Disabled
    moved_to_ms = now_ms + TOKEN_LIFETIME_MS
    return moved_to_ms if moved_to_ms - expires_at_ms >= LEAST_MOVE_MS else expires_at_ms


class EndReason(enum.StrEnum):
    """Why a node ends a session; the words of KickedNotice."""

    REPLACED = "replaced"
    ADMIN = "admin"
    DISABLED = "disabled"
    SLOW = "slow"
    IDLE = "idle"
    SHUTDOWN = "shutdown"
    EXPIRED = "expired"
