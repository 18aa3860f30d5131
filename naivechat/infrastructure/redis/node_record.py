"""A node's heartbeat as it is stored: JSON of its status, and which process says so."""

import json
import os
import socket
from collections.abc import Callable
from typing import Any

import attrs

from naivechat.domain.node import NodeStatus


@attrs.frozen(kw_only=True)
class Process:
    """A process: `pid` means something only on `host`, which names the space of process ids too, for containers share names."""

    host: str
    pid: int

    @classmethod
    def this(cls) -> "Process":
        """The one that runs this."""
        try:
            space = os.readlink("/proc/self/ns/pid")
        except OSError:
            space = ""
        return cls(host=f"{socket.gethostname()} {space}".strip(), pid=os.getpid())


def is_running(pid: int) -> bool:
    """Whether a process of this host is there, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@attrs.frozen(kw_only=True)
class NodeRecord:
    """A stored heartbeat."""

    status: NodeStatus
    process: Process

    def encode(self) -> bytes:
        """As it is stored."""
        fields = {**attrs.asdict(self.status), **attrs.asdict(self.process)}
        return json.dumps(fields, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, stored: bytes | None) -> "NodeRecord | None":
        """What is stored; None where there is nothing, or nothing that can be understood. Unknown fields are of a later version."""
        try:
            fields = json.loads(stored or b"{}")
            status = {name: convert(fields[name]) for name, convert in _STATUS.items()}
            status |= {name: convert(fields[name]) for name, convert in _LATER.items() if name in fields}
            process = Process(host=str(fields["host"]), pid=int(fields["pid"]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None
        return cls(status=NodeStatus(**status), process=process)

    def is_dead(self, here: Process, is_running: Callable[[int], bool]) -> bool:
        """Whether its process is seen from here to have ended. One of our own pid has: we are another instance."""
        if self.process.host != here.host or self.process.pid <= 0:
            return False
        return self.process.pid == here.pid or not is_running(self.process.pid)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value))


_STATUS: dict[str, Callable[[Any], Any]] = {
    "name": str,
    "instance": str,
    "addresses": _texts,
    "version": str,
    "started_at_ms": int,
    "beat_at_ms": int,
    "connections": int,
    "users": int,
    "messages_per_s": float,
    "draining": bool,
}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


_LATER: dict[str, Callable[[Any], Any]] = {
    "log_level": str,
    "log_queue_length": lambda value: None if value is None else int(value),
    "commit_p50_ms": _number,
    "commit_p99_ms": _number,
    "delivery_p50_ms": _number,
    "delivery_p99_ms": _number,
}
"""What nodes of earlier versions do not say."""
