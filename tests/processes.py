"""Child processes of tests: started with a log, signalled, awaited, and never left behind."""

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

LOWEST_PORT, HIGHEST_PORT = 20_000, 32_000
"""Below the kernel's ephemeral ports: while a server is down, no client's own port can take its place."""

_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

_running: "set[ChildProcess]" = set()
_given_ports: set[int] = set()


def free_port(interface: str = "127.0.0.1") -> int:
    """A TCP port of `interface` that nobody listens on at this moment, and that nobody else in this run is given."""
    for _ in range(200):
        port = random.SystemRandom().randrange(LOWEST_PORT + _WORKER, HIGHEST_PORT + 1, _WORKERS)
        if port in _given_ports:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((interface, port))
            except OSError:
                continue
            _given_ports.add(port)
            return port
    raise AssertionError("no free port between 20000 and 32000")


def wait_until(condition: Callable[[], bool], timeout_s: float, otherwise: Callable[[], str]) -> None:
    """Return once `condition()` holds; AssertionError with `otherwise()` after `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise())
        time.sleep(0.02)


class ChildProcess:
    """One process. Its output, both streams, goes to `log_path`; it dies when this interpreter does."""

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None

    def start(
        self,
        command: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        *,
        fds: Sequence[int] = (),
    ) -> None:
        """Start `command` in the folder `cwd`; the log is continued. Not to be called while it runs.

        fds: open files that it gets, too.
        """
        assert not self.is_running, "already running"
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [*_dying_with_its_parent(), *command],
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=fds,
            )
        _running.add(self)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "never started"
        return self._process.pid

    @property
    def log_text(self) -> str:
        """All it has written so far, over every start."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        if self.is_running:
            os.kill(self.pid, number)

    def wait(self, timeout_s: float) -> int:
        """The exit status (negative: the signal it died of). AssertionError with the log after `timeout_s`."""
        assert self._process is not None, "never started"
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s} s:\n{self.log_text}") from None
        _running.discard(self)
        return status

    def kill(self) -> None:
        """SIGKILL, and wait for the end. Nothing happens if it has ended already or never started."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self.wait(timeout_s=30)


class ServerProcess(ABC):
    """A server that is a child process with a folder of its own, which goes with it.

    Attributes:
        directory: its folder, with all its files.
    """

    def __init__(self, kind: str, *, below: str | None = None, log: str = "log") -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=f"naivechat-{kind}-", dir=below))
        weakref.finalize(self, shutil.rmtree, self.directory, ignore_errors=True)
        self._process = ChildProcess(self.directory / log)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def log_text(self) -> str:
        return self._process.log_text

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    @abstractmethod
    def start(self) -> None:
        """Start and return when it answers; after `kill` or `stop` it continues on the same port."""

    def kill(self) -> None:
        """SIGKILL: what was not yet on disk is lost."""
        self._process.kill()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, and nothing answers on them."""
        self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: undo `pause`."""
        self._process.signal(signal.SIGCONT)

    def terminate(self) -> None:
        """SIGTERM: ask it to leave in order; `wait` tells how it ended."""
        self._process.signal(signal.SIGTERM)

    def wait(self, timeout_s: float = 60) -> int:
        """The exit status. AssertionError, with the log, when it still runs after `timeout_s`."""
        return self._process.wait(timeout_s)

    def stop(self) -> int:
        """SIGTERM, and wait: the exit status."""
        self.resume()
        self.terminate()
        return self.wait()

    def close(self) -> None:
        """End the server and remove its files."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _wait_for_start(self, has_started: Callable[[], bool], timeout_s: float) -> None:
        """AssertionError, with the log, when it has ended or does not start within `timeout_s`."""
        wait_until(lambda: has_started() or not self.is_running, timeout_s, self._not_started)
        assert self.is_running, self._not_started()

    def _not_started(self) -> str:
        return f"{type(self).__name__} did not start:\n{self.log_text}"


@atexit.register
def kill_all() -> None:
    """Kill every child that is still running."""
    for child in tuple(_running):
        child.kill()


def _dying_with_its_parent() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
