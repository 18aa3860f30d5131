"""TLS over the loopback interface: a node is believed only with a certificate that verifies."""

import datetime
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet import reactor, ssl
from twisted.internet.protocol import Factory
from twisted.trial.unittest import TestCase

from naivechat.client import NotConnected, ServerAddress, register, trust_file
from naivechat.protocol.codec import decode_request, encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.frame import FrameReceiver
from naivechat.protocol.session import OkResponse


class YesNode(FrameReceiver):
    """Answers Ok to every RegisterRequest."""

    def frame_received(self, command: int, payload: bytes) -> None:
        request = decode_request(Command(command), payload)
        self.transport.write(encode_frame(OkResponse(rid=request.rid)))  # type: ignore[union-attr, attr-defined]


def self_signed(name: str) -> bytes:
    """A key and a certificate for this host name, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return private + certificate.public_bytes(pem)


class TlsTests(TestCase):
    def write(self, data: bytes) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "ca.pem"
        path.write_bytes(data)
        return path

    def listen(self, name: str) -> ServerAddress:
        pem = self_signed(name)
        self.file = self.write(pem)
        options = ssl.PrivateCertificate.loadPEM(pem).options()
        port = reactor.listenSSL(0, Factory.forProtocol(YesNode), options, interface="127.0.0.1")  # type: ignore[attr-defined]
        self.addCleanup(port.stopListening)
        return ServerAddress.parse(f"tls:localhost:{port.getHost().port}")

    async def test_a_node_whose_certificate_is_trusted_is_believed(self) -> None:
        address = self.listen("localhost")
        await register(reactor, address, "me", "secret pw", "Me", tls=trust_file(self.file))

    async def test_an_unknown_certificate_is_refused(self) -> None:
        with self.assertRaises(NotConnected):
            await register(reactor, self.listen("localhost"), "me", "secret pw", "Me")

    async def test_a_certificate_for_another_name_is_refused(self) -> None:
        address = self.listen("elsewhere.example")
        with self.assertRaises(NotConnected):
            await register(reactor, address, "me", "secret pw", "Me", tls=trust_file(self.file))

    def test_a_file_without_certificates_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            trust_file(self.write(b""))
