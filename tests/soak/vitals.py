"""What a node's process costs: memory and file descriptors, before faults and after them."""

from collections.abc import Iterable
from pathlib import Path

import attrs

from tests.servers import NodeProcess


@attrs.frozen(kw_only=True)
class Vitals:
    """A process at one moment: its id, its resident memory in KiB, and how many descriptors it has open."""

    pid: int
    memory_kb: int
    descriptors: int

    @classmethod
    def of(cls, pid: int) -> "Vitals":
        """As the kernel has it. OSError when there is no such process."""
        status = Path(f"/proc/{pid}/status").read_text()
        memory_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
        return cls(pid=pid, memory_kb=memory_kb, descriptors=len(list(Path(f"/proc/{pid}/fd").iterdir())))


@attrs.frozen(kw_only=True)
class Course:
    """One node: with everybody logged in and before faults, and when all had come to rest after them."""

    before: Vitals
    after: Vitals

    @property
    def is_restarted(self) -> bool:
        """Whether what is there after is another process."""
        return self.before.pid != self.after.pid


def look_at(nodes: Iterable[NodeProcess]) -> tuple[Vitals | None, ...]:
    """All nodes now; None for one that has ended."""
    return tuple(Vitals.of(node.pid) if node.is_running else None for node in nodes)


def courses(before: Iterable[Vitals | None], after: Iterable[Vitals | None]) -> tuple[Course, ...]:
    """Two looks at the same nodes, put together; those that ran at both."""
    return tuple(
        Course(before=one, after=other) for one, other in zip(before, after, strict=True) if one and other
    )
