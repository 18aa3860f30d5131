from typing import Any

import keyring
import keyring.backend
import pytest
from twisted.internet.defer import Deferred, maybeDeferred

from tkclient.system.secrets import KeyringSecrets, find_safe_backend

TOKEN = b"\x00\xfftoken"


class Vault:
    """A backend in memory."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class Broken(Vault):
    def get_password(self, service: str, name: str) -> str | None:
        raise OSError("the bus is away")

    set_password = get_password  # type: ignore[assignment]


def secrets_in(backend: Any) -> KeyringSecrets:
    return KeyringSecrets(lambda: backend, maybeDeferred)


def result_of(coroutine: Any) -> Any:
    results: list[Any] = []
    Deferred.fromCoroutine(coroutine).addCallback(results.append)
    (result,) = results
    return result


def test_a_token_is_kept_found_and_forgotten_by_account() -> None:
    vault = Vault()
    secrets = secrets_in(vault)
    assert result_of(secrets.can_remember()) is True
    result_of(secrets.keep("host:1", "li", TOKEN))
    assert result_of(secrets.find("host:1", "li")) == TOKEN
    assert result_of(secrets.find("host:2", "li")) is None
    result_of(secrets.forget("host:1", "li"))
    result_of(secrets.forget("host:1", "li"))
    assert vault.kept == {}


def test_without_a_place_for_secrets_nothing_is_kept() -> None:
    secrets = secrets_in(None)
    assert result_of(secrets.can_remember()) is False
    result_of(secrets.keep("host:1", "li", TOKEN))
    assert result_of(secrets.find("host:1", "li")) is None
    result_of(secrets.forget("host:1", "li"))


def test_a_place_that_fails_is_as_none() -> None:
    secrets = secrets_in(Broken())
    result_of(secrets.keep("host:1", "li", TOKEN))
    assert result_of(secrets.find("host:1", "li")) is None


def test_what_is_no_token_is_none() -> None:
    vault = Vault()
    vault.kept["naivechat", "li@host:1"] = "no token"
    assert result_of(secrets_in(vault).find("host:1", "li")) is None


class Chain:
    priority = 10

    def __init__(self, *backends: Any) -> None:
        self.backends = list(backends)


class Plain(Vault):
    priority = 0


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(Vault(), True), (Plain(), False), (Chain(Plain(), Vault()), True), (Chain(Plain(), Plain()), False)],
)
def test_only_a_backend_that_protects_is_used(
    monkeypatch: pytest.MonkeyPatch, chosen: Any, expected: bool
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: chosen)
    backend = find_safe_backend()
    assert (backend is not None and backend.priority >= 1) is expected
