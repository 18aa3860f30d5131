"""The desktop client as people start it: a process of its own, its window, and a hand on it."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadDrawable, BadMatch, BadWindow
from Xlib.ext import xtest
from Xlib.xobject.drawable import Window

from bench.usage import cpu_us, resident_bytes
from tests.processes import ChildProcess
from tests.servers import REPOSITORY
from tests.ui.hand import Hand

SIZE: Final = (1000, 700)
_RUN: Final = "import sys; sys.argv[0] = 'naivechat-client'; from tkclient.app import main; main()"
_LIST: Final = (62, 62, 250, 264)
"""Where the first rows of the list are in the window: x, y, width, height."""
_LEAST_COLOURS: Final = 32
"""A list without rows has two or three."""
_LOOK_EVERY_S: Final = 0.01
_LOOKS_S, _STEP_S = 0.2, 0.02
"""How long people look at what a click has shown, and a step of the wheel."""
_WHEEL_UP, _WHEEL_DOWN = 4, 5
_REST_S: Final = 0.5
_REST_CPU_US: Final = 20_000
"""A program that uses no more than this within `_REST_S` has done what it had to."""
_PATIENCE_S: Final = 60


class Client:
    """A running `naivechat-client` with its window in the upper left corner of the screen.

    Args:
        screen_name: of the X display.
        folder: its data, which a later client may find again.
    """

    def __init__(self, screen_name: str, folder: Path) -> None:
        self._screen_name = screen_name
        self._folder = folder
        self._process = ChildProcess(folder / "log")
        self._display = Display(screen_name)
        self._hand = Hand(screen_name)
        self._started_s = 0.0
        self._window: Window | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._hand.close()
        self._display.close()

    def start(self, port: int, user_id: str, password: str) -> None:
        """Start the program, which logs in at once; it is not waited for."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("NAIVECHAT_")}
        given = {
            "DISPLAY": self._screen_name,
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "NAIVECHAT_PASSWORD": password,
        }
        options = ["--server", f"127.0.0.1:{port}", "--user", user_id, "--lang", "zh_CN", "--scale", "1"]
        place = ["--geometry", "{}x{}+0+0".format(*SIZE), "--data-dir", str(self._folder)]
        self._started_s = time.monotonic()
        self._process.start([sys.executable, "-c", _RUN, *options, *place], self._folder, known | given)

    @property
    def cpu_s(self) -> float:
        """User and system time so far."""
        return cpu_us(self._process.pid) / 1_000_000

    @property
    def resident_mib(self) -> float:
        """Memory in RAM now."""
        return resident_bytes(self._process.pid) / 2**20

    def wait_for_window(self) -> tuple[float, float]:
        """Wait until the chat window shows its dialogues; CPU time and time until then, in seconds."""
        self._wait(self._is_drawn, "the chat window is not shown", every_s=_LOOK_EVERY_S)
        return self.cpu_s, time.monotonic() - self._started_s

    def wait_for_rest(self) -> None:
        """Wait until it has nothing to do."""

        def rests() -> bool:
            before = self.cpu_s
            time.sleep(_REST_S)
            return (self.cpu_s - before) * 1_000_000 <= _REST_CPU_US

        self._wait(rests, "it does not come to rest")

    def cpu_percent(self, seconds: float) -> float:
        """CPU time within the next seconds, in percent of one core."""
        before, start = self.cpu_s, time.monotonic()
        time.sleep(seconds)
        return 100 * (self.cpu_s - before) / (time.monotonic() - start)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the window, and let the program draw."""
        self._press_button(x, y, 1)
        time.sleep(_LOOKS_S)

    def turn_wheel(self, x: int, y: int, steps: int) -> None:
        """Turn the wheel so many steps, up if positive, at the speed at which people see what goes by."""
        for _ in range(abs(steps)):
            self._press_button(x, y, _WHEEL_UP if steps > 0 else _WHEEL_DOWN)
            time.sleep(_STEP_S)

    def type(self, text: str) -> None:
        """Type ASCII."""
        self._hand.type(text)

    def press(self, keys: str) -> None:
        """Press keys together, as `Hand.press`."""
        self._hand.press(keys)

    def pixels(self, x: int, y: int, width: int, height: int) -> bytes:
        """What is seen in a part of the window, four bytes a pixel; nothing while there is no window."""
        self._window = self._window or self._find_window()
        try:
            image = self._window and self._window.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF)
        except (BadMatch, BadWindow, BadDrawable):  # it is not on the screen
            return b""
        return bytes(image.data) if image else b""

    def changes(self, x: int, y: int, width: int, height: int, seconds: float) -> bool:
        """Whether something changes in that part within so long."""
        first, end = self.pixels(x, y, width, height), time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(_LOOK_EVERY_S)
            if self.pixels(x, y, width, height) != first:
                return True
        return False

    def stop_if_it_complained(self) -> None:
        """AssertionError with what it has written, if it has: a failure measures nothing."""
        assert not self._process.log_text, self._process.log_text

    def _press_button(self, x: int, y: int, button: int) -> None:
        window = self._window
        assert window is not None, "the chat window was not waited for"
        origin = window.translate_coords(self._display.screen().root, 0, 0)
        xtest.fake_input(self._display, X.MotionNotify, x=x - origin.x, y=y - origin.y)
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()

    def _is_drawn(self) -> bool:
        seen = self.pixels(*_LIST)
        return len({seen[place : place + 4] for place in range(0, len(seen), 4)}) >= _LEAST_COLOURS

    def _find_window(self) -> Window | None:
        """The chat's, the only one of its size: a window manager puts it into a frame."""
        try:
            frames = self._display.screen().root.query_tree().children
            within = [child for frame in frames for child in frame.query_tree().children]
            return next((window for window in (*frames, *within) if _size_of(window) == SIZE), None)
        except (BadWindow, BadDrawable):  # one has gone meanwhile
            return None

    def _wait(self, condition: Callable[[], bool], otherwise: str, every_s: float = 0.0) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            assert self._process.is_running, f"the client has ended:\n{self._process.log_text}"
            assert time.monotonic() < deadline, f"{otherwise}:\n{self._process.log_text}"
            time.sleep(every_s)


def _size_of(window: Window) -> tuple[int, int]:
    place = window.get_geometry()
    return place.width, place.height
