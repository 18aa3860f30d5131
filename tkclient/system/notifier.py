"""Notifications and sounds of the desktop.

Both run in a thread with an event loop of its own, which hears of clicks, too. Without a session bus, or without a player,
nothing is shown or the bell rings: nothing here fails.
"""

import asyncio
import html
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from twisted.internet.interfaces import IReactorFromThreads
from twisted.logger import Logger

from tkclient.model.talk import TalkKey
from tkclient.system.chime import chime

_PROGRAM: Final = "naivechat"
_PLAYERS: Final = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
_LONGEST_SOUND_S: Final = 5.0
_LONGEST_TEXT: Final = 300
_log = Logger()


class DesktopNotifier:
    """Implements `interfaces.Notifier`.

    Args:
        reactor: in whose thread `on_click` and `bell` are called.
        on_click: a notification about this dialogue was clicked.
        bell: rings where there is no player.
        make_backend: what shows notifications; None: `desktop_notifier`. players: commands that play a file given last.
    """

    def __init__(
        self,
        reactor: IReactorFromThreads,
        *,
        on_click: Callable[[TalkKey], object],
        bell: Callable[[], object],
        make_backend: Callable[[], Any] | None = None,
        players: tuple[tuple[str, ...], ...] = _PLAYERS,
    ) -> None:
        self._reactor = reactor
        self._on_click = on_click
        self._bell = bell
        self._make_backend = make_backend or _desktop_notifier
        self._players = players
        self._loop: asyncio.AbstractEventLoop | None = None
        self._backend: Any = None
        self._shown: dict[TalkKey, str] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._is_playing = False

    def notify(self, key: TalkKey, title: str, text: str) -> None:
        """Show a notification instead of the one there is about this dialogue."""
        self._run(self._show(key, title, text))

    def sound(self) -> None:
        """Play the sound of a new message, unless it is just playing."""
        self._run(self._play())

    def _run(self, doing: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="notifier", daemon=True).start()
        asyncio.run_coroutine_threadsafe(_safely(doing), self._loop)

    async def _show(self, key: TalkKey, title: str, text: str) -> None:
        if self._backend is None:
            self._backend = self._make_backend()
        shown = self._shown.pop(key, None)
        if shown is not None:
            await self._backend.clear(shown)
        self._shown[key] = await self._backend.send(
            title=title,
            message=_body(text),
            on_clicked=lambda: self._reactor.callFromThread(self._on_click, key),
        )

    async def _play(self) -> None:
        if self._is_playing:
            return
        self._is_playing = True
        try:
            if not await self._play_by_one_of(self._players):
                self._reactor.callFromThread(self._bell)
        finally:
            self._is_playing = False

    async def _play_by_one_of(self, players: tuple[tuple[str, ...], ...]) -> bool:
        """Whether one of them has played."""
        for name, *options in players:
            command = shutil.which(name)
            if command is not None and await _ends_well(command, *options, self._write_chime()):
                return True
        return False

    def _write_chime(self) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="naivechat-")
        path = Path(self._folder.name) / "chime.wav"
        if not path.exists():
            path.write_bytes(chime())
        return str(path)


async def _ends_well(*command: str) -> bool:
    nowhere = asyncio.subprocess.DEVNULL
    player = await asyncio.create_subprocess_exec(*command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    try:
        return await asyncio.wait_for(player.wait(), _LONGEST_SOUND_S) == 0
    except TimeoutError:
        with suppress(ProcessLookupError):
            player.kill()
        return False


async def _safely(doing: Coroutine[Any, Any, None]) -> None:
    try:
        await doing
    except Exception as error:  # whatever a bus or a player has
        _log.info("The desktop was not told: {kind}", kind=type(error).__name__)


def _body(text: str) -> str:
    """The servers of Linux desktops read markup in a notification's text."""
    shortened = text[:_LONGEST_TEXT]
    return html.escape(shortened, quote=False) if sys.platform == "linux" else shortened


def _desktop_notifier() -> Any:
    import desktop_notifier

    # Without a session bus it says so at length, once a notification.
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
    return desktop_notifier.DesktopNotifier(app_name=_PROGRAM, app_icon=None)
