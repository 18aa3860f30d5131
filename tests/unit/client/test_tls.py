"""TLS over the loopback interface: a node is believed only with a certificate that verifies, and else it is said why."""

import tempfile
from pathlib import Path
from typing import Any

from twisted.internet import reactor, ssl
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase, TestCase

from naivechat.client import ServerAddress, Unverified, register, trust_file
from naivechat.client.verification import Verification
from naivechat.protocol.codec import decode_request, encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.frame import FrameReceiver
from naivechat.protocol.session import ErrorResponse, OkResponse
from tests.authority import DAY, Authority, split

AUTHORITY = Authority()


class YesNode(FrameReceiver):
    """Answers Ok to every RegisterRequest."""

    def frame_received(self, command: int, payload: bytes) -> None:
        request = decode_request(Command(command), payload)
        self.transport.write(encode_frame(OkResponse(rid=request.rid)))  # type: ignore[union-attr, attr-defined]

    def frame_refused(self, reason: str) -> None:
        self.transport.write(encode_frame(ErrorResponse(rid=0, code="BAD_FRAME", message=reason)))  # type: ignore[union-attr]
        self.transport.loseConnection()  # type: ignore[union-attr]


class TlsTests(TestCase):
    def write(self, data: bytes) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "ca.pem"
        path.write_bytes(data)
        return path

    def listen(self, pem: bytes | None, host: str = "localhost") -> ServerAddress:
        """A node with this key and certificate, or without TLS."""
        factory, network = Factory.forProtocol(YesNode), reactor  # type: ignore[no-untyped-call]
        listening: Any = network
        if pem is None:
            port = listening.listenTCP(0, factory, interface="127.0.0.1")
        else:
            options = ssl.PrivateCertificate.loadPEM(pem).options()
            port = listening.listenSSL(0, factory, options, interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        return ServerAddress.parse(f"tls:{host}:{port.getHost().port}")

    async def register(self, address: ServerAddress, trusted: bytes | None = AUTHORITY.pem) -> None:
        trust = trust_file(self.write(trusted)) if trusted is not None else None
        await register(reactor, address, "me", "secret pw", "Me", tls=trust)

    async def refused(self, address: ServerAddress, trusted: bytes | None = AUTHORITY.pem) -> str:
        """Why the node is not believed, in words."""
        try:
            await self.register(address, trusted)
        except Unverified as error:
            self.doubt = error.doubt
            return str(error)
        raise AssertionError("the node was believed")

    async def test_a_node_whose_certificate_is_trusted_is_believed(self) -> None:
        await self.register(self.listen(AUTHORITY.issue(["localhost"])))
        await self.register(self.listen(AUTHORITY.issue(["127.0.0.1"]), "127.0.0.1"))

    async def test_an_unknown_authority_is_refused(self) -> None:
        address = self.listen(AUTHORITY.issue(["localhost"]))
        sentence = "the certificate of localhost is signed by an authority that is not known here"
        self.assertEqual(await self.refused(address, None), sentence)
        self.assertEqual(await self.refused(address, Authority("Another").pem), sentence)
        self.assertEqual(self.doubt, "UNKNOWN")

    async def test_a_certificate_that_signs_itself_is_refused_unless_it_is_trusted(self) -> None:
        pem = Authority("localhost").self_signed("localhost")
        self.assertEqual(
            await self.refused(self.listen(pem), None),
            "the certificate of localhost is signed by nobody but itself",
        )
        await self.register(self.listen(pem), pem)

    async def test_a_certificate_for_another_name_is_refused(self) -> None:
        for name, host in (("elsewhere.example", "localhost"), ("localhost", "127.0.0.1")):
            address = self.listen(AUTHORITY.issue([name]), host)
            self.assertEqual(
                await self.refused(address), f"the certificate is not for {host}, but for another host"
            )
            self.assertEqual(self.doubt, "NAME")

    async def test_a_certificate_without_names_is_refused(self) -> None:
        self.assertEqual(
            await self.refused(self.listen(AUTHORITY.issue([], common_name="localhost"))),
            "the certificate of localhost cannot be verified",
        )

    async def test_a_certificate_for_several_hosts_is_for_each(self) -> None:
        await self.register(self.listen(AUTHORITY.issue(["LOCALHOST", "*.chat.example"])))

    async def test_a_certificate_that_has_ended_or_not_begun_is_refused(self) -> None:
        ended = self.listen(AUTHORITY.issue(["localhost"], begins=-2 * DAY, ends=-DAY))
        self.assertEqual(await self.refused(ended), "the certificate of localhost has expired")
        early = self.listen(AUTHORITY.issue(["localhost"], begins=DAY, ends=2 * DAY))
        self.assertIn("is not valid yet", await self.refused(early))
        self.assertEqual(self.doubt, "TOO_EARLY")

    async def test_a_node_without_tls_is_refused(self) -> None:
        self.assertEqual(await self.refused(self.listen(None)), "no TLS is spoken at localhost")

    def test_a_file_without_certificates_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            trust_file(self.write(b""))


class NameTests(SynchronousTestCase):
    """Which certificates are for which names; whatever cannot be judged is refused."""

    def is_for(self, host_name: str, *names: str) -> bool:
        _, certificate = split(AUTHORITY.issue(names))
        own = ssl.Certificate.loadPEM(certificate).original
        return Verification(host_name, None)._verified(None, own, 0, 0, 1)  # type: ignore[arg-type]

    def test_names_and_addresses_are_compared_as_what_they_are(self) -> None:
        self.assertTrue(self.is_for("chat.example", "other.example", "chat.example"))
        self.assertTrue(self.is_for("a.chat.example", "*.chat.example"))
        self.assertTrue(self.is_for("192.0.2.7", "192.0.2.7"))
        self.assertTrue(self.is_for("2001:db8::7", "2001:db8::7"))
        self.assertFalse(self.is_for("chat.example.evil.example", "chat.example"))
        self.assertFalse(self.is_for("a.b.chat.example", "*.chat.example"))
        self.assertFalse(self.is_for("192.0.2.8", "192.0.2.7"))

    def test_a_name_in_other_letters_is_compared_in_its_ascii_form(self) -> None:
        self.assertTrue(self.is_for("bücher.example", "xn--bcher-kva.example"))
        self.assertFalse(self.is_for("bücher.example", "bucher.example"))

    def test_the_names_of_authorities_above_do_not_matter(self) -> None:
        _, certificate = split(AUTHORITY.issue(["authority.example"]))
        own = ssl.Certificate.loadPEM(certificate).original
        verification = Verification("chat.example", None)
        self.assertTrue(verification._verified(None, own, 0, 1, 1))  # type: ignore[arg-type]
        self.assertFalse(verification._verified(None, own, 10, 1, 0))  # type: ignore[arg-type]
