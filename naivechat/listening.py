"""Where a node listens: endpoints from settings, and how they are named in the log."""

import errno
import ipaddress
import os
from collections.abc import Mapping
from typing import Any, Protocol

import attrs
from twisted.internet import endpoints
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.logger import Logger

from naivechat.certificates import Certificates
from naivechat.settings import Settings, SettingsError
from naivechat.tls_endpoints import speaks_tls, tls_endpoint

MOST_PORTS_TRIED = 100
BACKLOG = 4_096
"""Connections the kernel keeps for us: after a restart all clients come back at once. Linux's own bound (somaxconn)."""

_ADDRESS_PREFIXES: Mapping[str, str] = {"tcp": "", "systemd": "", "ssl": "tls:", "tls": "tls:"}
"""How a client names what it finds at an endpoint of each scheme. Behind a proxy (haproxy) it finds nothing: it sends no PROXY header."""

_log = Logger()


class Endpoint(Protocol):
    """What Twisted calls IStreamServerEndpoint."""

    def listen(self, factory: Any) -> "Deferred[Any]":
        """Listen, and answer with the open port."""


@attrs.frozen(kw_only=True)
class Listener:
    """One place to listen at. `scheme` is how its kind is named: tcp, tls, unix, haproxy … `certificates` are those of TLS."""

    scheme: str
    endpoint: Endpoint
    certificates: Certificates | None = None


def make_listeners(settings: Settings, reactor: Any) -> tuple[Listener, ...]:
    """The endpoints of `--listen`, or plain TCP on `--interface` and `--port`.

    Raises:
        SettingsError: an endpoint string that Twisted does not understand, or whose certificate cannot be read.
    """
    if settings.listen:
        return tuple(_from_string(reactor, description) for description in settings.listen)
    is_strict = settings.strict_port or settings.shared_port
    return (_tcp(reactor, settings.port, settings.interface, strict=is_strict),)


def make_admin_listeners(settings: Settings, reactor: Any) -> tuple[Listener, ...]:
    """Plain TCP on `--admin-interface` and `--admin-port`; nothing where that is off."""
    if settings.admin_port is None:
        return ()
    return (_tcp(reactor, settings.admin_port, settings.admin_interface, strict=settings.strict_port),)


def describe(scheme: str, port: Any) -> str:
    """An open port as a person writes it: tcp:127.0.0.1:7397, tls:[::1]:7398, unix:/run/naivechat."""
    address = port.getHost()
    if not hasattr(address, "port"):
        return f"{scheme}:{os.fsdecode(address.name)}"
    return f"{scheme}:{place(address)}"


def advertised(scheme: str, port: Any) -> tuple[str, ...]:
    """What clients of other nodes may be told of an open port: `127.0.0.1:7397`, `tls:[2001:db8::7]:7398`, or nothing.

    Nothing where the port itself does not say at which address it is reached: on all interfaces, on a Unix socket, behind a proxy.
    """
    address = port.getHost()
    if scheme not in _ADDRESS_PREFIXES or not hasattr(address, "port"):
        return ()
    host = ipaddress.ip_address(address.host)
    if host.is_unspecified or host.is_link_local:
        return ()
    return (_ADDRESS_PREFIXES[scheme] + place(address),)


def place(address: Any) -> str:
    """Host and port of a TCP address: `127.0.0.1:7398`, `[::1]:7398`."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


def ports_from(port: int, *, strict: bool) -> range:
    """The ports to try, one after another: `port` and those behind it, or it alone."""
    most = 1 if strict or port == 0 else MOST_PORTS_TRIED
    return range(port, min(port + most, 65_536))


def _tcp(reactor: Any, port: int, interface: str, *, strict: bool) -> Listener:
    endpoint = _FirstFreePort(reactor, ports_from(port, strict=strict), interface)
    return Listener(scheme="tcp", endpoint=endpoint)


def _from_string(reactor: Any, description: str) -> Listener:
    parse: Any = endpoints.serverFromString
    certificates = None
    try:
        if speaks_tls(description):
            endpoint, certificates = tls_endpoint(reactor, description, BACKLOG)
        else:
            endpoint = parse(reactor, description)
    # Parsers raise whatever goes wrong inside them: a missing file, an argument of another type, a PEM that is none.
    except Exception as error:
        raise SettingsError(f"listen: {description} cannot be used: {_sentence(error)}") from error
    return Listener(scheme=description.partition(":")[0], endpoint=endpoint, certificates=certificates)


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@attrs.frozen
class _FirstFreePort:
    """A TCP endpoint on the first of `ports` that nobody listens on."""

    _reactor: Any
    _ports: range
    _interface: str

    def listen(self, factory: Any) -> "Deferred[Any]":
        """CannotListenError when all ports are taken, or when one cannot be had for another reason."""
        return Deferred.fromCoroutine(self._listen(factory))

    async def _listen(self, factory: Any) -> Any:
        *first_ones, last = self._ports
        for port in first_ones:
            try:
                return await self._on(port).listen(factory)
            except CannotListenError as error:
                if error.socketError.errno != errno.EADDRINUSE:
                    raise
                _log.warn("port {port} is taken: trying the next one", port=port)
        return await self._on(last).listen(factory)

    def _on(self, port: int) -> Any:
        kind: Any = endpoints.TCP6ServerEndpoint if ":" in self._interface else endpoints.TCP4ServerEndpoint
        return kind(self._reactor, port, backlog=BACKLOG, interface=self._interface)
