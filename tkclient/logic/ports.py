"""What the logic needs of the machine it runs on; `tkclient.system` has it, tests have their own."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

from tkclient.model.last_login import LastLogin
from tkclient.model.preferences import Preferences


class Folders(Protocol):
    """Where files are."""

    def store_path(self, server: str, user_id: str) -> Path:
        """The file for what is kept of one account on one system; its folder exists."""
        ...


class Secrets(Protocol):
    """Keeps login tokens where the system keeps secrets. Nothing here raises: what cannot be kept is not remembered."""

    def can_remember(self) -> Awaitable[bool]:
        """Whether there is such a place."""
        ...

    def find(self, server: str, user_id: str) -> Awaitable[bytes | None]:
        """The token kept for an account."""
        ...

    def keep(self, server: str, user_id: str, token: bytes) -> Awaitable[None]:
        """Keep a token instead of the one that is kept."""
        ...

    def forget(self, server: str, user_id: str) -> Awaitable[None]:
        """Keep none."""
        ...


class Choices(Protocol):
    """Keeps what the user has chosen over the end of the program."""

    @property
    def preferences(self) -> Preferences: ...

    @property
    def last_login(self) -> LastLogin: ...

    def keep_preferences(self, preferences: Preferences) -> None: ...

    def keep_last_login(self, login: LastLogin) -> None: ...
