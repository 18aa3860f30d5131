"""What a node writes to its log: from which level on, and as text or as JSON.

JSON is one object a line: `time` (RFC 3339, UTC), `level`, `namespace`, `message`, `fields` (what the message's format names),
and `failure` (`type`, `message`, `traceback`) where there is one.
"""

import datetime
import json
import math
import string
from collections.abc import Callable, Mapping
from typing import IO, Any

from twisted.logger import (
    FileLogObserver,
    FilteringLogObserver,
    ILogObserver,
    LegacyLogObserverWrapper,
    LogEvent,
    LogLevelFilterPredicate,
    formatEvent,
    textFileLogObserver,
)
from twisted.logger import LogLevel as TwistedLevel
from twisted.python.failure import Failure

from naivechat.domain.node_order import LogLevel

LONGEST_FIELD = 1_000
"""Characters of one field; what is longer is cut."""


class LogOutput:
    """The log of this process. `level` may change at any time."""

    def __init__(self) -> None:
        self._levels = LogLevelFilterPredicate(defaultLogLevel=TwistedLevel.info)
        self._level = LogLevel.INFO

    @property
    def level(self) -> LogLevel:
        """From which level on events are written."""
        return self._level

    @level.setter
    def level(self, level: LogLevel) -> None:
        self._level = level
        self._levels.setLogLevelForNamespace("", TwistedLevel.levelWithName(level.value))

    def filtered(self, observer: ILogObserver) -> ILogObserver:
        """An observer of what is to be written."""
        return FilteringLogObserver(observer, [self._levels])


def make_observer(log_format: str, file: IO[Any]) -> ILogObserver:
    """What writes events to a file, as `text` or as `json`."""
    return FileLogObserver(file, as_json) if log_format == "json" else textFileLogObserver(file)


def as_twistd_would(options: Any, log_format: str) -> ILogObserver:
    """An observer that writes where twistd's options say: its file, which it rotates, the terminal, or the system's log.

    Args:
        options: twistd's own.
        log_format: `json` is for files and terminals; the system's log has text.
    """
    # Imported when it is needed: it knows of reactors, of which other programs than twistd want to install their own.
    from twisted.scripts._twistd_unix import UnixAppLogger

    logger: Any = UnixAppLogger(options)
    observer = logger._getLogObserver()
    if isinstance(observer, FileLogObserver):
        return make_observer(log_format, observer._outFile)
    return LegacyLogObserverWrapper(observer)


def as_json(event: LogEvent) -> str | None:
    """One event as a line of JSON; None for one without a message, which is not written."""
    message = formatEvent(event)
    failure = event.get("log_failure")
    if not message and failure is None:
        return None
    level = event.get("log_level", TwistedLevel.info)
    line: dict[str, object] = {
        "time": _time_of(event),
        "level": level.name,
        "namespace": event.get("log_namespace", ""),
        "message": message,
        "fields": _fields_of(event),
    }
    if isinstance(failure, Failure):
        line["failure"] = _failure_of(failure)
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _time_of(event: LogEvent) -> str:
    time = datetime.datetime.fromtimestamp(event.get("log_time", 0.0), datetime.UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fields_of(event: LogEvent) -> Mapping[str, object]:
    """What the format names, and nothing else that an event may carry: numbers as they are, the rest as text."""
    form = event.get("log_format") or ""
    try:
        names = [name.partition(".")[0].removesuffix("()") for _, name, _, _ in _parse(form) if name]
    except ValueError:
        return {}
    return {name: _plain(event[name]) for name in names if name in event and not name.startswith("log_")}


_parse: Callable[[str], Any] = string.Formatter().parse


def _plain(value: object) -> object:
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)[:LONGEST_FIELD]


def _failure_of(failure: Failure) -> Mapping[str, str]:
    kind = failure.type.__name__ if failure.type is not None else ""
    return {"type": kind, "message": failure.getErrorMessage(), "traceback": failure.getTraceback()}
