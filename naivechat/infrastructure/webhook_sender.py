"""Posting to webhooks. Certificates are verified, redirects are not followed, and of answers nothing but the status is read."""

from collections.abc import Iterator
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, TimeoutError, succeed
from twisted.internet.endpoints import wrapClientTLS
from twisted.internet.error import ConnectingCancelledError
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.internet.interfaces import IConsumer, IStreamClientEndpoint
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure
from twisted.web.client import URI, Agent, BrowserLikePolicyForHTTPS
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer, IPolicyForHTTPS
from zope.interface import implementer

from naivechat.domain.webhook import DeliveryOutcome, DeliveryResult
from naivechat.domain.webhook_message import WebhookMessage
from naivechat.infrastructure.allowed_addresses import AllowedAddresses
from naivechat.infrastructure.guarded_endpoint import GuardedEndpoint, NotAllowed
from naivechat.infrastructure.name_lookup import NameLookup, NoSuchName

DEADLINE_S = 10.0
"""From looking up the name to the answer's status."""


class HttpWebhookSender:
    """Implements `domain.webhook_ports.WebhookSender`.

    Args:
        trust: whose certificates are good: the system's authorities, unless told otherwise.
    """

    def __init__(
        self,
        reactor: Any,
        allowed: AllowedAddresses,
        *,
        names: NameLookup | None = None,
        trust: IPolicyForHTTPS | None = None,
    ) -> None:
        endpoints = _GuardedEndpoints(
            reactor, allowed, names or NameLookup(reactor), trust or BrowserLikePolicyForHTTPS()
        )
        self._reactor = reactor
        self._agent = Agent.usingEndpointFactory(reactor, endpoints)

    async def post(self, url: str, message: WebhookMessage) -> DeliveryOutcome:
        """Send, and wait for the answer's status, 10 s at most. Raises CancelledError alone."""
        headers = Headers({name: [value] for name, value in message.headers.items()})
        asked = self._agent.request(b"POST", url.encode(), headers, _Body(message.body))
        asked.addTimeout(DEADLINE_S, self._reactor, lambda *_: Failure(TimeoutError()))
        try:
            response = await asked
        except Exception as error:
            return DeliveryOutcome(result=_result_of(error))
        response.deliverBody(_Ignored())
        is_ok = 200 <= response.code < 300
        result = DeliveryResult.OK if is_ok else DeliveryResult.STATUS
        return DeliveryOutcome(result=result, status=response.code)


@implementer(IAgentEndpointFactory)
class _GuardedEndpoints:
    def __init__(
        self, reactor: Any, allowed: AllowedAddresses, names: NameLookup, trust: IPolicyForHTTPS
    ) -> None:
        self._reactor = reactor
        self._allowed = allowed
        self._names = names
        self._trust = trust

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        endpoint = GuardedEndpoint(
            self._reactor, uri.host.decode("ascii"), uri.port, allowed=self._allowed, names=self._names
        )
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self._trust.creatorForNetloc(uri.host, uri.port), endpoint)


@implementer(IBodyProducer)
class _Body:
    """A body that is written at once: it is small, and a receiver that does not read it loses its connection."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.length = len(body)

    def startProducing(self, consumer: IConsumer) -> "Deferred[None]":
        consumer.write(self._body)
        return succeed(None)

    def pauseProducing(self) -> None:
        """Nothing is left to be written."""

    def resumeProducing(self) -> None:
        """Nothing is left to be written."""

    def stopProducing(self) -> None:
        """Nothing is left to be written."""


class _Ignored(Protocol):
    """An answer's body: nobody reads it, and the connection ends where it begins."""

    def connectionMade(self) -> None:
        self.transport.stopProducing()  # type: ignore[union-attr]


def _result_of(error: BaseException) -> DeliveryResult:
    """What went wrong. Raises CancelledError where it was the caller that gave up."""
    for reason in _reasons(error):
        if isinstance(reason, CancelledError | ConnectingCancelledError):
            raise CancelledError from error
        for kinds, result in _RESULTS:
            if isinstance(reason, kinds):
                return result
        if type(reason).__module__.startswith(_TLS_LIBRARIES):
            return DeliveryResult.TLS
    return DeliveryResult.NO_CONNECTION


_RESULTS: tuple[tuple[tuple[type[BaseException], ...], DeliveryResult], ...] = (
    ((NotAllowed,), DeliveryResult.NOT_ALLOWED),
    ((NoSuchName,), DeliveryResult.NO_SUCH_HOST),
    ((TimeoutError, ConnectTimeout), DeliveryResult.TIMEOUT),
)


_TLS_LIBRARIES = ("OpenSSL", "service_identity")
"""Twisted has no errors of its own for certificates: it lets those of its libraries through."""


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """An error, and those it was raised for."""
    yield error
    for failure in getattr(error, "reasons", ()):
        yield from _reasons(failure.value)
