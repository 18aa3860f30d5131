"""Reaching a node, plain or by TLS."""

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

from naivechat.client.address import Host
from naivechat.client.connection import Connection
from naivechat.client.errors import NotConnected
from naivechat.client.verification import Verification

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


def client_endpoint(reactor: Any, host: Host, *, timeout_s: float) -> IStreamClientEndpoint:
    """The endpoint of one host, without TLS. A literal address does without the resolver, which would use a thread for it."""
    endpoint: IStreamClientEndpoint
    if isIPAddress(host.name):
        endpoint = TCP4ClientEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    elif isIPv6Address(host.name):
        endpoint = TCP6ClientEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    else:
        endpoint = HostnameEndpoint(reactor, host.name, host.port, timeout=timeout_s)
    return endpoint


class Dialer:
    """Connects to nodes, within `timeout_s` seconds or not at all; resolving the name is part of that.

    TLS always verifies the certificate and the name in it.
    """

    def __init__(
        self, reactor: Any, *, secure: bool, trust_root: TrustRoot | None = None, timeout_s: float = 5.0
    ) -> None:
        self._reactor = reactor
        self._secure = secure
        self._trust_root = trust_root
        self._timeout_s = timeout_s

    async def connect(self, host: Host, connection: Connection) -> Connection:
        """Connect to one node.

        Raises:
            NotConnected: it does not answer, or not in time.
        """
        try:
            connecting = connectProtocol(self._endpoint(host, connection), connection)
            await connecting.addTimeout(self._timeout_s, self._reactor, onTimeoutCancel=_too_late)
            return connection
        except (CancelledError, ConnectingCancelledError) as cancelled:
            raise CancelledError from cancelled
        except Exception as error:  # an endpoint fails with whatever its transport and resolver have
            raise NotConnected(f"{host} does not answer: {error}") from error

    def _endpoint(self, host: Host, connection: Connection) -> IStreamClientEndpoint:
        endpoint = client_endpoint(self._reactor, host, timeout_s=self._timeout_s)
        if not self._secure:
            return endpoint
        verification = Verification(host.name, self._trust_root)
        connection.explain = verification.explain
        return wrapClientTLS(verification, endpoint)


def _too_late(_result: object, timeout_s: float) -> None:
    raise NotConnected(f"no connection within {timeout_s:g} s")
