"""Where pictures are taken: a screen and a window manager of our own, a clock that stands still, and a hand."""

import contextlib
import os
import time
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Self
from unittest import mock

import attrs
from PIL import ImageGrab

from tests.ui.hand import Hand
from tests.ui.recorder import Recorder
from tests.ui.screen import Screen
from tkclient.interfaces import LoginEvents
from tkclient.model.preferences import Preferences
from tkclient.model.talk import TalkKey
from tkclient.ui.look.look import Look
from tkclient.ui.windows.chat_screen import ChatScreen
from tkclient.ui.windows.chat_window import ChatWindow
from tkclient.ui.windows.login import LoginWindow
from tools.screenshots.world import NOW, TIME_ZONE, World

SCREEN_SIZE: Final = (2600, 1900)
DRAWN_WITHIN_S: Final = 0.4
_DESKTOP: Final = str(Path(__file__).parent / "desktop")
"""The settings of the window manager."""


@attrs.frozen(kw_only=True)
class Style:
    """How a picture is taken. size: of the chat window, at scale 1; None is its own."""

    language: str = "zh_CN"
    scale: float = 1.0
    size: tuple[int, int] | None = None


class Theatre:
    """The screen, with openbox on it, and the time of all pictures, from `with` to its end."""

    def __init__(self) -> None:
        self._ending = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as ending:
            with mock.patch.dict(os.environ, XDG_CONFIG_HOME=_DESKTOP, XDG_DATA_HOME=_DESKTOP):
                self.screen = Screen(*SCREEN_SIZE, has_manager=True)
            ending.callback(self.screen.close)
            ending.enter_context(_clock_at(NOW.timestamp()))
            self._ending = ending.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()


class Stage:
    """A program of its own for one picture.

    Attributes:
        hand: mouse and keyboard.
    """

    def __init__(self, screen: Screen, style: Style) -> None:
        self.style = style
        self._screen = screen
        self._root = tkinter.Tk(screenName=screen.name, className="naivechat")
        self._root.withdraw()
        # A cursor that blinks would be in every other picture.
        self._root.option_add("*insertOffTime", 0)
        self._root.report_callback_exception = self._note
        self._errors: list[BaseException] = []
        self.hand = Hand(screen.name)
        self.hand.roots.append(self._root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._root.destroy()
        self.hand.close()

    def open_login(self) -> LoginWindow:
        """A login window, which is not told anything yet."""
        return LoginWindow(self._root, self._look(), Recorder(LoginEvents))

    def open_chat(self, world: World, key: TalkKey) -> ChatScreen:
        """A chat window that knows `world`, with one of its dialogues on the screen."""
        width, height = (round(side * self.style.scale) for side in self.style.size or (1000, 700))
        events = Recorder(
            search_people=lambda sought: window.set_found(sought, world.found, False),
            mark_read=lambda read: window.upsert_talk(attrs.evolve(window.model.talks[read], unread=0)),
        )
        window = ChatWindow(
            self._root,
            events,
            _SilentNotifier(),
            make_look=lambda _: self._look(),
            geometry=f"{width}x{height}+40+40",
        )
        window.set_preferences(Preferences(recent_emoji="😄 👍 🎉 🦊 🙏 ☕ 🚀 😂 🥳"))
        world.tell(window)
        window.show()
        window.select(key)
        assert window.screen is not None
        self.hand.until(window.screen.window.winfo_viewable)
        self.settle()
        return window.screen

    def settle(self) -> None:
        """Let everything be drawn, with the mouse out of the way."""
        self.hand.move(self._root, SCREEN_SIZE[0] - 1, SCREEN_SIZE[1] - 1)
        self.hand.wait(DRAWN_WITHIN_S)

    def take(self, window: tkinter.Misc, path: Path, *, when: Callable[[], bool] = lambda: True) -> None:
        """Save what is seen of a window, and whatever lies over it, at a moment when something is so."""
        self.hand.wait(DRAWN_WITHIN_S)
        self.hand.until(when)
        if self._errors:
            raise self._errors[0]
        left, top = window.winfo_rootx(), window.winfo_rooty()
        area = (left, top, left + window.winfo_width(), top + window.winfo_height())
        ImageGrab.grab(area, xdisplay=self._screen.name).save(path, optimize=True)

    def child(self, parent: tkinter.Misc, kind: type[tkinter.Misc]) -> tkinter.Misc:
        """The window of that kind that `parent` has opened, once it is seen."""

        def find() -> list[tkinter.Misc]:
            return [each for each in parent.winfo_children() if isinstance(each, kind)]

        self.hand.until(lambda: find() and find()[-1].winfo_viewable())
        return find()[-1]

    def _note(self, _kind: type[BaseException], error: BaseException, _trace: object) -> None:
        self._errors.append(error)

    def _look(self) -> Look:
        return Look.make(self._root, self.style.language, factor=self.style.scale)


class _SilentNotifier:
    """A desktop without notifications."""

    def notify(self, key: TalkKey, title: str, text: str) -> None:
        pass

    def sound(self) -> None:
        pass


@contextlib.contextmanager
def _clock_at(seconds: float) -> Iterator[None]:
    here = mock.patch.dict(os.environ, TZ=TIME_ZONE)
    clocks = {"time.time": lambda: seconds, "time.time_ns": lambda: int(seconds * 1e9)}
    with contextlib.ExitStack() as ending:
        ending.callback(time.tzset)
        ending.enter_context(here)
        time.tzset()
        for name, clock in clocks.items():
            ending.enter_context(mock.patch(name, clock))
        yield
