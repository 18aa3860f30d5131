"""Whether a node can serve, asked as often as anybody likes: the database is looked at once a second at most."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import attrs
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.errors import ChatError

FRESH_S = 1.0
LOOK_S = 2.0
"""A database that has not answered by then is down."""

_log = Logger()


class CertificateState(Protocol):
    """What is known of the certificates that a node shows."""

    is_current: bool

    @property
    def expires_at_s(self) -> int | None:
        """When the first one ends, in seconds since 1970; None where there are none."""


@attrs.frozen(kw_only=True)
class Report:
    """What a node stands on. `bus_connected` is None where there are no other nodes; `bus_full`: it carries, and keeps nothing."""

    database: DatabaseState
    bus_connected: bool | None
    bus_full: bool
    draining: bool

    @property
    def is_ready(self) -> bool:
        """Whether clients may be sent here. Without the bus a node serves on, through the database."""
        return self.database is DatabaseState.UP and not self.draining


class Readiness:
    """Looks at the database for all who ask. `database` is what the last look has found.

    Args:
        look_at_database: what the database is good for, once it has answered; raises ChatError when it is away.
        bus_connected: whether what is published is carried; None where there are no other nodes.
        bus_full: whether the bus keeps nothing of what nodes say of themselves.
        is_draining: whether the node takes no connections.
    """

    def __init__(
        self,
        look_at_database: Callable[[], Awaitable[DatabaseState]],
        *,
        bus_connected: Callable[[], bool | None],
        bus_full: Callable[[], bool],
        is_draining: Callable[[], bool],
        clock: IReactorTime,
    ) -> None:
        self.database = DatabaseState.UP
        self._look_at_database = look_at_database
        self._bus_connected = bus_connected
        self._bus_full = bus_full
        self._is_draining = is_draining
        self._clock = clock
        self._looked_s = -FRESH_S
        self._looking: Deferred[None] | None = None

    async def look(self) -> Report:
        """The state of this second. Never raises, and ends within 2 s."""
        if self._looking is None and self._clock.seconds() - self._looked_s >= FRESH_S:
            self._begin()
        if self._looking is not None:
            await self._answered(self._looking)
        return Report(
            database=self.database,
            bus_connected=self._bus_connected(),
            bus_full=self._bus_full(),
            draining=self._is_draining(),
        )

    def _begin(self) -> None:
        self._looked_s = self._clock.seconds()
        looking = self._looking = Deferred.fromCoroutine(self._look())
        looking.addErrback(self._failed)
        looking.addBoth(self._ended)

    async def _look(self) -> None:
        self.database = await self._look_at_database()

    def _failed(self, failure: Failure) -> None:
        self.database = DatabaseState.DOWN
        if not failure.check(ChatError):
            _log.failure("the database could not be looked at", failure)

    def _ended(self, _: object) -> None:
        self._looking = None

    async def _answered(self, looking: Deferred[None]) -> None:
        """Wait for a look, but not for ever: the next ones wait for the same one, and no others pile up."""
        waiter: Deferred[None] = Deferred()
        looking.addBoth(_wake, waiter)
        waiter.addTimeout(max(self._looked_s + LOOK_S - self._clock.seconds(), 0), self._clock)
        try:
            await waiter
        except TimeoutError:
            self.database = DatabaseState.DOWN


def _wake(_: object, waiter: Deferred[None]) -> None:
    if not waiter.called:
        waiter.callback(None)
