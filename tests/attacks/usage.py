"""What a node's process uses, as Linux tells it."""

from pathlib import Path


def cpu_ns(pid: int) -> int:
    """Time that all its living threads have computed, whatever else the machine did meanwhile."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def memory_kb(pid: int) -> int:
    """Memory that it holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("the kernel does not tell how much memory a process has")


def open_sockets(pid: int) -> int:
    """How many sockets it has open. Its other files are of the database, one or more for each thread that was needed."""
    return sum(_target(link).startswith("socket:") for link in Path(f"/proc/{pid}/fd").iterdir())


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""
