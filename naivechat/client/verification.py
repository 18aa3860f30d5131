"""Whether a node is who it should be, by its certificate; and in words why it is not."""

import enum
from typing import Any, Final

from OpenSSL import SSL, crypto
from service_identity import VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address
from twisted.internet import ssl
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from zope.interface import implementer

from naivechat.client.errors import NotConnected, Unverified


class Doubt(enum.StrEnum):
    """What is wrong with a certificate, as a sentence about `{host}`."""

    NAME = "the certificate is not for {host}, but for another host"
    EXPIRED = "the certificate of {host} has expired"
    TOO_EARLY = "the certificate of {host} is not valid yet; is the clock of this computer right?"
    SELF_SIGNED = "the certificate of {host} is signed by nobody but itself"
    UNKNOWN = "the certificate of {host} is signed by an authority that is not known here"
    OTHER = "the certificate of {host} cannot be verified"
    NO_TLS = "no TLS is spoken at {host}"


_BY_NUMBER: Final = {
    9: Doubt.TOO_EARLY,
    10: Doubt.EXPIRED,
    18: Doubt.SELF_SIGNED,
    19: Doubt.UNKNOWN,
    20: Doubt.UNKNOWN,
    21: Doubt.UNKNOWN,
}
"""By OpenSSL's X509_V_ERR_…"""
_NO_TLS: Final = frozenset({"wrong version number", "packet length too long", "record layer failure"})


@implementer(IOpenSSLClientConnectionCreator)
class Verification:
    """Verifies the certificate and the name in it, always, and remembers what was wrong, for one connection.

    Twisted's own creator verifies both, too, but by one callback that does not tell what OpenSSL has found, and there is only one.
    So ours takes its place, and whatever it does not find right it refuses.

    Args:
        host_name: what was connected to. trust_root: what to trust instead of the public authorities.
    """

    def __init__(self, host_name: str, trust_root: Any | None) -> None:
        self._host_name = host_name
        self._creator = ssl.optionsForClientTLS(host_name, trustRoot=trust_root)
        self._doubt: Doubt | None = None

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verified)
        return connection

    def explain(self, failure: Failure) -> NotConnected | None:
        """Why a connection ended, where its end has to do with TLS."""
        doubt = self._doubt
        if doubt is None and failure.check(SSL.Error) and _reasons(failure) & _NO_TLS:
            doubt = Doubt.NO_TLS
        return Unverified(doubt.value.format(host=self._host_name), doubt.name) if doubt else None

    def _verified(
        self, connection: SSL.Connection, certificate: crypto.X509, number: int, depth: int, ok: int
    ) -> bool:
        """OpenSSL has looked at a certificate of the chain, with this result; at depth 0 is the node's own."""
        found = None if ok else _BY_NUMBER.get(number, Doubt.OTHER)
        if found is None and depth == 0:
            found = self._doubt_of_name(certificate)
        self._doubt = self._doubt or found
        return found is None

    def _doubt_of_name(self, certificate: crypto.X509) -> Doubt | None:
        is_address = isIPAddress(self._host_name) or isIPv6Address(self._host_name)
        verify = verify_certificate_ip_address if is_address else verify_certificate_hostname
        try:
            verify(certificate.to_cryptography(), _in_ascii(self._host_name))
        except VerificationError:
            return Doubt.NAME
        except Exception:
            # A certificate without names, a host name that is none: nothing may leave a callback of OpenSSL's.
            return Doubt.OTHER
        return None


def _in_ascii(host_name: str) -> str:
    """A name as certificates have it: bücher.example is xn--bcher-kva.example."""
    return host_name if host_name.isascii() else host_name.encode("idna").decode("ascii")


def _reasons(failure: Failure) -> frozenset[str]:
    """What OpenSSL says went wrong; its errors hold a list of (library, function, reason)."""
    entries = failure.value.args[0] if failure.value is not None and failure.value.args else ()
    return frozenset(str(entry[-1]) for entry in entries if entry)
