"""The logic as one object: from the login window to the chat window and back."""

from collections.abc import Callable
from typing import Any, Final

from naivechat.client import ReconnectPolicy
from tkclient.interfaces import ChatEvents, ChatMethods, LoginEvents, LoginMethods
from tkclient.logic.ports import Choices, Folders, Secrets
from tkclient.model.talk import TalkKey

POLICY: Final = ReconnectPolicy(first_delay_s=3.0, factor=5 / 3, max_delay_s=60.0, jitter=0.2)
"""First look after 3 s, the next one 5 s later, then ever more seldom, down to once a minute."""


class Desktop:
    """See the module. All methods are called in the reactor's thread.

    Args:
        reactor: the reactor; in tests a MemoryReactorClock.
        make_login_ui: builds the login window, once.
        make_chat_ui: builds a chat window, anew for each login; its `close` is the last that it hears.
        folders, secrets, choices: the machine.
        on_quit: ends the program; called after the connection has been closed in order.
        tls: what to trust instead of the public authorities, see `naivechat.client.trust_file`; given, it also means TLS.
        device: sessions of one user with the same device name replace each other.
    """

    def __init__(
        self,
        reactor: Any,
        *,
        make_login_ui: Callable[[LoginEvents], LoginMethods],
        make_chat_ui: Callable[[ChatEvents], ChatMethods],
        folders: Folders,
        secrets: Secrets,
        choices: Choices,
        on_quit: Callable[[], None],
        tls: Any = None,
        device: str = "desktop",
        policy: ReconnectPolicy = POLICY,
    ) -> None:
        raise NotImplementedError

    def start(self, *, server: str = "", user_id: str = "") -> None:
        """Show the login window, or the chat window when the login was remembered. What is given goes before what was kept."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Close the connection and the files in order, within a few seconds; windows are closed, `on_quit` is not called."""
        raise NotImplementedError

    def bring_up(self, key: TalkKey | None = None) -> None:
        """Show the window that there is, and in it this dialogue: what a click on a notification does."""
        raise NotImplementedError
