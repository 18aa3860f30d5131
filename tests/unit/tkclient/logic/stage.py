"""The logic between a UI and a node that the test plays: no screen, no socket, no file but the local store's."""

from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.testing import MemoryReactorClock

from naivechat.client import ReconnectPolicy
from tests.unit.client.fake_node import FakeNode, login_response
from tkclient.interfaces import ChatEvents, LoginEvents, LoginForm, LoginTrouble, Outcome
from tkclient.logic.desktop import POLICY, Desktop
from tkclient.model.chat import ChatModel
from tkclient.model.connection import Connection
from tkclient.model.last_login import LastLogin
from tkclient.model.people import Person
from tkclient.model.preferences import Preferences
from tkclient.model.talk import FRIEND, GROUP, Message, TalkKey

LI = TalkKey(FRIEND, "li")
WANG = TalkKey(FRIEND, "wang")
TEAM = TalkKey(GROUP, "g1")
SERVER = "127.0.0.1:7397"
PATIENT = attrs.evolve(POLICY, draw=lambda: 0.0)


class FakeChatUi(ChatModel):
    """A chat window that draws nothing: the model, and what the window does with selections."""

    def __init__(self, events: ChatEvents) -> None:
        super().__init__()
        self.events = events
        self.is_shown = False
        self.is_closed = False
        self.outcomes: list[Outcome] = []
        self.notified: list[tuple[TalkKey, Message]] = []

    def show(self) -> None:
        self.is_shown = True

    def close(self) -> None:
        self.is_closed = True

    def set_user(self, user: Person) -> None:
        self.user = user

    def set_preferences(self, preferences: Preferences) -> None:
        self.preferences = preferences

    def set_connection(self, connection: Connection) -> None:
        assert not self.is_closed
        self.connection = connection

    def set_requests(self, requests: Any) -> None:
        self.requests = requests

    def select(self, key: TalkKey) -> None:
        assert self.is_shown and key in self.talks
        self.selected = key
        self.events.select_talk(key)

    def remove_talk(self, key: TalkKey) -> None:
        was_selected = self.selected == key
        super().remove_talk(key)
        if was_selected:
            self.events.select_talk(None)

    def tell(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def notify(self, key: TalkKey, message: Message) -> None:
        self.notified.append((key, message))

    def texts(self, key: TalkKey) -> list[str]:
        return [message.text for message in self.messages(key).messages]

    @property
    def codes(self) -> list[str]:
        """The outcomes since the last look, as `action code`."""
        codes = [f"{outcome.action.value} {outcome.code}".rstrip() for outcome in self.outcomes]
        self.outcomes.clear()
        return codes


class FakeLoginUi:
    """Notes what the login window is told."""

    def __init__(self, events: LoginEvents) -> None:
        self.events = events
        self.told: list[str] = []
        self.form = LoginForm()
        self.trouble: LoginTrouble | None = None

    def show(self, form: LoginForm) -> None:
        self.form = form
        self.told.append("show")

    def busy(self) -> None:
        self.told.append("busy")

    def error(self, trouble: LoginTrouble) -> None:
        self.trouble = trouble
        self.told.append(trouble.code)

    def success(self) -> None:
        self.told.append("success")


class FakeFolders:
    def __init__(self, root: Path) -> None:
        self._root = root

    def store_path(self, server: str, user_id: str) -> Path:
        return self._root / f"{user_id}@{server}".replace(":", "_")


class FakeSecrets:
    """Keeps tokens in memory. With `waits`, what is looked for is found when the test says so."""

    def __init__(self) -> None:
        self.is_there = True
        self.tokens: dict[str, bytes] = {}
        self.waiting: Deferred[Any] | None = None

    def can_remember(self) -> Any:
        return succeed(self.is_there)

    def find(self, server: str, user_id: str) -> Any:
        token = self.tokens.get(f"{user_id}@{server}")
        if self.waiting is None:
            return succeed(token)
        return self.waiting.addCallback(lambda _: token)

    def keep(self, server: str, user_id: str, token: bytes) -> Any:
        self.tokens[f"{user_id}@{server}"] = token
        return succeed(None)

    def forget(self, server: str, user_id: str) -> Any:
        self.tokens.pop(f"{user_id}@{server}", None)
        return succeed(None)


@attrs.define
class FakeChoices:
    preferences: Preferences = attrs.Factory(Preferences)
    last_login: LastLogin = attrs.Factory(LastLogin)

    def keep_preferences(self, preferences: Preferences) -> None:
        self.preferences = preferences

    def keep_last_login(self, login: LastLogin) -> None:
        self.last_login = login


class Node(FakeNode):
    """Plays the nodes for clients that the logic builds."""

    def __init__(self, reactor: MemoryReactorClock) -> None:
        self.reactor = reactor
        self.line = None
        self.protocol = None

    def lose(self) -> None:
        if self.protocol is not None:
            super().lose()


class Stage:
    """One desktop after the other on one machine, each begun by `begin`."""

    def __init__(self, folder: Path, policy: ReconnectPolicy = PATIENT) -> None:
        self.reactor = MemoryReactorClock()
        self.node = Node(self.reactor)
        self.folders = FakeFolders(folder)
        self.secrets = FakeSecrets()
        self.choices = FakeChoices()
        self.policy = policy
        self.chats: list[FakeChatUi] = []
        self.quits = 0

    def begin(self, **options: Any) -> "Stage":
        """Start the program."""
        self.desktop = Desktop(
            self.reactor,
            make_login_ui=self._make_login_ui,
            make_chat_ui=self._make_chat_ui,
            folders=self.folders,
            secrets=self.secrets,
            choices=self.choices,
            on_quit=self._quit,
            policy=self.policy,
        )
        self.desktop.start(**options)
        return self

    def enter(self, *, remember: bool = False, **response: Any) -> "Stage":
        """Start the program and log in."""
        self.begin()
        self.login_ui.events.login(SERVER, "me", "secret pw", remember)
        self.node.log_in(**response)
        return self

    def end(self) -> None:
        """End the program, in order."""
        stopping = Deferred.fromCoroutine(self.desktop.stop())
        self.settle()
        assert stopping.called
        assert self.reactor.getDelayedCalls() == []

    def settle(self) -> None:
        """Let what waits for a moment happen, a farewell of the node's too."""
        self.reactor.advance(0)
        self.reactor.advance(2)
        self.reactor.advance(0)
        self.node.lose()
        self.reactor.advance(0)

    def reconnect(self, **response: Any) -> None:
        """The connection breaks, and the client comes back."""
        self.node.lose()
        self.reactor.advance(3)
        self.node.log_in(**response)

    @property
    def ui(self) -> FakeChatUi:
        """The chat window there is."""
        assert self.chats and not self.chats[-1].is_closed, "there is no chat window"
        return self.chats[-1]

    @property
    def events(self) -> ChatEvents:
        return self.ui.events

    def _make_login_ui(self, events: LoginEvents) -> FakeLoginUi:
        self.login_ui = FakeLoginUi(events)
        return self.login_ui

    def _make_chat_ui(self, events: ChatEvents) -> FakeChatUi:
        self.chats.append(FakeChatUi(events))
        return self.chats[-1]

    def _quit(self) -> None:
        self.quits += 1


def response(**changes: Any) -> Any:
    """A login's answer."""
    return login_response(**changes)
