"""The life of a node: what is started in which order, and how it is left without losing anything."""

import gc
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from twisted.application.service import Service
from twisted.internet.defer import Deferred, DeferredList, TimeoutError
from twisted.internet.error import CannotListenError
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import Unavailable
from naivechat.listening import Listener, advertised, describe
from naivechat.membership import Membership

DRAIN_S = 9.0
"""What is not done this long after SIGTERM is left undone: within 10 s the process has ended."""
FAREWELL_S = 1.5
"""How long of that the other nodes may take to be told; they notice by themselves."""
DATABASE_TRIES = 10
DATABASE_PAUSE_S = 3.0

_log = Logger()


MOST_DESCRIPTORS = 1_048_576
DESCRIPTORS_KEPT = 256
"""For the database, Redis, operators, logs and modules."""
LEAST_CONNECTIONS = 16
NEW_OBJECTS_A_COLLECTION = 100_000
"""Python's own 700 are fewer than the messages under way take, so that it looked through them again and again."""


class StartFailed(Exception):
    """The node cannot start. Its text is one line for the operator, free of secrets."""


class Startable(Protocol):
    """What works between `start` and `stop`: the storage."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self) -> None:
        """Finish what is under way, then end."""


class Doors(Protocol):
    """What listens and knows all connections: the factory."""

    def buildProtocol(self, addr: Any) -> Any:
        """The protocol of a new connection."""

    async def drain(self) -> None:
        """Let every connection finish, say goodbye, return when all are closed."""


class AdminSide(Protocol):
    """What operators see of the node."""

    async def open(self, node_name: str) -> None:
        """Serve them. CannotListenError when that cannot be."""

    async def close(self) -> None:
        """Serve them no more; called also where `open` has failed, or was never called."""


def migrate_patiently(
    migrate: Callable[[], object], shown_url: str, *, pause: Callable[[float], object] = time.sleep
) -> None:
    """Bring the database up to date, waiting for one that does not answer yet: at most `DATABASE_TRIES` times.

    Blocks, so it belongs before the reactor runs.

    Raises:
        StartFailed: it still does not answer, or refuses.
    """
    for remaining in reversed(range(DATABASE_TRIES)):
        try:
            migrate()
            return
        except Unavailable as error:
            if not remaining:
                raise StartFailed(f"the database {shown_url} does not answer: {error}") from error
            _log.warn("waiting for the database {url}: {reason}", url=shown_url, reason=str(error))
        except Exception as error:
            raise StartFailed(f"the database {shown_url} cannot be used: {_sentence(error)}") from error
        pause(DATABASE_PAUSE_S)


def raise_descriptor_limit() -> None:
    """Allow as many open connections as the system lets us, up to `MOST_DESCRIPTORS`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections() -> int:
    """How many connections the system's limit leaves: at the end of file descriptors even imports fail."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    return max(allowed - DESCRIPTORS_KEPT, LEAST_CONNECTIONS)


def _nothing() -> None:
    """A node without certificates has nothing to read anew."""


def collect_garbage_seldom() -> None:
    """Leave what was made up to now, modules above all, out of all collections, and look for cycles at fewer occasions."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_A_COLLECTION, *gc.get_threshold()[1:])


class Node(Service):
    """One node as a Twisted service: `storage` works, the node joins the others, then the `listeners` open.

    `prepare` is called first, before the reactor runs, and may block. `advertise` is where others send clients, if that is not
    where the node listens. `admin` opens after the listeners and closes last: until then it tells that the node leaves.
    `failed` is called with a `StartFailed` when the node cannot start once the reactor runs; it ends
    the process. `renew` reads anew what may have changed in files: certificates.
    """

    def __init__(
        self,
        *,
        node_name: str,
        prepare: Callable[[], None],
        storage: Startable,
        doors: Doors,
        membership: Membership,
        listeners: Sequence[Listener],
        advertise: Sequence[str] = (),
        admin: AdminSide | None = None,
        reactor: Any,
        failed: Callable[[StartFailed], None],
        renew: Callable[[], None] = _nothing,
    ) -> None:
        self._node_name = node_name
        self._prepare = prepare
        self._storage = storage
        self._doors = doors
        self._membership = membership
        self._listeners = listeners
        self._advertise = tuple(advertise)
        self._admin = admin
        self._reactor = reactor
        self._failed = failed
        self.renew = renew
        self._ports: list[Any] = []
        self._started: Deferred[None] | None = None

    def privilegedStartService(self) -> None:
        self._prepare()

    def startService(self) -> None:
        self.running = 1
        self._started = Deferred.fromCoroutine(self._start())
        self._started.addErrback(self._start_failed)

    def stopService(self) -> "Deferred[None]":
        self.running = 0
        leaving = Deferred.fromCoroutine(self._leave())
        leaving.addTimeout(DRAIN_S, self._reactor)
        return leaving.addErrback(self._leaving_failed)

    async def _start(self) -> None:
        await self._start_storage()
        if not self.running:
            return
        await self._membership.join()
        found: list[str] = []
        for listener in self._listeners:
            port = await listener.endpoint.listen(self._doors)
            self._ports.append(port)
            found += advertised(listener.scheme, port)
            _log.info(
                "naivechat node {node} listens on {where}",
                node=self._node_name,
                where=describe(listener.scheme, port),
            )
        if self._admin is not None:
            await self._admin.open(self._node_name)
        self._membership.open(self._advertise or found)

    async def _start_storage(self) -> None:
        """The database may go away between `prepare` and here: it is waited for as there."""
        for remaining in reversed(range(DATABASE_TRIES)):
            try:
                await self._storage.start()
                return
            except Unavailable as error:
                if not remaining:
                    raise
                _log.warn("waiting for the database: {reason}", reason=str(error))
            await deferLater(self._reactor, DATABASE_PAUSE_S)
            if not self.running:
                return

    async def _leave(self) -> None:
        if self._started is not None:
            await self._started
        self._membership.begin_leaving()
        await DeferredList([port.stopListening() for port in self._ports])
        await self._doors.drain()
        farewell = Deferred.fromCoroutine(self._membership.leave())
        await farewell.addTimeout(FAREWELL_S, self._reactor).addErrback(self._not_told)
        await self._storage.stop()
        if self._admin is not None:
            await self._admin.close()
        if self._ports:
            _log.info("naivechat node {node} has left in order", node=self._node_name)

    def _start_failed(self, failure: Failure) -> None:
        if failure.check(CannotListenError):
            self._failed(StartFailed(f"cannot listen: {_sentence(failure.value)}"))
            return
        if not failure.check(Unavailable):
            _log.failure("naivechat node {node} cannot start", failure, node=self._node_name)
        self._failed(StartFailed(f"cannot start: {_sentence(failure.value)}"))

    def _not_told(self, failure: Failure) -> None:
        failure.trap(TimeoutError)
        _log.warn("the other nodes could not be told that node {node} leaves", node=self._node_name)

    def _leaving_failed(self, failure: Failure) -> None:
        _log.failure("naivechat node {node} leaves with work undone", failure, node=self._node_name)


def _sentence(error: BaseException | None) -> str:
    return " ".join(str(error).split()) or type(error).__name__
