"""Operators: who may look at the console and who may change things there, their sessions and the tokens of their scripts.

An operator is no user: the two have ids of the same shape, and nothing else in common.
"""

import enum
from typing import NewType

import attrs

from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId

OperatorId = NewType("OperatorId", str)
"""Of the shape of a user id (`domain.user.is_user_id`); case matters."""

NOBODY = OperatorId("")
"""Who acts where no operator does: the command line, or somebody who is not known."""

SHORTEST_OPERATOR_PASSWORD = 12
IDLE_MS = 30 * 60_000
"""A session that is not used ends after this time."""
LONGEST_SESSION_MS = 12 * 3_600_000
"""A session ends after this time, however much it is used."""
TOUCH_EVERY_MS = 60_000
"""How exactly a session's and a token's last use are known: a request within this time of the one before is not noted."""
MOST_SESSIONS = 10
"""Sessions of one operator; the one that was used longest ago gives way."""
MOST_API_TOKENS = 50
LONGEST_API_TOKEN_MS = 366 * 24 * 3_600_000


class OperatorRole(enum.StrEnum):
    """What an operator may do: look, or also change things."""

    VIEWER = "viewer"
    OPERATOR = "operator"

    def within(self, other: "OperatorRole") -> "OperatorRole":
        """The lesser of two roles."""
        return OperatorRole.VIEWER if OperatorRole.VIEWER in (self, other) else OperatorRole.OPERATOR


@attrs.frozen(kw_only=True)
class Operator:
    """An operator's account.

    password_hash: argon2id in PHC form. totp_secret: base32, None where only the password is asked for. totp_step: the last
    30-second step whose code was used; neither that code nor an older one is taken again.
    """

    operator_id: OperatorId
    role: OperatorRole
    password_hash: str = attrs.field(repr=False)
    totp_secret: str | None = attrs.field(default=None, repr=False)
    totp_step: int = 0
    disabled: bool = False
    created_at_ms: int


@attrs.frozen(kw_only=True)
class ActingOperator:
    """Who makes a request of the console or by an API token: taken from the session or token, never from the request's body.

    role: what this request may do; a token's may be less than its operator's. from_address: where the request comes from.
    bot_id: given where the request may do nothing but write for this bot.
    """

    operator_id: OperatorId
    role: OperatorRole
    from_address: str = ""
    bot_id: UserId | None = None

    @property
    def may_change(self) -> bool:
        """Whether the request may change anything."""
        return self.role is OperatorRole.OPERATOR and self.bot_id is None

    def may_write_for(self, bot_id: UserId) -> bool:
        """Whether the request may write in a bot's name."""
        return self.role is OperatorRole.OPERATOR and self.bot_id in (None, bot_id)


COMMAND_LINE = ActingOperator(operator_id=NOBODY, role=OperatorRole.OPERATOR)
"""Whoever can run `naivechat admin` on the database."""


@attrs.frozen(kw_only=True)
class OperatorSession:
    """A browser that is logged in, as it is stored. `session_hash` is the SHA-256 of what its cookie holds."""

    session_hash: TokenHash = attrs.field(repr=False)
    operator_id: OperatorId
    created_at_ms: int
    last_used_at_ms: int
    expires_at_ms: int
    from_address: str = ""

    @classmethod
    def beginning(
        cls, session_hash: TokenHash, operator_id: OperatorId, from_address: str, now_ms: int
    ) -> "OperatorSession":
        """A session that begins now."""
        return cls(
            session_hash=session_hash,
            operator_id=operator_id,
            created_at_ms=now_ms,
            last_used_at_ms=now_ms,
            expires_at_ms=now_ms + LONGEST_SESSION_MS,
            from_address=from_address,
        )

    def is_over(self, now_ms: int) -> bool:
        """Whether it has ended, by its age or for it was not used."""
        return now_ms >= min(self.expires_at_ms, self.last_used_at_ms + IDLE_MS)

    def is_to_be_touched(self, now_ms: int) -> bool:
        """Whether a use now is to be noted."""
        return now_ms >= self.last_used_at_ms + TOUCH_EVERY_MS


@attrs.frozen(kw_only=True)
class ApiToken:
    """A bearer token for scripts, as it is stored: SHA-256 of it, and a name that is unique among its operator's.

    role: at most this; see `Operator.role` and `OperatorRole.within`. last_used_at_ms: None where it never was.
    bot_id: see `ActingOperator.bot_id`.
    """

    token_hash: TokenHash = attrs.field(repr=False)
    name: str
    operator_id: OperatorId
    role: OperatorRole
    created_at_ms: int
    expires_at_ms: int
    last_used_at_ms: int | None = None
    bot_id: UserId | None = None

    def is_over(self, now_ms: int) -> bool:
        """Whether its time is over."""
        return now_ms >= self.expires_at_ms

    def is_to_be_touched(self, now_ms: int) -> bool:
        """Whether a use now is to be noted."""
        return self.last_used_at_ms is None or now_ms >= self.last_used_at_ms + TOUCH_EVERY_MS
