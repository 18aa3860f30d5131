"""How many connections there may be: all together, not logged in, and from one address, at a time and one after the other."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol

from naivechat.domain.addresses import address_key
from naivechat.domain.errors import LimitReached
from naivechat.domain.limits import Limits
from naivechat.domain.rates import Buckets

COME_BACK_MS = 1_000
NEW_CONNECTIONS: Final = "new-connections"


class Guest(Protocol):
    """A connection as it is counted. `counted_as` is None until it is, then its address, "" where it has none."""

    counted_as: str | None


class Admission:
    """Counts connections, and says which are too many.

    Args:
        refused: counts refusals, by the limit's name.
        seconds: a clock that does not go back.
        most_open: how many connections the system allows.
    """

    def __init__(
        self,
        limits: Limits,
        refused: Counter[str],
        seconds: Callable[[], float],
        most_open: Callable[[], float] = lambda: math.inf,
    ) -> None:
        self._limits = limits
        self._refused = refused
        self._seconds = seconds
        self._most_open = most_open
        rate, burst = limits.new_connections, limits.connection_burst
        self._opened = Buckets(rate, burst) if rate is not None and burst is not None else None
        self._of_address: Counter[str] = Counter()
        self._admitted = 0

    def open(self, open_count: int) -> None:
        """One more is opened beside so many. LimitReached: there are as many as may be, or as the system allows."""
        most = self._limits.all_connections or math.inf
        if open_count >= most or open_count >= self._most_open():
            raise self._too_many("all-connections", "This node has as many connections as it takes.")

    def admit(self, guest: Guest, address: str | None, session_count: int) -> None:
        """Count a connection, from an address; None: it is not known yet, and `place` will tell.

        Raises:
            LimitReached: it is too much, and is not counted.
        """
        if address is not None:
            self._require_rate(address)
        most_waiting = self._limits.waiting_connections
        if most_waiting is not None and self._admitted - session_count >= most_waiting:
            raise self._too_many("waiting-connections", "Too many are logging in at this moment.")
        if address is not None:
            self._count(guest, address)
        self._admitted += 1
        if address is None:
            guest.counted_as = ""

    def place(self, guest: Guest, address: str) -> None:
        """It is known now where an admitted connection comes from. LimitReached."""
        self._require_rate(address)
        self._count(guest, address)

    def left(self, guest: Guest) -> None:
        """A connection is gone; one that was refused was never counted."""
        key, guest.counted_as = guest.counted_as, None
        if key is None:
            return
        self._admitted -= 1
        if key:
            self._of_address[key] -= 1
            if not self._of_address[key]:
                del self._of_address[key]

    def _require_rate(self, address: str) -> None:
        if self._opened is not None and address and self._opened.take(address_key(address), self._seconds()):
            raise self._too_many(NEW_CONNECTIONS, "This address opens connections too fast.")

    def _count(self, guest: Guest, address: str) -> None:
        most = self._limits.connections
        key = address_key(address) if address and most is not None else ""
        if most is not None and key and self._of_address[key] >= most:
            raise self._too_many("connections", "There are too many connections from this address.")
        if key:
            self._of_address[key] += 1
        guest.counted_as = key

    def _too_many(self, limit: str, sentence: str) -> LimitReached:
        self._refused[limit] += 1
        return LimitReached(sentence, limit=limit, retry_after_ms=COME_BACK_MS)
