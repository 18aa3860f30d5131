"""Deadlines of very many connections on one timer."""

from collections import defaultdict
from math import ceil
from typing import Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

EVERY_S = 1.0

_log = Logger()


class Watched(Protocol):
    """Whoever has a deadline."""

    def look(self) -> None:
        """It may be over: see whether it is, and be watched again if not."""


class Vigil:
    """Calls `look` of everybody it watches, up to a second after the time they gave.

    A timer of the reactor for each of ten thousand connections, nearly all of which fires only to find that something was heard
    meanwhile, costs memory and time for nothing.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._due: defaultdict[int, set[Watched]] = defaultdict(set)
        self._call: IDelayedCall | None = None

    def watch(self, who: Watched, due_s: float) -> int:
        """Look at `who` when the clock says `due_s`; what to `forget` it by."""
        second = ceil(due_s)
        self._due[second].add(who)
        self._go_on()
        return second

    def forget(self, who: Watched, second: int) -> None:
        """Do not look at `who`; nothing happens when that was done."""
        watched = self._due.get(second)
        if watched is not None:
            watched.discard(who)
            if not watched:
                del self._due[second]
        if self._call is not None and not self._due:
            self._call.cancel()
            self._call = None

    def _look(self) -> None:
        self._call = None
        now_s = self._clock.seconds()
        for second in sorted(second for second in self._due if second <= now_s):
            for who in self._due.pop(second, ()):
                try:
                    who.look()
                except Exception:
                    _log.failure("a connection whose time may be up was not looked at")
        self._go_on()

    def _go_on(self) -> None:
        if self._call is None and self._due:
            self._call = self._clock.callLater(EVERY_S, self._look)
