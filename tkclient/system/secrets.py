"""Login tokens, where the system keeps secrets: Secret Service or KWallet, the macOS keychain, the Windows vault.

Where there is none, nothing is remembered: a token is never written to a plain file. All calls run in a thread, for they
may wait for the user to unlock what is kept.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from twisted.internet.threads import deferToThread
from twisted.logger import Logger

_SERVICE: Final = "naivechat"
_LEAST_PRIORITY: Final = 1
"""Of `keyring`: backends below it do not protect what they keep."""
_log = Logger()
_T = TypeVar("_T")


class KeyringSecrets:
    """Implements `tkclient.logic.ports.Secrets`.

    Args:
        find_backend: gives a backend of `keyring`, or None; called in a thread, once it is needed.
        run: runs a function in a thread, and gives an awaitable of its result.
    """

    def __init__(
        self,
        find_backend: Callable[[], Any] | None = None,
        run: Callable[..., Any] = deferToThread,
    ) -> None:
        self._find_backend = find_backend or find_safe_backend
        self._run = run
        self._backend: Any = None
        self._was_looked_for = False

    async def can_remember(self) -> bool:
        """Whether there is a place for secrets."""
        return await self._try(lambda _: True) is True

    async def find(self, server: str, user_id: str) -> bytes | None:
        """The token kept for an account."""
        name = _name(server, user_id)
        return await self._try(lambda backend: _token_of(backend.get_password(_SERVICE, name)))

    async def keep(self, server: str, user_id: str, token: bytes) -> None:
        """Keep a token instead of the one that is kept."""
        name = _name(server, user_id)
        await self._try(lambda backend: backend.set_password(_SERVICE, name, token.hex()))

    async def forget(self, server: str, user_id: str) -> None:
        """Keep none."""
        name = _name(server, user_id)
        await self._try(lambda backend: _delete(backend, name))

    async def _try(self, use: Callable[[Any], _T]) -> _T | None:
        """What a function gives of the backend; None if there is none, or it fails."""
        result: _T | None = await self._run(self._use, use)
        return result

    def _use(self, use: Callable[[Any], _T]) -> _T | None:
        """Runs in a thread."""
        try:
            if not self._was_looked_for:
                self._backend = self._find_backend()
                self._was_looked_for = True
            return use(self._backend) if self._backend is not None else None
        except (
            Exception
        ) as error:  # whatever a backend and its bus have: what cannot be kept is not remembered
            _log.warn("The system's place for secrets does not answer: {kind}", kind=type(error).__name__)
            return None


def find_safe_backend() -> Any:
    """The first backend of `keyring` that protects what it keeps; None if there is none."""
    import keyring

    chosen = keyring.get_keyring()
    candidates = getattr(chosen, "backends", None) or [chosen]
    return next((each for each in candidates if each.priority >= _LEAST_PRIORITY), None)


def _name(server: str, user_id: str) -> str:
    return f"{user_id}@{server}"


def _token_of(kept: str | None) -> bytes | None:
    return bytes.fromhex(kept) if kept else None


def _delete(backend: Any, name: str) -> None:
    if backend.get_password(_SERVICE, name) is not None:
        backend.delete_password(_SERVICE, name)
