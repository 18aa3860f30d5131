"""Certificates for tests: an authority of our own, and what it signs."""

import datetime
from collections.abc import Sequence
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """Signs certificates. `pem` is its own, which clients are given to trust."""

    def __init__(self, name: str = "Authority of tests") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = _builder(self._name, self._name, self._key, -DAY, 10 * DAY).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.pem = _pem_of(certificate.sign(self._key, hashes.SHA256()))

    def issue(
        self,
        names: Sequence[str],
        *,
        begins: datetime.timedelta = -DAY,
        ends: datetime.timedelta = DAY,
        common_name: str = "",
    ) -> bytes:
        """A new key and a certificate for these host names or addresses, as PEM; good from `begins` to `ends`, counted from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name or names[0])])
        certificate = _builder(subject, self._name, key, begins, ends)
        if names:
            certificate = certificate.add_extension(
                x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
            )
        return key_pem(key) + _pem_of(certificate.sign(self._key, hashes.SHA256()))

    def self_signed(self, name: str) -> bytes:
        """The authority's own key and certificate, which is for this host too and does not say that it may sign others."""
        certificate = _builder(self._name, self._name, self._key, -DAY, DAY).add_extension(
            x509.SubjectAlternativeName([_general(name)]), critical=False
        )
        return key_pem(self._key) + _pem_of(certificate.sign(self._key, hashes.SHA256()))


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def split(pem: bytes) -> tuple[bytes, bytes]:
    """The key and the certificates of what was issued."""
    key, _, _ = pem.partition(b"-----BEGIN CERTIFICATE-----")
    return key, pem.removeprefix(key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime.timedelta,
    ends: datetime.timedelta,
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
