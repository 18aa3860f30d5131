"""What a node shows to those who speak TLS with it: certificates from files, read anew when the operator says so.

Not Twisted's own `tls:` endpoint: that never reads a renewed certificate of a known name, and reads all files again, while
everybody waits, whenever somebody asks for a name that it does not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import attrs
from cryptography import x509
from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_PEM
from twisted.internet import ssl
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.logger import Logger
from zope.interface import implementer

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_log = Logger()


class CertificateError(ValueError):
    """Files that no certificate can be made of. Its text is one line for the operator."""


@attrs.frozen(kw_only=True)
class Identity:
    """A certificate with its key, ready to be shown. names: for which hosts, in small letters. context: OpenSSL's."""

    names: tuple[str, ...]
    expires_at: datetime
    context: SSL.Context


class Source(Protocol):
    """Where certificates are read from. Blocks for as long as it takes to read some files."""

    def read(self) -> tuple[Identity, ...]:
        """At least one; the first is for whoever asks for no name, or for one that there is none of.

        Raises:
            CertificateError: a file is not there, or holds something else. What can be used of others does not matter then.
        """


@attrs.frozen(kw_only=True)
class KeyAndChain:
    """A key, and a certificate with those between it and an authority, in one file or in several."""

    key: Path
    chain: Path
    extra_chain: Path | None = None
    dh_parameters: Path | None = None

    def read(self) -> tuple[Identity, ...]:
        """The one certificate."""
        certificates = _bytes_of(self.chain) + (_bytes_of(self.extra_chain) if self.extra_chain else b"")
        return (_identity(self.chain, _bytes_of(self.key), certificates, self.dh_parameters),)


@attrs.frozen
class Folder:
    """A folder of files `*.pem`, each with a key, its certificate, and those between it and an authority."""

    path: Path

    def read(self) -> tuple[Identity, ...]:
        """The certificates of all files, by the files' names."""
        files = sorted(self.path.glob("*.pem"))
        if not files:
            raise CertificateError(f"{self.path} holds no file whose name ends in .pem")
        return tuple(_identity(file, _bytes_of(file), _bytes_of(file), None) for file in files)


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """Chooses, for each connection that begins, the certificate of the host that is asked for.

    Raises:
        CertificateError: at the beginning, as `Source.read`.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._take(source.read())

    @property
    def expires_at(self) -> datetime:
        """When the first of them ends."""
        return min(identity.expires_at for identity in self._identities)

    def reload(self) -> None:
        """Read the files again, for connections from now on; those that are there stay as they are.

        Raises:
            CertificateError: nothing has changed.
        """
        self._take(self._source.read())

    def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        return SSL.Connection(self._identities[0].context, None)

    def _take(self, identities: tuple[Identity, ...]) -> None:
        by_name = {name: identity.context for identity in identities for name in identity.names}
        for identity in identities:
            identity.context.set_tlsext_servername_callback(lambda connection: _choose(connection, by_name))
        self._identities = identities


class Renewal:
    """Reads the certificates of all listeners anew when it is called. `is_current`: whether the last reading gave all of them."""

    def __init__(self, certificates: Sequence[Certificates]) -> None:
        self.is_current = True
        self._all = tuple(certificates)

    @property
    def is_used(self) -> bool:
        """Whether there is any listener with TLS."""
        return bool(self._all)

    @property
    def expires_at_s(self) -> int | None:
        """When the first certificate ends, in seconds since 1970; None without TLS."""
        ends = [int(certificates.expires_at.timestamp()) for certificates in self._all]
        return min(ends, default=None)

    def __call__(self) -> None:
        """Read them; of what cannot be used the log tells, and what was there before stays."""
        is_current = True
        for certificates in self._all:
            try:
                certificates.reload()
            except CertificateError as error:
                is_current = False
                _log.error("certificates were not read anew, the old ones stay: {error}", error=str(error))
            else:
                _log.info(
                    "certificates were read anew; the first of them ends at {end}",
                    end=certificates.expires_at.isoformat(),
                )
        self.is_current = is_current


def _choose(connection: SSL.Connection, by_name: Mapping[str, SSL.Context]) -> None:
    """Show the certificate of the host that the client asks for; of another one it is the client who refuses."""
    asked = (connection.get_servername() or b"").decode("ascii", "replace").lower()
    context = by_name.get(asked) or by_name.get("*." + asked.partition(".")[2])
    if context is not None:
        connection.set_context(context)


def _identity(file: Path, key: bytes, certificates: bytes, dh_parameters: Path | None) -> Identity:
    blocks = [_CERTIFICATE + rest for rest in certificates.split(_CERTIFICATE)[1:]]
    if not blocks:
        raise CertificateError(f"{file} holds no certificate")
    try:
        own, *others = (ssl.Certificate.loadPEM(block) for block in blocks)
        options = ssl.CertificateOptions(
            privateKey=ssl.KeyPair.load(key, FILETYPE_PEM).original,
            certificate=own.original,
            extraCertChain=[other.original for other in others],
            raiseMinimumTo=ssl.TLSVersion.TLSv1_2,
        )
        context = options.getContext()
        context.check_privatekey()
        if dh_parameters is not None:
            context.load_tmp_dh(bytes(dh_parameters))
        parsed = x509.load_pem_x509_certificate(blocks[0])
    # OpenSSL and cryptography raise what they like, with texts for programmers.
    except Exception as error:
        raise CertificateError(f"{file} cannot be used: {_sentence(error)}") from error
    return Identity(names=tuple(_names_of(parsed)), expires_at=_end_of(parsed), context=context)


def _names_of(certificate: x509.Certificate) -> Iterable[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return (name.lower() for name in found.value.get_values_for_type(x509.DNSName))


def _end_of(certificate: x509.Certificate) -> datetime:
    return certificate.not_valid_after_utc


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CertificateError(f"{file}: {error.strerror}") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, SSL.Error) and "mismatch" in str(error):
        return "the key belongs to another certificate"
    return " ".join(str(error).split()) or type(error).__name__
