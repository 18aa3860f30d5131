"""A screen of the tests' own: an X server in memory, which nobody sees."""

import os
import select
import shutil
import tempfile
from functools import cache
from pathlib import Path
from unittest import SkipTest

from tests.processes import ChildProcess

WIDTH, HEIGHT = 1920, 1200


class Screen:
    """Xvfb on a free display, 96 dots to the inch."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.size = (width, height)
        self.directory = Path(tempfile.mkdtemp(prefix="naivechat-screen-"))
        self._process = ChildProcess(self.directory / "log")
        self.name = self._start()

    def _start(self) -> str:
        reading, writing = os.pipe()
        geometry = f"{self.size[0]}x{self.size[1]}x24"
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", geometry, "-dpi", "96"]
        with os.fdopen(reading, "rb") as answer:
            try:
                self._process.start(
                    [*command, "-nolisten", "tcp", "-noreset"], self.directory, fds=(writing,)
                )
            finally:
                os.close(writing)
            ready, _, _ = select.select([answer], [], [], 30)
            number = answer.readline().strip().decode() if ready else ""
        assert number, f"Xvfb does not start:\n{self._process.log_text}"
        return f":{number}"

    def close(self) -> None:
        """Switch it off."""
        self._process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


@cache
def shared_screen() -> Screen:
    """The screen of this run, started when it is first asked for.

    Raises:
        SkipTest: there is no Xvfb or no tkinter, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    reason = _why_not()
    if not reason:
        return Screen()
    assert os.environ.get("NAIVECHAT_REQUIRE_SERVERS") != "1", reason
    raise SkipTest(reason)


def _why_not() -> str:
    try:
        import tkinter  # noqa: F401
    except ImportError:
        return "this Python has no tkinter"
    return "" if shutil.which("Xvfb") else "Xvfb is not installed"
