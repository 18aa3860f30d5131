"""Reaching a node: one of several hosts, plain or by TLS."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from twisted.internet import ssl
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.defer import CancelledError
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    connectProtocol,
    wrapClientTLS,
)
from twisted.internet.error import ConnectingCancelledError
from twisted.internet.interfaces import IStreamClientEndpoint

from naivechat.client.address import Host, ServerAddress
from naivechat.client.connection import Connection
from naivechat.client.errors import NotConnected

TrustRoot: TypeAlias = Any
"""What twisted.internet.ssl.optionsForClientTLS takes as `trustRoot`: a certificate, or what `trust_file` gives."""


def trust_file(path: Path) -> TrustRoot:
    """A trust root of the certificates in a PEM file, for a node whose certificate no public authority signed.

    Raises:
        OSError: the file cannot be read. ValueError: it holds no certificate.
    """
    marker = b"-----BEGIN CERTIFICATE-----"
    blocks = path.read_bytes().split(marker)[1:]
    if not blocks:
        raise ValueError(f"{path} holds no certificate")
    return ssl.trustRootFromCertificates([ssl.Certificate.loadPEM(marker + block) for block in blocks])


def client_endpoint(
    reactor: Any, host: Host, *, secure: bool, trust_root: TrustRoot | None, timeout_s: float
) -> IStreamClientEndpoint:
    """The endpoint of one host. TLS always verifies the certificate and the name.

    A literal address does without the resolver, which would use a thread for it.
    """
    endpoint: IStreamClientEndpoint
    if isIPAddress(host.name):
        endpoint = TCP4ClientEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    elif isIPv6Address(host.name):
        endpoint = TCP6ClientEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    else:
        endpoint = HostnameEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    if not secure:
        return endpoint
    return wrapClientTLS(ssl.optionsForClientTLS(host.name, trustRoot=trust_root), endpoint)


class Dialer:
    """Connects to the first host that answers, beginning with the one that served last."""

    def __init__(
        self,
        reactor: Any,
        address: ServerAddress,
        *,
        trust_root: TrustRoot | None = None,
        timeout_s: float = 10.0,
    ) -> None:
        secure = address.secure or trust_root is not None
        self._endpoints = [
            client_endpoint(reactor, host, secure=secure, trust_root=trust_root, timeout_s=timeout_s)
            for host in address.hosts
        ]

    async def connect(self, build: Callable[[], Connection]) -> Connection:
        """Connect to one of the hosts, each tried once.

        Raises:
            NotConnected: none answered.
        """
        last_error: Exception | None = None
        for _ in self._endpoints:
            try:
                connection = build()
                await connectProtocol(self._endpoints[0], connection)
                return connection
            except ConnectingCancelledError as cancelled:
                raise CancelledError from cancelled
            except Exception as error:  # an endpoint fails with whatever its transport and resolver have
                last_error = error
                self.prefer_next()
        raise NotConnected(f"no node answers: {last_error}") from last_error

    def prefer_next(self) -> None:
        """Begin with the next host from now on."""
        self._endpoints.append(self._endpoints.pop(0))
