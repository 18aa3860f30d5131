"""Connecting to a host that others have named: only to addresses that are allowed, for a bounded time and amount.

The name is looked up once, and the connection goes to the very address that was judged: a name that means another address a
moment later changes nothing.
"""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IDelayedCall, IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from naivechat.infrastructure.allowed_addresses import AllowedAddresses
from naivechat.infrastructure.name_lookup import NameLookup

MOST_ADDRESSES = 4
"""Addresses of one name that are tried, one after another."""
CONNECT_TIMEOUT_S = 4
LONGEST_CONNECTION_S = 15.0
MOST_RECEIVED_BYTES = 64 * 1024
"""More than the certificates and headers of any answer."""


class NotAllowed(Exception):
    """None of the host's addresses may be connected to."""


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """A host and port as an endpoint."""

    def __init__(
        self, reactor: Any, host: str, port: int, *, allowed: AllowedAddresses, names: NameLookup
    ) -> None:
        self._reactor = reactor
        self._host = host
        self._port = port
        self._allowed = allowed
        self._names = names

    def connect(self, protocolFactory: IProtocolFactory) -> "Deferred[IProtocol]":
        """Fails with NoSuchName, NotAllowed, or a ConnectError of the last address tried."""
        return Deferred.fromCoroutine(self._connect(protocolFactory))

    async def _connect(self, factory: IProtocolFactory) -> IProtocol:
        addresses = [
            address for address in await self._names.find(self._host) if self._allowed.allows(address)
        ]
        if not addresses:
            raise NotAllowed
        bounded = _BoundedFactory(factory, self._reactor)
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return await self._connect_to(address, bounded)
            except ConnectError as error:
                refused = error
        raise refused

    async def _connect_to(self, address: str, factory: "_BoundedFactory") -> IProtocol:
        kind = TCP6ClientEndpoint if ":" in address else TCP4ClientEndpoint
        endpoint = kind(self._reactor, address, self._port, timeout=CONNECT_TIMEOUT_S)
        connected: Any = await endpoint.connect(factory)
        wrapped: IProtocol = connected.wrappedProtocol
        return wrapped


class _BoundedProtocol(ProtocolWrapper):
    """Ends a connection that lasts too long or brings too much, whatever is spoken on it."""

    received = 0
    _end: IDelayedCall | None = None

    def connectionMade(self) -> None:
        self._end = self.factory.clock.callLater(LONGEST_CONNECTION_S, self._abort)
        super().connectionMade()  # type: ignore[no-untyped-call]

    def dataReceived(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > MOST_RECEIVED_BYTES:
            self._abort()
        else:
            super().dataReceived(data)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        if self._end is not None and self._end.active():
            self._end.cancel()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _abort(self) -> None:
        transport: Any = self.transport
        transport.abortConnection()


class _BoundedFactory(WrappingFactory):
    protocol = _BoundedProtocol

    def __init__(self, factory: IProtocolFactory, clock: Any) -> None:
        super().__init__(factory)  # type: ignore[no-untyped-call]
        self.clock = clock
