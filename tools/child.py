"""Processes that live as long as the program that tries something out with them."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

START_WITHIN_S = 60
STOP_WITHIN_S = 30


class Child:
    """A process with a log. Ctrl-C in our terminal is not for it: we end it when its turn comes.

    Args:
        typed: given to its standard input, which is not as public on the machine as a command line.
        environment: variables beside ours.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        typed: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.command = shlex.join(command)
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*_dying_with_us(), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=without_settings() | dict(environment or {}),
                start_new_session=True,
            )
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as standard_input:
            standard_input.write(typed.encode())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log_text(self) -> str:
        """What it has written since its start."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def end(self) -> str | None:
        """How it has ended, in words; None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return once it is ready; ClickException when it ends instead, or takes too long."""
        deadline = time.monotonic() + START_WITHIN_S
        while not ready():
            if self.end is not None or time.monotonic() > deadline:
                last_lines = "\n".join(self.log_text.splitlines()[-10:])
                raise click.ClickException(f"{self.name} did not start; {self.log} ends so:\n{last_lines}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order; the hard way when that takes too long."""
        if self.end is not None:
            return
        click.echo(f"ending {self.name}")
        self._process.terminate()
        # A stopped one would never know.
        self._process.send_signal(signal.SIGCONT)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            click.echo(f"{self.name} did not end: killing it")
            self._process.kill()
            self._process.wait()


def without_settings() -> dict[str, str]:
    """Our environment, without settings that are meant for other nodes."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NAIVECHAT_")}


def _dying_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
