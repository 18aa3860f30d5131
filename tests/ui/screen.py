"""A screen of the tests' own: an X server in memory, which nobody sees."""

import os
import select
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unittest import SkipTest

from Xlib import X
from Xlib.display import Display

from tests.processes import ChildProcess, wait_until

WIDTH, HEIGHT = 1920, 1200


class Screen:
    """Xvfb on a free display, 96 dots to the inch.

    has_manager: whether a window manager, Openbox, gives windows their frames and whichever is clicked the keyboard.
    """

    def __init__(self, width: int = WIDTH, height: int = HEIGHT, *, has_manager: bool = False) -> None:
        self.size = (width, height)
        self.directory = Path(tempfile.mkdtemp(prefix="naivechat-screen-"))
        self._process = ChildProcess(self.directory / "log")
        self._manager = ChildProcess(self.directory / "manager.log")
        self.name = self._start()
        if has_manager:
            self._start_manager()

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

    def _start_manager(self) -> None:
        environment = {**os.environ, "DISPLAY": self.name}
        self._manager.start(["openbox", "--sm-disable"], self.directory, environment)
        display = Display(self.name)
        name = display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        root = display.screen().root
        wait_until(
            lambda: root.get_full_property(name, X.AnyPropertyType) is not None,
            30,
            lambda: f"Openbox does not start:\n{self._manager.log_text}",
        )
        display.close()

    def close(self) -> None:
        """Switch it off."""
        self._manager.kill()
        self._process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


@cache
def shared_screen(*, has_manager: bool = False) -> Screen:
    """A screen of this run, with or without a window manager, started when it is first asked for.

    Raises:
        SkipTest: what it needs is not installed, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    reason = _why_not("Xvfb", *(["openbox"] if has_manager else []))
    if not reason:
        return Screen(has_manager=has_manager)
    assert os.environ.get("NAIVECHAT_REQUIRE_SERVERS") != "1", reason
    raise SkipTest(reason)


def _why_not(*programs: str) -> str:
    if find_spec("_tkinter") is None:
        return "this Python has no tkinter"
    missing = [program for program in programs if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else ""
