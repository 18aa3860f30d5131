"""What a piece of work costs: seconds, and processor time by process."""

import os
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from bench.readings import Reading
from bench.site import Site
from bench.usage import CpuClock

T = TypeVar("T")

SERVERS = ("node", "database", "redis")
CALLED = {"node": "the node", "database": "the database", "redis": "Redis", "generator": "the generator"}
"""What processes are called in reports."""


@attrs.frozen(kw_only=True)
class Cost:
    """cpu_us: user and system time in microseconds, by what the processes are; `generator` is this one."""

    seconds: float
    cpu_us: Mapping[str, int]

    def readings(self, work: str, subject: str, *, each: str, count: int) -> list[Reading]:
        """How many of `count` were done a second, and what each cost."""
        rate = Reading(work=work, subject=subject, what=f"{each}: a second", value=count / self.seconds)
        parts = [
            Reading(
                work=work, subject=subject, what=f"{each}: CPU of {CALLED[name]}", value=us / count, unit="µs"
            )
            for name, us in self.cpu_us.items()
        ]
        return [rate, *parts]


def timed(site: Site, run: Callable[[], T]) -> tuple[T, Cost]:
    """What `run` gives, and its cost. The site's processes must be the same before and after."""
    clock = CpuClock({**site.pids(), "generator": [os.getpid()]})
    clock.mark()
    start = time.monotonic()
    seen = run()
    seconds = time.monotonic() - start
    clock.mark()
    return seen, Cost(seconds=seconds, cpu_us=clock.between_marks_us())
