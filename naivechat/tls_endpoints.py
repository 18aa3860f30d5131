"""Endpoints that speak TLS, as an operator writes them: `ssl:7397:privateKey=…:certKey=…` and `tls:/folder:7397`.

Written as Twisted's endpoints of these names, with the same arguments; what they do with certificates is ours.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ServerEndpoint, TCP6ServerEndpoint
from twisted.protocols.tls import TLSMemoryBIOFactory

from naivechat.certificates import Certificates, Folder, KeyAndChain, Source

_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "ssl": ("port", "privateKey", "certKey", "interface", "backlog", "extraCertChain", "dhParameters"),
    "tls": ("path", "port", "backlog", "interface"),
}
"""What stands behind each scheme, in the order in which it may be given without a name."""
_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "ssl": {"privateKey": "server.pem"},
    "tls": {"interface": "::"},
}


def speaks_tls(description: str) -> bool:
    """Whether a description of an endpoint is one of these."""
    return description.partition(":")[0] in _ARGUMENTS


def tls_endpoint(reactor: Any, description: str, backlog: int) -> tuple[Any, Certificates]:
    """The endpoint, and its certificates, which are read now.

    Args:
        backlog: how many connections the kernel keeps for the node, if the description does not say.

    Raises:
        CertificateError: a file is missing, or is not what it should be. ValueError: the description cannot be understood.
    """
    scheme, given = _parse(description)
    values = {"backlog": str(backlog), **_DEFAULTS[scheme], **given}
    interface = values.get("interface", "")
    certificates = Certificates(_SOURCES[scheme](values))
    plain: Any = TCP6ServerEndpoint if ":" in interface else TCP4ServerEndpoint
    endpoint = plain(reactor, _number(values, "port"), _number(values, "backlog"), interface)
    return _OverTls(endpoint, certificates, reactor), certificates


@attrs.frozen
class _OverTls:
    """An endpoint whose connections speak TLS first."""

    _endpoint: Any
    _certificates: Certificates
    _clock: Any

    def listen(self, factory: Any) -> "Deferred[Any]":
        """As the endpoint within."""
        found: Deferred[Any] = self._endpoint.listen(
            TLSMemoryBIOFactory(self._certificates, False, factory, clock=self._clock)
        )
        return found


def _key_and_chain(values: Mapping[str, str]) -> Source:
    key = Path(values["privateKey"])
    extra_chain, dh_parameters = values.get("extraCertChain"), values.get("dhParameters")
    return KeyAndChain(
        key=key,
        chain=Path(values.get("certKey") or key),
        extra_chain=Path(extra_chain) if extra_chain else None,
        dh_parameters=Path(dh_parameters) if dh_parameters else None,
    )


def _folder(values: Mapping[str, str]) -> Source:
    if not values.get("path"):
        raise ValueError("a folder of PEM files is wanted")
    return Folder(Path(values["path"]))


_SOURCES: Mapping[str, Callable[[Mapping[str, str]], Source]] = {"ssl": _key_and_chain, "tls": _folder}


def _parse(description: str) -> tuple[str, dict[str, str]]:
    """The scheme, and its arguments by name. `\\:` and `\\=` stand for the characters themselves, `\\\\` for a backslash."""
    scheme, *parts = re.split(r"(?<!\\):", description)
    values: dict[str, str] = {}
    places = iter(_ARGUMENTS[scheme])
    for part in parts:
        name, equals, value = _halves(part)
        if not equals:
            name, value = next(places, ""), name
        if name not in _ARGUMENTS[scheme] or name in values:
            raise ValueError(_why_not(name))
        values[name] = value
    return scheme, values


def _halves(part: str) -> tuple[str, str, str]:
    name, *rest = re.split(r"(?<!\\)=", part, maxsplit=1)
    return _plain(name), "=" if rest else "", _plain(rest[0]) if rest else ""


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _why_not(name: str) -> str:
    if name == "sslmethod":
        return "sslmethod is not to be chosen: TLS 1.2 and newer are spoken"
    return f"{name} is no argument of it, or is given twice" if name else "there is too much behind it"


def _number(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "")
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise ValueError(f"{name}: a number from 0 to 65535 is wanted, not {text!r}")
    return int(text)
