"""What is logged of Redis, and how seldom."""

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

WARN_EVERY_S = 60.0

_log = Logger(namespace="naivechat.redis")


class OutageLog:
    """Says once that Redis is away, and once that it is back, however many tries there were on however many links."""

    def __init__(self) -> None:
        self._is_away = False
        self._refusals: set[str] = set()

    def away(self, reason: str) -> None:
        """Redis cannot be reached, or was lost."""
        if not self._is_away:
            self._is_away = True
            _log.warn("Redis is away: {reason}", reason=reason)

    def refused(self, reason: str) -> None:
        """Redis answers, and refuses to serve: each of its reasons is said once in an outage."""
        self._is_away = True
        if reason not in self._refusals:
            self._refusals.add(reason)
            _log.warn("Redis refuses to serve: {reason}", reason=reason)

    def back(self) -> None:
        """Redis serves."""
        if self._is_away:
            self._is_away = False
            self._refusals.clear()
            _log.info("Redis is back")


class SparseWarning:
    """A warning that is logged at most once a minute, with how often it was called for since the last time.

    Args:
        text: a constant format with the fields `reason` and `count`.
    """

    def __init__(self, clock: IReactorTime, text: str) -> None:
        self._clock = clock
        self._text = text
        self._count = 0
        self._quiet_until_s: float | None = None

    def __call__(self, reason: str) -> None:
        """Log it, or count it."""
        self._count += 1
        now_s = self._clock.seconds()
        if self._quiet_until_s is not None and now_s < self._quiet_until_s:
            return
        self._quiet_until_s = now_s + WARN_EVERY_S
        count, self._count = self._count, 0
        _log.warn(self._text, reason=reason, count=count)
