"""What processes use of the machine: processor time and memory."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_us(pid: int) -> int:
    """User and system time of all threads of a process since its start, in microseconds; steps of 10 ms."""
    # The second field, the program's name, may hold anything, blanks too, up to the last bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user_ticks, system_ticks = int(fields[11]), int(fields[12])
    return (user_ticks + system_ticks) * 1_000_000 // _TICKS_A_SECOND


def resident_bytes(pid: int) -> int:
    """The memory of a process that is in RAM now; what the kernel keeps for its sockets is not in it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class CpuClock:
    """What several processes use between two marks.

    Args:
        pids: process ids by what the processes are; those of one name are added up.
    """

    def __init__(self, pids: Mapping[str, Sequence[int]]) -> None:
        self._pids = dict(pids)
        self._marks: list[dict[str, int]] = []

    def mark(self) -> None:
        """Read all processes."""
        self._marks.append({name: sum(map(cpu_us, pids)) for name, pids in self._pids.items()})

    def between_marks_us(self) -> dict[str, int]:
        """What each used from the first mark to the last."""
        first, last = self._marks[0], self._marks[-1]
        return {name: last[name] - first[name] for name in self._pids}
