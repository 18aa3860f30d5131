"""Whole desktop clients in this process: real windows on the tests' screen, the real logic, real connections to a node."""

import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from twisted.internet.defer import Deferred, succeed
from twisted.internet.epollreactor import EPollReactor

from naivechat.client import ReconnectPolicy
from tests.ui.conftest import note_callback_error
from tests.ui.hand import Hand
from tkclient.interfaces import ChatEvents, LoginEvents
from tkclient.logic.desktop import Desktop
from tkclient.model.chat import ChatModel
from tkclient.model.preferences import Preferences
from tkclient.model.talk import FRIEND, GROUP, Message, TalkKey
from tkclient.system.folders import UserFolders
from tkclient.system.preferences import FileChoices
from tkclient.ui.controls.button import Button
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.lists.talk_rows import TalkRow
from tkclient.ui.look.look import Look
from tkclient.ui.windows.chat_screen import ChatScreen
from tkclient.ui.windows.chat_window import ChatWindow
from tkclient.ui.windows.login import LoginWindow

W = TypeVar("W", bound=tkinter.Misc)

SOON = ReconnectPolicy(first_delay_s=0.2, max_delay_s=1.0)
"""Tests do not wait as long as people would."""


class Loop:
    """A reactor of its own, which turns while the hand's windows work."""

    def __init__(self, hand: Hand) -> None:
        self.reactor = EPollReactor()
        self.reactor.startRunning(installSignalHandlers=False)
        self._hand = hand
        hand.beside.append(self._turn)

    def close(self) -> None:
        """End whatever is still connected."""
        self._hand.beside.remove(self._turn)
        self.reactor.disconnectAll()
        for call in self.reactor.getDelayedCalls():
            call.cancel()
        self.reactor.stop()
        self.reactor.iterate(0)

    def _turn(self) -> None:
        self.reactor.iterate(0)


class Keyring:
    """Secrets that outlive the program, as a desktop's keyring does."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], bytes] = {}

    def can_remember(self) -> Deferred[bool]:
        return succeed(True)

    def find(self, server: str, user_id: str) -> Deferred[bytes | None]:
        return succeed(self._tokens.get((server, user_id)))

    def keep(self, server: str, user_id: str, token: bytes) -> Deferred[None]:
        self._tokens[server, user_id] = token
        return succeed(None)

    def forget(self, server: str, user_id: str) -> Deferred[None]:
        self._tokens.pop((server, user_id), None)
        return succeed(None)


class NoticeBoard:
    """A Notifier that keeps what it is told."""

    def __init__(self) -> None:
        self.notices: list[tuple[TalkKey, str, str]] = []
        self.sounds = 0

    def notify(self, key: TalkKey, title: str, text: str) -> None:
        self.notices.append((key, title, text))

    def sound(self) -> None:
        self.sounds += 1


class Desk:
    """Somebody at their desktop client. `place` as X11 writes size and place of a window.

    The keyring and the folder stay when the program ends: `start` begins it again.
    """

    def __init__(self, hand: Hand, loop: Loop, folder: Path, *, place: str = "900x700+0+0") -> None:
        self.hand = hand
        self.keyring = Keyring()
        self.board = NoticeBoard()
        self.has_quit = False
        self._loop = loop
        self._folder = folder
        self._place = place
        self._started_with = ("", "")
        self._root: tkinter.Tk | None = None
        self._desktop: Desktop | None = None
        self._login: LoginWindow | None = None
        self._chat: ChatWindow | None = None

    @property
    def login(self) -> LoginWindow:
        assert self._login is not None
        return self._login

    @property
    def chat(self) -> ChatWindow:
        assert self._chat is not None, "there is no chat window"
        return self._chat

    @property
    def screen(self) -> ChatScreen:
        assert self.chat.screen is not None, "the chat window is not shown"
        return self.chat.screen

    @property
    def model(self) -> ChatModel:
        return self.chat.model

    @property
    def is_in(self) -> bool:
        """Whether the chat window is on the screen."""
        return self._chat is not None and self._chat.screen is not None

    def start(self, server: str, user_id: str) -> None:
        """Start the program, with these two on its command line."""
        self._started_with = (server, user_id)
        root = self._root = tkinter.Tk(screenName=self.hand.screen_name)
        root.withdraw()
        root.report_callback_exception = note_callback_error
        self.hand.roots.append(root)
        folders = UserFolders(self._folder)
        self._choices = FileChoices(folders.choices_path)
        self._desktop = Desktop(
            self._loop.reactor,
            make_login_ui=self._make_login,
            make_chat_ui=self._make_chat,
            folders=folders,
            secrets=self.keyring,
            choices=self._choices,
            on_quit=self._quit,
            policy=SOON,
        )
        self.has_quit = False
        self._desktop.start(server=server, user_id=user_id)
        self.hand.work()

    def restart(self) -> None:
        """End the program in order, and start it again."""
        self.stop()
        self.start(*self._started_with)

    def stop(self) -> None:
        """End the program in order."""
        if self._desktop is not None:
            stopped = Deferred.fromCoroutine(self._desktop.stop())
            self.hand.until(lambda: stopped.called, "the program ends")
            self._quit()

    def log_in(self, password: str, *, remember: bool = False) -> None:
        """Type the password, instead of what stands there, and press Return."""
        self.until(self.login.window.winfo_viewable)
        if remember:
            self.hand.click(self.login.fields.remember)
        self.hand.click(self.login.fields.password)
        self.hand.press("Control+a")
        self.hand.type(password)
        self.hand.press("Return")

    def until(self, condition: Callable[[], object], what: str = "", timeout_s: float = 20) -> None:
        """Let everybody work until it is so."""
        self.hand.until(condition, what, timeout_s)

    def open(self, key: TalkKey) -> None:
        """Click on the row of a dialogue."""
        rows = self._rows_with(key)
        self.hand.click(rows, *rows.place_of(key))
        self.until(lambda: self.model.selected == key)

    def write(self, *parts: str) -> None:
        """Write into the dialogue on the screen and press Return."""
        self.hand.click(self.screen.content.panel.writing.input.text)
        self.hand.write(parts)
        self.hand.press("Return")

    @property
    def seen(self) -> str:
        """The texts of messages that are drawn now, a line each, from the top down."""
        canvas = self.screen.content.panel.messages.canvas
        items = [item for item in canvas.find_all() if canvas.type(item) == "text"]
        items.sort(key=lambda item: canvas.coords(item)[1])
        return "\n".join(canvas.itemcget(item, "text") for item in items)

    def point_at(self, text: str) -> tuple[tkinter.Canvas, float, float]:
        """Where a text stands among the messages: the canvas and a place of it, for the hand."""
        canvas = self.screen.content.panel.messages.canvas
        for item in canvas.find_all():
            if canvas.type(item) == "text" and text in canvas.itemcget(item, "text"):
                left, top, right, bottom = canvas.bbox(item)
                return canvas, (left + right) / 2 - canvas.canvasx(0), (top + bottom) / 2 - canvas.canvasy(0)
        raise AssertionError(f"{text!r} is not seen among\n{self.seen}")

    def choose(self, words: str) -> None:
        """Click on a line of the menu that is open."""
        canvas = self._menu_canvas(words)
        item = next(each for each in canvas.find_all() if _text_of(canvas, each) == words)
        left, top, right, bottom = canvas.bbox(item)
        self.hand.click(canvas, (left + right) / 2, (top + bottom) / 2)

    def find(self, kind: type[W]) -> W:
        """The one widget of a kind that is on the screen, waited for."""
        found: list[W] = []

        def look() -> bool:
            below = _all_below(self._require_root())
            found[:] = [each for each in below if isinstance(each, kind) and each.winfo_viewable()]
            return bool(found)

        self.until(look, f"a {kind.__name__}")
        (widget,) = found
        return widget

    def click_button(self, text: str) -> None:
        """Click on the button with this text, when it is on the screen."""
        found: list[Button] = []

        def look() -> bool:
            below = _all_below(self._require_root())
            buttons = [each for each in below if isinstance(each, Button) and each.winfo_viewable()]
            found[:] = [each for each in buttons if each.text == text]
            return bool(found)

        self.until(look, f"a button {text}")
        self.hand.click(found[0])

    def go_to(self, place: Place) -> None:
        """Click in the bar at the left."""
        self.hand.click(self.screen.nav.buttons[place])

    def choose_in_row(self, key: TalkKey, words: str) -> None:
        """Right click on the row of a dialogue, and click on a line of the menu."""
        rows = self._rows_with(key)
        self.hand.click(rows, *rows.place_of(key), button=3)
        self.choose(words)

    def messages(self, key: TalkKey) -> list[Message]:
        """What is known of a dialogue."""
        return list(self.model.messages(key).messages)

    def texts(self, key: TalkKey) -> list[str]:
        """What stands in a dialogue."""
        return [message.text for message in self.messages(key)]

    def _rows_with(self, key: TalkKey) -> RowList[TalkRow]:
        """The list of dialogues, once the row of this one is there and all rows are drawn where they belong."""
        rows = self.screen.column.talks.rows
        self.until(lambda: key in self.model.talks, f"a row of {key}")
        self.until(lambda: [row.key for row in rows.rows] == [talk.key for talk in self.model.rows])
        return rows

    def _menu_canvas(self, words: str) -> tkinter.Canvas:
        found: list[tkinter.Canvas] = []

        def look() -> bool:
            found[:] = [
                widget
                for widget in _all_below(self._require_root())
                if isinstance(widget, tkinter.Canvas) and widget.winfo_viewable()
                if widget.winfo_toplevel() is not self.screen.window
                if any(_text_of(widget, item) == words for item in widget.find_all())
            ]
            return bool(found)

        self.until(look, f"a menu with {words}")
        return found[0]

    def _make_login(self, events: LoginEvents) -> LoginWindow:
        self._login = LoginWindow(self._require_root(), self._make_look(self._choices.preferences), events)
        return self._login

    def _make_chat(self, events: ChatEvents) -> ChatWindow:
        self._chat = ChatWindow(
            self._require_root(), events, self.board, make_look=self._make_look, geometry=self._place
        )
        return self._chat

    def _make_look(self, preferences: Preferences) -> Look:
        return Look.make(self._require_root(), preferences.language or "zh_CN", preferences.text_size, 1.0)

    def _require_root(self) -> tkinter.Tk:
        assert self._root is not None
        return self._root

    def _quit(self) -> None:
        self.has_quit = True
        root, self._root, self._desktop = self._require_root(), None, None
        self._login = self._chat = None
        self.hand.let_go()
        self.hand.roots.remove(root)
        root.destroy()


def _text_of(canvas: tkinter.Canvas, item: int) -> str:
    return str(canvas.itemcget(item, "text")) if canvas.type(item) == "text" else ""


def _all_below(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from _all_below(child)


def friend(user_id: str) -> TalkKey:
    return TalkKey(FRIEND, user_id)


def group(group_id: str) -> TalkKey:
    return TalkKey(GROUP, group_id)
