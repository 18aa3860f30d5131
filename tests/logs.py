"""What a test made the program log as an error. A test that leaves any behind fails (see conftest).

A test that expects errors takes them with `flush`: `from tests.logs import logged_errors`.
In trial's test cases `self.flushLoggedErrors` takes failures, as ever; this one takes `critical` events too.
"""

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from twisted.python.failure import Failure
from zope.interface import implementer


@implementer(ILogObserver)
class LoggedErrors:
    """A log observer that keeps critical events and failures, lost Deferreds' among them."""

    def __init__(self) -> None:
        self._events: list[LogEvent] = []

    def __call__(self, event: LogEvent) -> None:
        # A lost Deferred is logged twice, first without its failure and marked by isError: the second one counts.
        is_announcement = "isError" in event and "log_failure" not in event
        if event.get("log_failure") or (event.get("log_level") is LogLevel.critical and not is_announcement):
            self._events.append(event)

    def flush(self, *error_types: type[BaseException]) -> tuple[LogEvent, ...]:
        """Take the events whose failure is one of `error_types`; without any type, all events."""
        taken = tuple(event for event in self._events if not error_types or _is_of(event, error_types))
        self._events = [event for event in self._events if event not in taken]
        return taken

    def flush_failures(self) -> None:
        """Forget the events that carry a failure."""
        self._events = [event for event in self._events if event.get("log_failure") is None]

    def describe(self) -> str:
        """Every event, with the traceback of its failure; "" if there is none."""
        return "\n".join(_described(event) for event in self._events)


def _is_of(event: LogEvent, error_types: tuple[type[BaseException], ...]) -> bool:
    failure = event.get("log_failure")
    return isinstance(failure, Failure) and isinstance(failure.value, error_types)


def _described(event: LogEvent) -> str:
    failure = event.get("log_failure")
    traceback = failure.getTraceback() if isinstance(failure, Failure) else ""
    return f"{formatEvent(event)}\n{traceback}".rstrip()


logged_errors = LoggedErrors()
