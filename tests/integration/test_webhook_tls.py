"""Webhooks over TLS: a receiver is told nothing unless its certificate is good for its host."""

from typing import Any

from twisted.internet import reactor as _reactor
from twisted.internet import ssl
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import SSL4ServerEndpoint
from twisted.trial.unittest import TestCase
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.resource import Resource
from twisted.web.server import Site

from naivechat.domain.webhook import WebhookSecrets
from naivechat.domain.webhook_message import trial_for
from naivechat.infrastructure.allowed_addresses import AllowedAddresses
from naivechat.infrastructure.webhook_sender import HttpWebhookSender
from tests.authority import Authority
from tests.webhook_fakes import webhook

reactor: Any = _reactor
MESSAGE = trial_for(webhook(), WebhookSecrets(present="nch_x"), 1_000)


class Noted(Resource):  # type: ignore[misc]
    """Notes what is posted."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[bytes] = []

    def render_POST(self, request: Any) -> bytes:
        self.bodies.append(request.content.read())
        return b"thanks"


class TestOverTls(TestCase):
    async def start(self, name: str) -> str:
        """A receiver with a certificate for this name; the URL of it at localhost."""
        self.pem = Authority(name).self_signed(name)
        self.noted = Noted()
        certificate = ssl.PrivateCertificate.loadPEM(self.pem)
        site = Site(self.noted)
        port = await SSL4ServerEndpoint(reactor, 0, certificate.options(), interface="127.0.0.1").listen(site)
        self.addCleanup(port.stopListening)
        return f"https://localhost:{port.getHost().port}/in"

    async def post(self, url: str, *, trusts: bool) -> str:
        trust = None
        if trusts:
            authority = ssl.Certificate.loadPEM(self.pem[self.pem.index(b"-----BEGIN CERT") :])
            trust = BrowserLikePolicyForHTTPS(trustRoot=ssl.trustRootFromCertificates([authority]))
        sender = HttpWebhookSender(reactor, AllowedAddresses.of(("127.0.0.1", "::1")), trust=trust)
        return (await Deferred.fromCoroutine(sender.post(url, MESSAGE))).words

    async def test_a_receiver_with_a_good_certificate_gets_the_message(self) -> None:
        url = await self.start("localhost")
        self.assertEqual(await self.post(url, trusts=True), "ok 200")
        self.assertEqual(self.noted.bodies, [MESSAGE.body])

    async def test_one_that_nobody_vouches_for_gets_nothing(self) -> None:
        url = await self.start("localhost")
        self.assertEqual(await self.post(url, trusts=False), "tls")
        self.assertEqual(self.noted.bodies, [])

    async def test_one_whose_certificate_is_for_another_host_gets_nothing(self) -> None:
        url = await self.start("other.example")
        self.assertEqual(await self.post(url, trusts=True), "tls")
        self.assertEqual(self.noted.bodies, [])
