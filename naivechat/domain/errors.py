"""What can go wrong in a use case.

Each error has the code that names it to programs and a sentence for people; its docstring says when it is raised.
Source: docs/protocol.md, "Error codes".
"""

from typing import ClassVar


class ChatError(Exception):
    """The base of all refusals. `message` is the sentence a person reads, `retry_after_ms` when trying again makes sense.

    `limit` names the limit of `domain.limits` that was reached, if it was one.
    """

    code: ClassVar[str] = "INTERNAL"
    sentence: ClassVar[str] = "The node failed to carry out the request."
    limit: str = ""

    def __init__(self, message: str = "", *, retry_after_ms: int | None = None) -> None:
        self.message = message or self.sentence
        self.retry_after_ms = retry_after_ms
        super().__init__(self.message)


class InvalidRequest(ChatError):
    """A value that no user may ask for, whoever asks: `key` names it."""

    code = "BAD_REQUEST"
    sentence = "The request does not make sense."

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        super().__init__(f"{key}: {reason}")


class AuthFailed(ChatError):
    """Wrong password or unknown user: both alike."""

    code = "AUTH_FAILED"
    sentence = "The account or the password is wrong."


class TokenExpired(ChatError):
    """The token is expired, revoked or unknown."""

    code = "TOKEN_EXPIRED"
    sentence = "The session has expired: log in with the password."


class Disabled(ChatError):
    """The account was disabled by an operator."""

    code = "DISABLED"
    sentence = "This account is disabled."


class UserExists(ChatError):
    """The user id is taken."""

    code = "USER_EXISTS"
    sentence = "This account name is taken."


class WeakPassword(ChatError):
    """A new password under the shortest length allowed."""

    code = "WEAK_PASSWORD"
    sentence = "A password needs at least 8 characters."


class NotFound(ChatError):
    """Something named in the request does not exist."""

    code = "NOT_FOUND"
    sentence = "There is no such thing."


class NotFriend(ChatError):
    """A friend talk without a friendship, whether the other person exists or not."""

    code = "NOT_FRIEND"
    sentence = "You are not friends."


class NotMember(ChatError):
    """A group talk without membership, whether the group exists or not."""

    code = "NOT_MEMBER"
    sentence = "You are not a member of this group."


class Forbidden(ChatError):
    """The person may not do this."""

    code = "FORBIDDEN"
    sentence = "You may not do this."


class Conflict(ChatError):
    """A known msg_uuid came with another talk or content."""

    code = "CONFLICT"
    sentence = "This message id already names another message."


class LimitReached(ChatError):
    """A size of the system, which `limit` names: friends, members, groups, connections."""

    code = "LIMIT"
    sentence = "A limit is reached."

    def __init__(self, message: str = "", *, limit: str = "", retry_after_ms: int | None = None) -> None:
        super().__init__(message, retry_after_ms=retry_after_ms)
        self.limit = limit


class TooLarge(ChatError):
    """A message text over the longest length allowed."""

    code = "TOO_LARGE"
    sentence = "A message has at most 4,000 characters."


class RateLimited(ChatError):
    """Something was tried too often of late: `retry_after_ms` says when it may be tried again, `limit` which rate was reached."""

    code = "RATE_LIMITED"
    sentence = "That was tried too often: wait a while."

    def __init__(self, message: str = "", *, limit: str = "", retry_after_ms: int | None = None) -> None:
        super().__init__(message, retry_after_ms=retry_after_ms)
        self.limit = limit


class Unavailable(ChatError):
    """Storage is away or overwhelmed: nothing was stored, the same request may be sent again."""

    code = "UNAVAILABLE"
    sentence = "The node cannot reach its storage: try again."

    def __init__(self, message: str = "", *, retry_after_ms: int = 1_000) -> None:
        super().__init__(message, retry_after_ms=retry_after_ms)
