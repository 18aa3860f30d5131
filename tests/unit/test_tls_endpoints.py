"""Endpoints with TLS, as an operator writes them."""

from pathlib import Path
from typing import Any

import pytest
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory

from naivechat.certificates import CertificateError
from naivechat.tls_endpoints import speaks_tls, tls_endpoint
from tests.authority import Authority, split


@pytest.fixture
def pem(tmp_path: Path) -> bytes:
    content = Authority().issue(["chat.example"])
    key, chain = split(content)
    for name, part in (("both.pem", content), ("key", key), ("chain", chain), ("a:b=c", content)):
        (tmp_path / name).write_bytes(part)
    return content


def listening(description: str) -> Any:
    """Where a reactor was asked to listen: port, factory, backlog, interface."""
    reactor = MemoryReactorClock()
    endpoint, _ = tls_endpoint(reactor, description, 512)
    endpoint.listen(Factory())
    (server,) = reactor.tcpServers
    return server


@pytest.mark.parametrize(
    ("description", "place"),
    [
        ("ssl:7397:privateKey={0}/both.pem", (7397, 512, "")),
        ("ssl:7397:{0}/key:{0}/chain", (7397, 512, "")),
        (r"ssl:port=1:privateKey={0}/a\:b\=c:interface=127.0.0.1:backlog=9", (1, 9, "127.0.0.1")),
        (r"ssl:1:{0}/both.pem:interface=\:\:1", (1, 512, "::1")),
        ("ssl:1:{0}/key:{0}/chain:extraCertChain={0}/chain", (1, 512, "")),
        ("tls:{0}:7397", (7397, 512, "::")),
        ("tls:{0}:7397:9:192.0.2.7", (7397, 9, "192.0.2.7")),
    ],
)
def test_places_and_files_are_understood(
    tmp_path: Path, pem: bytes, description: str, place: tuple[int, int, str]
) -> None:
    port, factory, backlog, interface = listening(description.format(tmp_path))
    assert (port, backlog, interface) == place
    assert isinstance(factory, TLSMemoryBIOFactory)


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("ssl:7397:{0}/both.pem:sslmethod=TLSv1_METHOD", "TLS 1.2 and newer are spoken"),
        ("ssl:7397:{0}/both.pem:colour=red", "colour is no argument of it"),
        ("ssl:7397:{0}/both.pem:port=8", "port is no argument of it, or is given twice"),
        ("ssl:7397:a:b:c:d:e:f:g", "too much behind it"),
        ("ssl:many:{0}/both.pem", "port: a number"),
        ("ssl:70000:{0}/both.pem", "port: a number"),
        ("ssl:1:{0}/both.pem:backlog=many", "backlog: a number"),
        ("tls", "a folder of PEM files is wanted"),
        ("tls:{0}", "port: a number"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    tmp_path: Path, pem: bytes, description: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        listening(description.format(tmp_path))


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match=r"server\.pem: No such file"):
        listening("ssl:7397")
    with pytest.raises(CertificateError, match="No such file"):
        listening(f"ssl:7397:{tmp_path}/absent.pem:dhParameters={tmp_path}/absent")


def test_other_endpoints_are_not_these() -> None:
    assert [speaks_tls(text) for text in ("ssl:1", "tls:x:1", "tcp:1", "haproxy:tcp:1", "unix:/ssl")] == [
        True,
        True,
        False,
        False,
        False,
    ]
