"""No context for log lines, which the reactor would set up for each connection that it reads from, and each wake-up.

Twisted notes by it which connection a line is about, for loggers of the old kind. Lines of ours name what they are about.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from twisted.python import context

T = TypeVar("T")


class NoContext(context.ContextTracker):
    """The same context for all: what was set as a default."""

    def currentContext(self) -> "NoContext":
        return self

    def callWithContext(self, newContext: dict[Any, Any], func: Callable[..., T], *args: Any, **kw: Any) -> T:
        return func(*args, **kw)

    def getContext(self, key: Any, default: Any = None) -> Any:
        return self.contexts[0].get(key, default)


def leave_out_log_context() -> None:
    """From now on, in all threads of this process."""
    context.installContextTracker(NoContext())  # type: ignore[no-untyped-call]
