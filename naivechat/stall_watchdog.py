"""Tells which line holds the reactor up: while it does not turn, nobody on the node is answered."""

import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable

from twisted.application.service import Service
from twisted.logger import Logger

from naivechat.stall_sampler import StallSampler

LOOK_EVERY_S = 0.25
LONGEST_STALL_S = 1.0
"""A turn of the reactor that takes longer is a fault of ours, or of the machine."""

_log = Logger()


class StallWatchdog(Service):
    """A thread that notices when the reactor has not turned for a second, and logs the stack of the thread that it runs in.

    Each stall is logged once when it is noticed, with the guilty line, and once when it is over, with its length. A process that did
    not run at all, for it was stopped or the machine was busy, is told as that: no line of ours is to blame.

    Args:
        counted: how many of each kind there were, `reactor` and `process`.
        sampler: is called by the reactor, and so knows when it last turned; it samples as long as this runs.
        clock: monotonic seconds, the reactor's.
    """

    def __init__(
        self, counted: Counter[str], sampler: StallSampler, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._counted = counted
        self._sampler = sampler
        self._clock = clock
        self._seen_at_s = self._excused_until_s = clock()
        self._stalled_since_s: float | None = None
        self._ended = threading.Event()
        self._watched = threading.get_ident()
        self._thread: threading.Thread | None = None

    def startService(self) -> None:
        self.running = 1
        self._ended.clear()
        self._watched = threading.get_ident()
        self._sampler.start()
        self._seen_at_s = self._clock()
        self._thread = threading.Thread(target=self._watch, name="stall-watchdog", daemon=True)
        self._thread.start()

    def stopService(self) -> None:
        self.running = 0
        self._ended.set()
        self._sampler.stop()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """See whether the reactor turns; to be called every LOOK_EVERY_S seconds from another thread than its own."""
        now_s = self._clock()
        unseen_s, self._seen_at_s = now_s - self._seen_at_s, now_s
        turned_at_s = max(self._sampler.turned_at_s, self._excused_until_s)
        if unseen_s > LONGEST_STALL_S:
            # We did not run either. The reactor has until the next look to show that it turns.
            self._excused_until_s = now_s
            self._counted["process"] += 1
            _log.warn("this process did not run for {seconds:.1f} s", seconds=unseen_s)
        elif self._stalled_since_s is not None:
            self._look_for_the_end(self._stalled_since_s, turned_at_s)
        elif now_s - turned_at_s > LONGEST_STALL_S:
            self._stalled_since_s = turned_at_s
            self._counted["reactor"] += 1
            _log.error("the reactor is held up at {place}\n{stack}", **self._where())

    def _look_for_the_end(self, since_s: float, turned_at_s: float) -> None:
        if turned_at_s > since_s:
            self._stalled_since_s = None
            _log.warn("the reactor turns again after {seconds:.1f} s", seconds=turned_at_s - since_s)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            self.look()

    def _where(self) -> dict[str, str]:
        frame = sys._current_frames().get(self._watched)
        if frame is None:
            return {"place": "a thread that has ended", "stack": ""}
        stack = traceback.extract_stack(frame)
        last = stack[-1]
        return {"place": f"{last.filename}:{last.lineno} in {last.name}", "stack": "".join(stack.format())}
