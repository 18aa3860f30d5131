"""What can go wrong for a client. The text of each is a sentence for people."""

from naivechat.protocol.errors import NEEDS_TLS, ErrorCode

_TEMPORARY = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.UNAVAILABLE})


class ClientError(Exception):
    """Whatever this library raises."""


class AddressError(ClientError, ValueError):
    """A server's address cannot be read."""


class NotConnected(ClientError):
    """There is no connection, or it broke, or no answer came in time: whether the request was done is unknown."""


class TurnedAway(NotConnected):
    """The node takes no further connection now: there are too many.

    Attributes:
        retry_after_ms: when trying again makes sense, in milliseconds from now; None if the node did not say.
    """

    def __init__(self, message: str, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class Unverified(NotConnected):
    """The node is not to be believed: its certificate does not verify, or it speaks no TLS.

    Attributes:
        doubt: why, as the name of one of `naivechat.client.verification.Doubt`: NAME, EXPIRED, TOO_EARLY, SELF_SIGNED, UNKNOWN,
            OTHER, NO_TLS.
    """

    def __init__(self, message: str, doubt: str) -> None:
        super().__init__(message)
        self.doubt = doubt


class Stopped(NotConnected):
    """The client itself ended the connection."""


class LoggedOut(Stopped):
    """The client gave its token back and ended the connection."""


class Kicked(NotConnected):
    """The node ended the session.

    Attributes:
        reason: one of replaced, admin, disabled, slow, idle, shutdown, expired.
        message: what the node says about it.
    """

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or f"the session was ended: {reason}")
        self.reason = reason
        self.message = message


class RequestRefused(ClientError):
    """The node answered a request with an error: it was not done.

    Attributes:
        code: one of `naivechat.protocol.errors.ErrorCode`, or a word that a later node knows.
        message: what the node says about it.
        retry_after_ms: when trying again makes sense, in milliseconds from now; None if the node did not say.
    """

    def __init__(self, code: str, message: str = "", retry_after_ms: int | None = None) -> None:
        super().__init__(f"{code}: {message}" if message else str(code))
        self.code = code
        self.message = message
        self.retry_after_ms = retry_after_ms

    @property
    def is_temporary(self) -> bool:
        """Whether the same request may be done a little later."""
        return self.code in _TEMPORARY

    @property
    def needs_tls(self) -> bool:
        """Whether the node takes the password that was shown over TLS only."""
        return self.code == ErrorCode.FORBIDDEN and self.message == NEEDS_TLS

    def pause_s(self, least_s: float) -> float:
        """How many seconds to wait before the same request is made again: what the node says, `least_s` at least."""
        return max((self.retry_after_ms or 0) / 1000, least_s)


class UnexpectedAnswer(ClientError):
    """The node answered with a packet that does not belong to the request."""
