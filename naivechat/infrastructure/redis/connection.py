"""A link: one connection to Redis that keeps itself up."""

import random
from collections.abc import Coroutine
from typing import Any, Generic, Protocol, TypeVar

import attrs
import txredisapi
from twisted.internet.defer import CancelledError, Deferred, TimeoutError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.interfaces import IDelayedCall, IReactorTime, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.infrastructure.redis.address import RedisAddress
from naivechat.infrastructure.redis.journal import OutageLog
from naivechat.infrastructure.redis.protocol import RedisProtocol

FIRST_DELAY_S = 0.1
MOST_DELAY_S = 5.0
GREETING_S = 3.0
"""Being let in takes no longer, from the connection on."""
PING_EVERY_S = 3.0
"""How often, and how long an answer may take."""
STEADY_S = 5.0
"""A connection that lasted so long was a good one: the next try comes soon."""
LATE_DATA_S = 0.1
"""After this process was stopped for a while, timers come first: what Redis has said meanwhile is still to be read."""

T = TypeVar("T")
P = TypeVar("P", bound=RedisProtocol)

_log = Logger(namespace="naivechat.redis")


def within(clock: IReactorTime, timeout_s: float, work: Coroutine[Any, Any, T]) -> Deferred[T]:
    """Run a coroutine; TimeoutError, and it is cancelled, when it takes longer. To be awaited."""
    return Deferred.fromCoroutine(work).addTimeout(timeout_s, clock)


def back_off_s(failures: int) -> float:
    """How long to wait before the next try after so many failures: doubling, with jitter, so that nodes do not try in step."""
    return min(FIRST_DELAY_S * 2.0 ** min(failures, 10), MOST_DELAY_S) * random.uniform(0.5, 1.0)


@attrs.frozen(kw_only=True)
class Site:
    """What all links of a node to one Redis share."""

    address: RedisAddress
    endpoint: IStreamClientEndpoint
    clock: IReactorTime
    outage: OutageLog


class LinkUser(Protocol[P]):
    """Whom a link serves."""

    def build(self) -> P:
        """A protocol for the next connection."""

    async def probe(self, protocol: P) -> None:
        """Find out whether the connection will serve, after AUTH and SELECT. A txredisapi.RedisError if not."""

    def came(self, protocol: P) -> None:
        """A connection can be used."""

    def went(self) -> None:
        """The connection that came is lost."""


class Link(Generic[P]):
    """Connects, lets itself in, watches, and connects again.

    Not Twisted's ClientService, which logs every try, and takes a connection for good that is refused a moment later.
    """

    def __init__(self, site: Site, user: LinkUser[P]) -> None:
        self._site = site
        self._user = user
        self._life: Deferred[None] | None = None
        self._protocol: P | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Begin to connect."""
        self._life = Deferred.fromCoroutine(self._live())
        self._life.addErrback(_ended)

    async def stop(self) -> None:
        """Close the connection and connect no more."""
        if self._life is None:
            return
        life, self._life, protocol = self._life, None, self._protocol
        gone = protocol.whenDisconnected() if protocol is not None and protocol.connected else None
        self._is_stopping = True
        life.cancel()
        if gone is not None:
            await gone

    async def _live(self) -> None:
        failures = 0
        while not self._is_stopping:
            up_s = await self._connect_once()
            failures = 0 if up_s >= STEADY_S else failures + 1
            await deferLater(self._site.clock, back_off_s(failures))

    async def _connect_once(self) -> float:
        """Connect, and return when that has failed or the connection is lost: for how many seconds it could be used."""
        try:
            protocol = self._protocol = await self._connect()
            await within(self._site.clock, GREETING_S, self._enter(protocol))
            return await self._serve(protocol)
        except Exception as error:
            # Cancelled, an endpoint fails in its own ways: HostnameEndpoint says that it could not find the host.
            if self._is_stopping:
                raise CancelledError from error
            self._report(error)
            return 0.0
        finally:
            self._close()

    async def _connect(self) -> P:
        factory: Any = Factory.forProtocol(self._user.build)
        factory.noisy = False
        protocol: Any = await self._site.endpoint.connect(factory)
        return protocol  # type: ignore[no-any-return]

    def _report(self, error: Exception) -> None:
        if isinstance(error, txredisapi.ResponseError):
            self._site.outage.refused(str(error))
        elif isinstance(error, ConnectError | ConnectionClosed | OSError):
            self._site.outage.away(_words(error))
        elif isinstance(error, txredisapi.RedisError | TimeoutError):
            self._site.outage.away(self._reason or f"no answer within {GREETING_S:g} s")
        else:
            _log.failure("a link to Redis failed")

    async def _enter(self, protocol: P) -> None:
        address = self._site.address
        if address.password is not None:
            await protocol.auth(address.password, address.username)
        if address.db:
            await protocol.select(address.db)
        await protocol.ping()
        await self._user.probe(protocol)

    async def _serve(self, protocol: P) -> float:
        began_s = self._site.clock.seconds()
        watchdog = Watchdog(protocol, self._site.clock)
        lost = protocol.whenDisconnected()
        try:
            self._user.came(protocol)
            await lost
        finally:
            watchdog.stop()
            self._user.went()
        self._site.outage.away(self._reason)
        return self._site.clock.seconds() - began_s

    def _close(self) -> None:
        if self._protocol is not None:
            self._protocol.transport.abortConnection()
            self._protocol = None

    @property
    def _reason(self) -> str:
        return self._protocol.reason if self._protocol is not None else ""


class Watchdog:
    """Asks Redis every 3 s for a sign of life, and ends a connection on which none comes. Whatever is read is one."""

    def __init__(self, protocol: RedisProtocol, clock: IReactorTime) -> None:
        self._protocol = protocol
        self._clock = clock
        self._call: IDelayedCall = clock.callLater(PING_EVERY_S, self._ask)

    def stop(self) -> None:
        """Watch no more."""
        if self._call.active():
            self._call.cancel()

    def _ask(self) -> None:
        self._protocol.has_heard = False
        self._call = self._clock.callLater(PING_EVERY_S, self._look)
        self._protocol.ping().addErrback(self._refused)

    def _look(self) -> None:
        if self._protocol.has_heard:
            self._ask()
        else:
            self._call = self._clock.callLater(LATE_DATA_S, self._look_again)

    def _look_again(self) -> None:
        if self._protocol.has_heard:
            self._ask()
        else:
            self._protocol.abort(f"no answer within {PING_EVERY_S:g} s")

    def _refused(self, failure: Failure) -> None:
        self._protocol.abort(failure.getErrorMessage())


def _words(error: Exception) -> str:
    """Twisted's errors begin with the sentence of their docstring, over lines."""
    return " ".join(str(error).split())


def _ended(failure: Failure) -> None:
    failure.trap(CancelledError)
