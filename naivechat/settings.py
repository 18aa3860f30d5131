"""What an operator may choose, read and checked once.

A value comes from, in falling precedence: the command line, the environment (`NAIVECHAT_` and the name in capitals), a TOML file
(keys at its top level), the default. Whatever cannot be used is refused with one line that names the option.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from typed_settings import EnvLoader, FileLoader, TomlFormat, load_settings
from typed_settings.exceptions import TsError
from typed_settings.loaders import DictLoader, Loader

from naivechat.domain.friend import FriendPolicy
from naivechat.domain.limits import Limits
from naivechat.limit_options import read_limits

ENVIRONMENT_PREFIX = "NAIVECHAT_"
DEFAULT_DB = "sqlite:///var/naivechat.db"
DEFAULT_PORT = 7397
DEFAULT_ADMIN_PORT = 7398
LONGEST_ADDRESS = 300
MOST_DAYS = 36_500
MOST_WORKERS = 64
SHARED_SCHEMES = ("tcp", "ssl", "tls", "haproxy")
"""Endpoints whose ports several processes may listen on."""

_WEB_ADDRESS = re.compile(
    r"(?P<origin>(?P<scheme>https?)://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?)/?"
)
_ADDRESS_FORM = "[tls:]host:port"
_ADDRESS = re.compile(r"(tls:)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:@,/\[\]]+):(?P<port>[0-9]{1,5})")


class SettingsError(ValueError):
    """A setting cannot be used. Its text is one line for the operator, free of secrets."""


def shown_url(url: str) -> str:
    """A URL as it may be shown: the password replaced by stars."""
    return re.sub(r"(://[^:@/]*:).*@", r"\1***@", url)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("a text is wanted")
    return value.strip()


def _database_url(value: Any) -> str:
    url = _text(value)
    if not url.startswith(("sqlite:///", "mysql://")):
        raise ValueError("wanted is sqlite:///path or mysql://user:password@host:port/database")
    return url


def _port(value: Any) -> int:
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if type(number) is not int or not 0 <= number <= 65_535:
        raise ValueError(f"a number from 0 to 65535 is wanted, not {value!r}")
    return number


def _workers(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value
    if type(number) is not int or not 1 <= number <= MOST_WORKERS:
        raise ValueError(f"a number from 1 to {MOST_WORKERS} is wanted, not {value!r}")
    return number


def _port_or_off(value: Any) -> int | None:
    if value is False or str(value).lower() == "off":
        return None
    try:
        return _port(value)
    except ValueError:
        raise ValueError(f"a number from 0 to 65535 or off is wanted, not {value!r}") from None


def _days(value: Any) -> int | None:
    if value == "forever":
        return None
    try:
        days = int(value)
    except (TypeError, ValueError):
        days = 0
    if not 1 <= days <= MOST_DAYS or isinstance(value, bool):
        raise ValueError(f"a number of days from 1 to {MOST_DAYS} or forever is wanted, not {value!r}")
    return days


def _interface(value: Any) -> str:
    try:
        return str(ipaddress.ip_address(_text(value)))
    except ValueError:
        raise ValueError(f"an address like 127.0.0.1 or 0.0.0.0 is wanted, not {value!r}") from None


def _endpoints(value: Any) -> tuple[str, ...]:
    """Endpoint strings: a sequence of them, or a text in which spaces part them (`\\ ` stands for a space)."""
    if isinstance(value, str):
        value = [part.replace("\\ ", " ") for part in re.split(r"(?<!\\)\s+", value.strip()) if part]
    if not isinstance(value, list | tuple):
        raise ValueError("a list of Twisted endpoint strings is wanted")
    return tuple(_text(part) for part in value)


def _switch(value: Any) -> bool:
    words = {
        "on": True,
        "yes": True,
        "true": True,
        "1": True,
        "off": False,
        "no": False,
        "false": False,
        "0": False,
    }
    # TOML has true, twistd's flags are 1.
    word = str(value).lower()
    if word not in words:
        raise ValueError(f"on or off is wanted, not {value!r}")
    return words[word]


def _one_of(*words: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in words:
            raise ValueError(f"one of {', '.join(words)} is wanted, not {value!r}")
        return str(value)

    return check


def _registration(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return _one_of("open", "closed")(value) == "open"


def _friend_policy(value: Any) -> FriendPolicy:
    return FriendPolicy(_one_of(*(policy.value for policy in FriendPolicy))(value))


def _node_name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", value):
        raise ValueError(
            "1 to 64 letters, digits, dots, dashes and underscores are wanted, a letter or digit first"
        )
    return value


def _redis_url(value: Any) -> str:
    if value == "":
        return ""
    url = _text(value)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("wanted is redis://host:port, rediss://host:port (TLS) or unix:///path of a socket")
    return url


def _web_address(value: Any) -> str:
    """Scheme, host and port as a browser names them in Origin: in small letters, without the port that the scheme has anyway."""
    if value == "":
        return ""
    found = _WEB_ADDRESS.fullmatch(_text(value).lower())
    if found is None:
        raise ValueError(f"https://host or https://host:port is wanted, not {value!r}")
    usual = {"http": ":80", "https": ":443"}[found["scheme"]]
    return found["origin"].removesuffix(usual)


def _addresses(value: Any) -> tuple[str, ...]:
    """Addresses as clients are told them: a sequence of them, or a text in which spaces part them."""
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list | tuple):
        raise ValueError(f"a list of {_ADDRESS_FORM} is wanted")
    return tuple(_address(part) for part in value)


def _address(value: Any) -> str:
    found = _ADDRESS.fullmatch(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else None
    if found is None or not 0 < int(found["port"]) <= 65_535:
        raise ValueError(f"{_ADDRESS_FORM} is wanted, not {value!r}")
    if found["host"] in ("0.0.0.0", "[::]"):
        raise ValueError(f"{value} is no address that a client can reach")
    return found[0]


def _networks(value: Any) -> tuple[str, ...]:
    """Networks or addresses: a sequence of them, or a text in which spaces part them."""
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list | tuple):
        raise ValueError("a list of networks is wanted")
    return tuple(_network(part) for part in value)


def _network(value: Any) -> str:
    try:
        return str(ipaddress.ip_network(_text(value)))
    except ValueError:
        raise ValueError(f"a network like 10.1.0.0/16 or an address is wanted, not {value!r}") from None


def _default_node_name() -> str:
    """The host's own name, as far as a node may be called so."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", socket.gethostname()).strip("-._")[:64] or "node"


@attrs.frozen(kw_only=True)
class Settings:
    """One node's choices.

    db: URL of the database; may hold a password, which `repr` masks. port, interface: where plain TCP is listened on
    (port 0: any free one) unless `listen` names endpoints. strict_port: refuse a taken port instead of trying the next ones.
    advertise: where clients of other nodes are told to find this one, as `[tls:]host:port`; empty: where it listens.
    registration: whether strangers may make accounts.
    limits: whether rates and numbers of connections are limited. limit: all limits; what counts is `limits_in_force`.
    allow_plain_login: whether passwords are taken over networks without TLS.
    admin_port, admin_interface: where health, metrics and the console are served (port 0: any free one; None: nowhere).
    admin_url: where browsers reach the console, as scheme://host[:port]; empty: at the node's own address.
    webhook_allow: networks that webhooks may go to, beside the public internet.
    keep_messages: for how many days texts are kept; None: for ever. log_format: text or json. workers: how many nodes this machine runs behind one port. shared_port: other processes may listen
    on the same ports. redis: URL of the Redis between the nodes, empty for a node alone; may hold a password too.
    """

    db: str = attrs.field(default=DEFAULT_DB, repr=lambda url: repr(shown_url(url)))
    port: int = DEFAULT_PORT
    strict_port: bool = False
    interface: str = "127.0.0.1"
    listen: tuple[str, ...] = ()
    advertise: tuple[str, ...] = ()
    registration: bool = False
    friend_policy: FriendPolicy = FriendPolicy.OPEN
    node_name: str = attrs.field(factory=_default_node_name)
    limits: bool = True
    limit: Limits = attrs.field(factory=Limits)
    allow_plain_login: bool = False
    admin_port: int | None = DEFAULT_ADMIN_PORT
    admin_interface: str = "127.0.0.1"
    admin_url: str = ""
    webhook_allow: tuple[str, ...] = ()
    log_format: str = "text"
    keep_messages: int | None = None
    workers: int = 1
    shared_port: bool = False
    redis: str = attrs.field(default="", repr=lambda url: repr(shown_url(url)))

    @property
    def limits_in_force(self) -> Limits:
        """The limits that count."""
        return self.limit if self.limits else self.limit.without_rates()


_READERS: Mapping[str, Callable[[Any], object]] = {
    "db": _database_url,
    "port": _port,
    "strict_port": _switch,
    "interface": _interface,
    "listen": _endpoints,
    "advertise": _addresses,
    "registration": _registration,
    "friend_policy": _friend_policy,
    "node_name": _node_name,
    "limits": _switch,
    "limit": read_limits,
    "allow_plain_login": _switch,
    "admin_port": _port_or_off,
    "admin_interface": _interface,
    "admin_url": _web_address,
    "webhook_allow": _networks,
    "log_format": _one_of("text", "json"),
    "keep_messages": _days,
    "redis": _redis_url,
    "workers": _workers,
    "shared_port": _switch,
}
"""What each setting may be: from what was given to the field's value, or ValueError with what is wanted."""

_NOT_GIVEN = object()

_Loaded: type[Any] = attrs.make_class(
    "_Loaded", {name: attrs.field(default=_NOT_GIVEN, type=Any) for name in _READERS}
)
"""The same names without types: typed-settings merges them, the readers word refusals for operators."""


def load(options: Mapping[str, object], *, config: str | None = None) -> Settings:
    """Put the settings together.

    Args:
        options: what the command line gave, by field name; only what was really given.
        config: path of a TOML file, which must exist.

    Raises:
        SettingsError: a file cannot be read, a key is unknown, a value cannot be used, or not beside another.
    """
    files = [Path(config)] if config else []
    loaders: list[Loader] = [
        FileLoader({"*": TomlFormat(None)}, files),
        EnvLoader(ENVIRONMENT_PREFIX),
        DictLoader(dict(options)),
    ]
    try:
        for file in files:
            file.stat()
        loaded = load_settings(_Loaded, loaders)
    except (TsError, OSError, ValueError) as error:
        raise SettingsError(f"config {config}: {_reason(error)}") from None
    return _consistent(
        Settings(
            **{name: _read(name, value) for name, value in vars(loaded).items() if value is not _NOT_GIVEN}
        )
    )


def _read(name: str, value: object) -> Any:
    try:
        return _READERS[name](value)
    except ValueError as error:
        raise SettingsError(f"{name.replace('_', '-')}: {error}") from None


def _consistent(settings: Settings) -> Settings:
    if settings.redis and settings.db.startswith("sqlite:"):
        raise SettingsError("--redis needs a MySQL or MariaDB database: SQLite belongs to one node")
    if settings.workers > 1 and not settings.redis:
        raise SettingsError("--workers needs --redis: each worker is a node of its own")
    if settings.workers > 1 or settings.shared_port:
        _require_shareable(settings.listen)
    return settings


def _require_shareable(listen: Iterable[str]) -> None:
    for endpoint in listen:
        if endpoint.partition(":")[0] not in SHARED_SCHEMES:
            raise SettingsError(f"listen: {endpoint} cannot be shared by several nodes: only TCP ports can")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return " ".join(str(error).split())
