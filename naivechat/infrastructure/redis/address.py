"""Where a Redis is: its URL, and the endpoint to connect to."""

import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import attrs
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    UNIXClientEndpoint,
    wrapClientTLS,
)
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.ssl import Certificate, optionsForClientTLS, platformTrust, trustRootFromCertificates

PORT = 6379
CONNECT_TIMEOUT_S = 3

_WANTED = "wanted is redis://[user][:password@]host[:port][/db], rediss://… (TLS) or unix://[:password@]/path[?db=n]"
_END_OF_CERTIFICATE = b"-----END CERTIFICATE-----"


class RedisUrlError(ValueError):
    """A Redis URL that cannot be used; its text says why in one line, without the password."""


@attrs.frozen(kw_only=True)
class RedisAddress:
    """A Redis, by host and port or by the path of its Unix socket, and how to get in.

    path: of the socket; then host and port mean nothing. tls: encrypted, and the host's certificate is verified.
    ca_path: PEM file of the authorities to trust instead of the system's. username: "" is Redis's default user.
    password: None where none is asked for. db: number of the database.
    """

    host: str = ""
    port: int = PORT
    path: str = ""
    tls: bool = False
    ca_path: str = ""
    username: str = ""
    password: str | None = attrs.field(default=None, repr=False)
    db: int = 0


def parse_redis_url(url: str) -> RedisAddress:
    """The Redis that a URL means: `redis://`, `rediss://` (option `ca`) or `unix://` (option `db`); parts may be %-encoded.

    Raises:
        RedisUrlError.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RedisUrlError(f"the host or port cannot be read; {_WANTED}") from None
    if parts.fragment or parts.scheme not in ("redis", "rediss", "unix"):
        raise RedisUrlError(_WANTED)
    username, password = unquote(parts.username or ""), parts.password
    secret = unquote(password) if password else None
    if username and secret is None:
        raise RedisUrlError("a user needs a password")
    if parts.scheme == "unix":
        return _unix_address(parts, username, secret)
    if not parts.hostname:
        raise RedisUrlError(_WANTED)
    options = _options(parts, "ca" if parts.scheme == "rediss" else None)
    return RedisAddress(
        host=unquote(parts.hostname),
        port=PORT if port is None else port,
        tls=parts.scheme == "rediss",
        ca_path=options.get("ca", ""),
        username=username,
        password=secret,
        db=_db(parts.path.removeprefix("/") or "0"),
    )


def make_endpoint(address: RedisAddress, reactor: Any) -> IStreamClientEndpoint:
    """What connects to a Redis; a try ends after 3 s.

    Raises:
        RedisUrlError: the file of the authorities cannot be used.
    """
    if address.path:
        return UNIXClientEndpoint(reactor, address.path, timeout=CONNECT_TIMEOUT_S)
    endpoint = _tcp_endpoint(address, reactor)
    if not address.tls:
        return endpoint
    trust = _authorities(address.ca_path) if address.ca_path else platformTrust()
    return wrapClientTLS(optionsForClientTLS(address.host, trust), endpoint)


def _unix_address(parts: SplitResult, username: str, password: str | None) -> RedisAddress:
    if parts.hostname or not parts.path.startswith("/"):
        raise RedisUrlError("a Unix socket is named by its whole path: unix:///path/to/socket")
    options = _options(parts, "db")
    path, db = unquote(parts.path), _db(options.get("db", "0"))
    return RedisAddress(path=path, username=username, password=password, db=db)


def _options(parts: SplitResult, known: str | None) -> dict[str, str]:
    options = parse_qs(parts.query, keep_blank_values=True)
    if set(options) - {known}:
        raise RedisUrlError(f"only {known} is an option of this URL" if known else "this URL has no options")
    return {name: values[-1] for name, values in options.items()}


def _db(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise RedisUrlError("the database is a number")
    return int(text)


def _tcp_endpoint(address: RedisAddress, reactor: Any) -> IStreamClientEndpoint:
    # HostnameEndpoint asks the resolver's threads even about a literal address.
    try:
        version = ipaddress.ip_address(address.host).version
    except ValueError:
        return HostnameEndpoint(reactor, address.host, address.port, timeout=CONNECT_TIMEOUT_S)
    literal = TCP4ClientEndpoint if version == 4 else TCP6ClientEndpoint
    return literal(reactor, address.host, address.port, timeout=CONNECT_TIMEOUT_S)


def _authorities(path: str) -> Any:
    try:
        blocks = Path(path).read_bytes().split(_END_OF_CERTIFICATE)[:-1]
        certificates = [Certificate.loadPEM(block + _END_OF_CERTIFICATE) for block in blocks]
    except Exception:
        raise RedisUrlError(f"the authorities of {path!r} cannot be read") from None
    if not certificates:
        raise RedisUrlError(f"{path!r} holds no certificate")
    return trustRootFromCertificates(certificates)
