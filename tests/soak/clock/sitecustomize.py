"""Read by Python at its start where this folder is on its path: gives the process another wall clock, by as many seconds as a file says.

libfaketime would do it for all of C as well, but under it (0.9.10) `time.sleep` of Python 3.11 fails with EINVAL.
"""

import os
import time

READ_EVERY_S = 0.2


class TurnedClock:
    """`time.time` and `time.time_ns`, by the offset that the file holds at the moment."""

    def __init__(self, path: str) -> None:
        # Opened once: a process that has no files left still has a clock.
        self._file = os.open(path, os.O_RDONLY)
        self._time, self._time_ns = time.time, time.time_ns
        self._offset_s = 0
        self._read_at_s = 0.0

    def time(self) -> float:
        """Seconds since 1970, as this process sees it."""
        return self._time() + self._offset()

    def time_ns(self) -> int:
        """Nanoseconds since 1970, as this process sees it."""
        return self._time_ns() + self._offset() * 1_000_000_000

    def _offset(self) -> int:
        now_s = time.monotonic()
        if now_s - self._read_at_s > READ_EVERY_S:
            self._read_at_s = now_s
            self._offset_s = int(os.pread(self._file, 20, 0) or 0)
        return self._offset_s


_turned = TurnedClock(os.environ["TURNED_CLOCK"])
time.time, time.time_ns = _turned.time, _turned.time_ns
