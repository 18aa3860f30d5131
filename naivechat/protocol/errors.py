"""What can be wrong with a frame, and the codes by which a node says so.

Source: ``docs/protocol.md``, sections "Frame" and "Error codes".
"""

import enum
from typing import ClassVar, Final


class ErrorCode(enum.StrEnum):
    """The codes of an ErrorResponse."""

    BAD_FRAME = "BAD_FRAME"
    """The frame is not one map of the strict CBOR profile; the connection ends."""
    UNKNOWN_COMMAND = "UNKNOWN_COMMAND"
    """No client may send this command byte."""
    BAD_REQUEST = "BAD_REQUEST"
    """A key is missing, of the wrong type or out of range."""
    UNSUPPORTED_VERSION = "UNSUPPORTED_VERSION"
    """The client speaks another version of the protocol."""
    NOT_LOGGED_IN = "NOT_LOGGED_IN"
    """This request needs a login first."""
    ALREADY_LOGGED_IN = "ALREADY_LOGGED_IN"
    """This connection has a login already."""
    AUTH_FAILED = "AUTH_FAILED"
    """Wrong password, or no such user: never said which."""
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    """The token is expired, revoked or unknown."""
    DISABLED = "DISABLED"
    """An operator has disabled the account."""
    USER_EXISTS = "USER_EXISTS"
    """The user id is taken."""
    WEAK_PASSWORD = "WEAK_PASSWORD"
    """The password has fewer than 8 characters."""
    NOT_FOUND = "NOT_FOUND"
    """There is no such user or record."""
    NOT_FRIEND = "NOT_FRIEND"
    """The two are not friends, or there is no such user."""
    NOT_MEMBER = "NOT_MEMBER"
    """The user is not in the group, or there is no such group."""
    FORBIDDEN = "FORBIDDEN"
    """The user may not do this."""
    CONFLICT = "CONFLICT"
    """The msg_uuid is known with another talk or content."""
    LIMIT = "LIMIT"
    """A size of the system is reached: friends, members, groups, devices."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too often; comes with retry_after_ms."""
    TOO_LARGE = "TOO_LARGE"
    """The message has more than 4,000 characters."""
    UNAVAILABLE = "UNAVAILABLE"
    """Storage is away and nothing was stored; comes with retry_after_ms."""
    INTERNAL = "INTERNAL"
    """A fault of the node, logged there with the rid."""


NEEDS_TLS: Final = "This node takes passwords over TLS only: everybody on the way could read them."
"""The message of a FORBIDDEN to whoever shows a password to a network: by the code alone a closed registration looks the same."""


class ProtocolError(Exception):
    """The peer sent something that the protocol does not allow.

    Attributes:
        code: how a node answers it.
        message: one sentence for people, without any value that the peer sent.
        rid: the request id to answer to; 0 if none could be read.
    """

    code: ClassVar[ErrorCode]

    def __init__(self, message: str, *, rid: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.rid = rid


class BadFrame(ProtocolError):
    """The payload is not one map of the strict CBOR profile. The connection must be closed."""

    code = ErrorCode.BAD_FRAME


class UnknownCommand(ProtocolError):
    """The command byte is unknown or, on a node, one that only nodes send. A client ignores the frame."""

    code = ErrorCode.UNKNOWN_COMMAND


class UnsupportedVersion(ProtocolError):
    """The key ``protocol`` is a number other than 1."""

    code = ErrorCode.UNSUPPORTED_VERSION


class BadRequest(ProtocolError):
    """A key is missing, of the wrong type or out of range.

    Attributes:
        key: the key, with the way to it where it is nested (``talks[3].unread``); "" if it is the map itself.
    """

    code = ErrorCode.BAD_REQUEST

    def __init__(self, key: str, reason: str, *, rid: int = 0) -> None:
        super().__init__(f"{key}: {reason}" if key else reason, rid=rid)
        self.key = key
