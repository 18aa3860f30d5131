"""Looking up the addresses of a name, as the system does it, without waiting on the reactor or on its end.

The system's function cannot be interrupted and may take half a minute. So each call has a thread that a process may end without,
and there are never more than a few: a pool would be blocked by names that nobody answers for, and would be waited for at the end.
"""

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from twisted.internet.defer import Deferred

MOST_LOOKUPS = 32


class NoSuchName(Exception):
    """There are no addresses of this name, or it cannot be told now."""


def in_own_thread(work: Callable[[], None]) -> None:
    """Start a thread that nobody waits for."""
    threading.Thread(target=work, name="name-lookup", daemon=True).start()


class NameLookup:
    """Finds addresses; `start` begins a call in another thread, `ask` is the system's function."""

    def __init__(
        self,
        reactor: Any,
        *,
        start: Callable[[Callable[[], None]], None] = in_own_thread,
        ask: Callable[..., Any] = socket.getaddrinfo,
    ) -> None:
        self._reactor = reactor
        self._start = start
        self._ask = ask
        self._under_way = 0

    async def find(self, name: str) -> tuple[str, ...]:
        """The addresses of a name, the best first; an address is its own.

        Raises:
            NoSuchName: there are none, or too many names are asked for that nobody answers.
        """
        if _is_address(name):
            return (name,)
        if self._under_way >= MOST_LOOKUPS:
            raise NoSuchName
        self._under_way += 1
        answer: Deferred[tuple[str, ...]] = Deferred()
        self._start(lambda: self._look_up(name, answer))
        found = await answer
        if not found:
            raise NoSuchName
        return found

    def _look_up(self, name: str, answer: "Deferred[tuple[str, ...]]") -> None:
        """In the other thread."""
        try:
            rows = self._ask(name, None, type=socket.SOCK_STREAM)
            found = tuple(dict.fromkeys(row[4][0] for row in rows))
        except (OSError, UnicodeError):
            found = ()
        self._reactor.callFromThread(self._answered, answer, found)

    def _answered(self, answer: "Deferred[tuple[str, ...]]", found: tuple[str, ...]) -> None:
        self._under_way -= 1
        answer.callback(found)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
