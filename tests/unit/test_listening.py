"""Where a node listens, and how that is said."""

import errno
from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactor
from twisted.trial.unittest import SynchronousTestCase

from naivechat.listening import advertised, describe, make_listeners
from naivechat.settings import Settings, SettingsError


@attrs.define
class Port:
    """An open port that is nowhere."""

    host: Any

    def getHost(self) -> Any:
        return self.host


class CrowdedReactor(MemoryReactor):
    """A reactor on which the ports of `taken` are others', and cannot be had with `error`."""

    def __init__(self, taken: set[int], error: int = errno.EADDRINUSE) -> None:
        super().__init__()
        self.taken = taken
        self.error = error

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> Any:
        if port in self.taken:
            raise CannotListenError(interface, port, OSError(self.error, "taken"))
        return super().listenTCP(port, factory, backlog=backlog, interface=interface)


@pytest.mark.parametrize(
    ("scheme", "address", "said"),
    [
        ("tcp", IPv4Address("TCP", "127.0.0.1", 7397), "tcp:127.0.0.1:7397"),
        ("tls", IPv6Address("TCP", "::1", 7398), "tls:[::1]:7398"),
        ("unix", UNIXAddress("/run/naivechat"), "unix:/run/naivechat"),
    ],
)
def test_an_open_port_is_said_as_people_write_it(scheme: str, address: Any, said: str) -> None:
    assert describe(scheme, Port(address)) == said


@pytest.mark.parametrize(
    ("scheme", "address", "told"),
    [
        ("tcp", IPv4Address("TCP", "127.0.0.1", 7397), ("127.0.0.1:7397",)),
        ("systemd", IPv4Address("TCP", "192.0.2.7", 7397), ("192.0.2.7:7397",)),
        ("ssl", IPv4Address("TCP", "192.0.2.7", 7398), ("tls:192.0.2.7:7398",)),
        ("tls", IPv6Address("TCP", "2001:db8::7", 7398), ("tls:[2001:db8::7]:7398",)),
        ("tcp", IPv4Address("TCP", "0.0.0.0", 7397), ()),
        ("ssl", IPv6Address("TCP", "::", 7397), ()),
        ("tcp", IPv6Address("TCP", "fe80::1%eth0", 7397), ()),
        ("haproxy", IPv4Address("TCP", "192.0.2.7", 7397), ()),
        ("unix", UNIXAddress("/run/naivechat"), ()),
        ("systemd", UNIXAddress("/run/naivechat"), ()),
    ],
)
def test_clients_of_other_nodes_are_told_only_where_they_can_reach_this_one(
    scheme: str, address: Any, told: tuple[str, ...]
) -> None:
    assert advertised(scheme, Port(address)) == told


class TestListening(SynchronousTestCase):
    def listen(self, reactor: MemoryReactor, **values: Any) -> Any:
        (listener,) = make_listeners(Settings(**values), reactor)
        return listener.endpoint.listen(Factory())

    def test_plain_tcp_is_listened_on_at_the_interface_and_port(self) -> None:
        reactor = MemoryReactor()
        self.successResultOf(self.listen(reactor, port=7000, interface="0.0.0.0"))
        (server,) = reactor.tcpServers
        self.assertEqual((server[0], server[3]), (7000, "0.0.0.0"))

    def test_an_ipv6_interface_is_listened_on(self) -> None:
        reactor = MemoryReactor()
        self.successResultOf(self.listen(reactor, interface="::1"))
        self.assertEqual(reactor.tcpServers[0][3], "::1")

    def test_when_the_port_is_taken_the_next_free_one_is_used(self) -> None:
        reactor = CrowdedReactor({7397, 7398})
        self.successResultOf(self.listen(reactor))
        self.assertEqual(reactor.tcpServers[0][0], 7399)

    def test_a_strict_port_that_is_taken_is_refused(self) -> None:
        self.failureResultOf(self.listen(CrowdedReactor({7397}), strict_port=True), CannotListenError)

    def test_when_a_hundred_ports_are_taken_the_node_gives_up(self) -> None:
        self.failureResultOf(self.listen(CrowdedReactor(set(range(7397, 7497)))), CannotListenError)

    def test_the_search_ends_at_the_last_port(self) -> None:
        reactor = CrowdedReactor({65_534, 65_535})
        self.failureResultOf(self.listen(reactor, port=65_534), CannotListenError)

    def test_a_port_that_is_forbidden_is_no_reason_to_take_another(self) -> None:
        reactor = CrowdedReactor({80}, errno.EACCES)
        self.failureResultOf(self.listen(reactor, port=80), CannotListenError)
        self.assertEqual(reactor.tcpServers, [])

    def test_port_0_is_any_free_one(self) -> None:
        reactor = MemoryReactor()
        self.successResultOf(self.listen(reactor, port=0))
        self.assertEqual(reactor.tcpServers[0][0], 0)

    def test_endpoint_strings_take_the_place_of_port_and_interface(self) -> None:
        reactor = MemoryReactor()
        listeners = make_listeners(
            Settings(listen=("tcp:5000:interface=127.0.0.1", "unix:/tmp/chat")), reactor
        )
        for listener in listeners:
            listener.endpoint.listen(Factory())
        self.assertEqual([listener.scheme for listener in listeners], ["tcp", "unix"])
        self.assertEqual(reactor.tcpServers[0][0], 5000)
        self.assertEqual(reactor.unixServers[0][0], "/tmp/chat")


@pytest.mark.parametrize(
    "endpoint", ["nonsense:1", "tcp:", "tcp:many", "ssl:7397:privateKey=/absent.pem", ""]
)
def test_an_endpoint_that_cannot_be_used_is_refused_by_name(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        make_listeners(Settings(listen=(endpoint,)), MemoryReactor())
    assert str(caught.value).startswith(f"listen: {endpoint} cannot be used: ")
    assert "\n" not in str(caught.value)
