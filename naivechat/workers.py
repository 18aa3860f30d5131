"""Several nodes on one machine behind one port: a parent that starts them, starts again what dies, and ends them all.

Each worker is a node like any other, in a process of its own. The parent serves nobody: while it does nothing, nothing is missed.
"""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessTerminated
from twisted.internet.interfaces import IDelayedCall, IReadDescriptor
from twisted.internet.protocol import ProcessProtocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

WORKER_VARIABLE = "NAIVECHAT_IS_WORKER"
"""Set in a worker's environment: it ends in order when its standard input does, as with its parent."""
FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 30.0
STEADY_AFTER_S = 60.0
"""A worker that ran so long and dies is started again after `FIRST_DELAY_S`; the delay of others doubles."""
LAST_S = 12.0
"""A worker that has not left in order so long after SIGTERM is killed."""

_log = Logger()


@attrs.frozen(kw_only=True)
class WorkerPlan:
    """How one worker is started. `name` is what its node wishes to be called."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: str


class Workers(Service):
    """Keeps a worker running for each plan that `prepare` gives; that may block, and is called before the reactor runs."""

    def __init__(self, *, prepare: Callable[[], Sequence[WorkerPlan]], reactor: Any) -> None:
        self._prepare = prepare
        self._reactor = reactor
        self._workers: list[_Worker] = []

    def privilegedStartService(self) -> None:
        self._workers = [_Worker(plan, self._reactor) for plan in self._prepare()]

    def startService(self) -> None:
        self.running = 1
        self._reactor.callWhenRunning(self._start_all)

    def stopService(self) -> "Deferred[None]":
        self.running = 0
        return Deferred.fromCoroutine(self._stop_all())

    def renew(self) -> None:
        """Let all workers read their certificates anew."""
        for worker in self._workers:
            worker.renew()

    def _start_all(self) -> None:
        _log.info("naivechat starts {count} workers", count=len(self._workers))
        for worker in self._workers:
            worker.start()

    async def _stop_all(self) -> None:
        for ended in [worker.stop() for worker in self._workers]:
            await ended
        _log.info("naivechat: all workers have ended")


class _Worker(ProcessProtocol):
    """One worker, over all its lives."""

    transport: Any = None

    def __init__(self, plan: WorkerPlan, reactor: Any) -> None:
        self._plan = plan
        self._reactor = reactor
        self._delay_s = FIRST_DELAY_S
        self._started_s = 0.0
        self._next_call: IDelayedCall | None = None
        self._ended: Deferred[None] | None = None

    def start(self) -> None:
        """Begin a life. Standard input is a pipe that ends with this process; what is logged goes where this process's goes."""
        self._next_call = None
        self._started_s = self._reactor.seconds()
        command, plan = list(self._plan.command), self._plan
        self._reactor.spawnProcess(
            self, command[0], command, dict(plan.environment), plan.folder, childFDs={0: "w", 1: 1, 2: 2}
        )
        _log.info("worker {worker} runs as process {pid}", worker=plan.name, pid=self.transport.pid)

    def stop(self) -> "Deferred[None]":
        """SIGTERM, SIGKILL to one that does not take that, and no other life; fires when it has ended."""
        ended: Deferred[None] = Deferred()
        if self._next_call is not None:
            self._next_call.cancel()
        if not self._is_running:
            ended.callback(None)
            return ended
        self._ended = ended
        self._next_call = self._reactor.callLater(LAST_S, self._signal, signal.SIGKILL)
        self._signal(signal.SIGTERM)
        return ended

    def renew(self) -> None:
        """SIGHUP, if it runs: one that does not reads its certificates when it is started."""
        if self._is_running:
            self._signal(signal.SIGHUP)

    @property
    def _is_running(self) -> bool:
        return self.transport is not None and self.transport.pid is not None

    def processEnded(self, reason: Failure) -> None:
        if self._ended is not None:
            if self._next_call is not None and self._next_call.active():
                self._next_call.cancel()
            self._ended.callback(None)
            return
        lived_s = self._reactor.seconds() - self._started_s
        delay_s = FIRST_DELAY_S if lived_s >= STEADY_AFTER_S else self._delay_s
        self._delay_s = min(2 * delay_s, LONGEST_DELAY_S)
        self._next_call = self._reactor.callLater(delay_s, self.start)
        _log.error(
            "worker {worker} has ended ({how}): it is started again in {delay_s} s",
            worker=self._plan.name,
            how=_how_it_ended(reason),
            delay_s=delay_s,
        )

    def _signal(self, number: int) -> None:
        os.kill(self.transport.pid, number)


def _how_it_ended(reason: Failure) -> str:
    error = reason.value
    if isinstance(error, ProcessTerminated) and error.signal is not None:
        return signal.Signals(error.signal).name
    return f"status {getattr(error, 'exitCode', None)}"


@implementer(IReadDescriptor)
class ParentWatch:
    """Waits at a worker's standard input, of which nothing is read but its end: then the parent is gone, and `gone` is called."""

    def __init__(self, gone: Callable[[], None], descriptor: int = 0) -> None:
        self._gone = gone
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def logPrefix(self) -> str:
        return "parent"

    def doRead(self) -> Failure | None:
        return None if os.read(self._descriptor, 1024) else connectionDone

    def connectionLost(self, reason: Failure) -> None:
        self._gone()
