"""Threads for blocking work, and the hop there and back, as short as it gets: it is paid for every transaction."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")


@attrs.define
class _Job(Generic[T]):
    """What is to be done, and who waits for it."""

    work: Callable[[], T]
    done: Deferred[T]


class Lane:
    """Runs calls in threads of its own, in the order they came; a further thread begins when all have something to do.

    Args:
        most: how many threads there may be.
        name: theirs.

    waiting: calls that have not come back.
    """

    def __init__(self, reactor: Any, most: int, name: str) -> None:
        self.waiting = 0
        self._reactor = reactor
        self._most = most
        self._name = name
        self._threads: list[threading.Thread] = []
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()

    def run(self, work: Callable[[], T]) -> Deferred[T]:
        """Call `work` in a thread; the Deferred fires with what it returns or raises."""
        self.waiting += 1
        job = _Job(work, Deferred())
        self._jobs.put(job)
        if len(self._threads) < min(self._most, self.waiting):
            thread = threading.Thread(target=self._work_off, name=f"{self._name}-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()
        return job.done

    def stop(self) -> None:
        """End the threads after all that waits for them."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _work_off(self) -> None:
        while (job := self._jobs.get()) is not None:
            outcome: Any
            try:
                outcome = job.work()
            except BaseException:
                outcome = Failure()
            self._reactor.callFromThread(self._come_back, job, outcome)

    def _come_back(self, job: _Job[Any], outcome: Any) -> None:
        self.waiting -= 1
        job.done.callback(outcome)
