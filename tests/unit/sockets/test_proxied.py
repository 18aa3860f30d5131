"""What a transport tells of its peer, also of one behind a balancer."""

import struct
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.testing import StringTransport
from twisted.protocols.haproxy._wrapper import HAProxyWrappingFactory
from zope.interface import alsoProvides

from naivechat.sockets.proxied import address_of, is_introduced, is_private

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
OVER_TLS = b"\x20\x00\x05\x01\x00\x00\x00\x00"
NOT_OVER_TLS = b"\x20\x00\x05\x00\x00\x00\x00\x00"
OTHER = b"\x05\x00\x03abc"


def header(*extensions: bytes) -> bytes:
    """Version 2, of a client at 192.0.2.7."""
    addresses = bytes((192, 0, 2, 7, 192, 0, 2, 1)) + struct.pack("!HH", 51_234, 7_397)
    body = addresses + b"".join(extensions)
    return SIGNATURE + b"\x21\x11" + struct.pack("!H", len(body)) + body


def transport(peer: Any) -> StringTransport:
    return StringTransport(peerAddress=peer)


def behind_a_balancer(data: bytes) -> Any:
    """The transport of a connection from a balancer at 127.0.0.1 that has said `data`."""
    factory = HAProxyWrappingFactory(ServerFactory.forProtocol(Protocol))
    wrapper = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 40_000))
    wrapper.makeConnection(transport(IPv4Address("TCP", "127.0.0.1", 40_000)))
    wrapper.dataReceived(data)
    return wrapper


@pytest.mark.parametrize(
    ("host", "private"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.0.2.7", False), ("::2", False)],
)
def test_on_a_network_a_plain_connection_is_not_private(host: str, private: bool) -> None:
    plain = transport(IPv4Address("TCP", host, 1))
    assert (is_introduced(plain), address_of(plain), is_private(plain)) == (True, host, private)


def test_tls_is_private_wherever_it_comes_from() -> None:
    secure = transport(IPv4Address("TCP", "192.0.2.7", 1))
    alsoProvides(secure, ISSLTransport)
    assert is_private(secure)


def test_a_unix_socket_is_private_and_has_no_address() -> None:
    local = transport(UNIXAddress(b"/run/naivechat"))
    assert (address_of(local), is_private(local)) == ("", True)


def test_nobody_knows_who_comes_before_the_balancer_has_said_it() -> None:
    waiting = behind_a_balancer(header()[:20])
    assert not is_introduced(waiting)
    waiting.dataReceived(header()[20:])
    assert (is_introduced(waiting), address_of(waiting)) == (True, "192.0.2.7")


@pytest.mark.parametrize(
    ("extensions", "private"),
    [
        ([], False),
        ([OVER_TLS], True),
        ([OTHER, OVER_TLS], True),
        ([NOT_OVER_TLS], False),
        ([NOT_OVER_TLS, OVER_TLS], False),
        ([b"\x20\x00\x00"], False),
        ([b"\x20\xff"], False),
    ],
)
def test_a_balancer_says_whether_its_client_spoke_tls(extensions: list[bytes], private: bool) -> None:
    assert is_private(behind_a_balancer(header(*extensions))) is private


def test_version_1_of_the_header_cannot_say_it() -> None:
    assert not is_private(behind_a_balancer(b"PROXY TCP4 192.0.2.7 192.0.2.1 51234 7397\r\n"))


def test_a_balancers_own_connections_are_those_of_its_machine() -> None:
    assert is_private(behind_a_balancer(SIGNATURE + b"\x20\x00\x00\x00"))
