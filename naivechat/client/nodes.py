"""The nodes of a system that a client knows: those it was given, and those that nodes told it of.

A client that is sent elsewhere shows its token or password there, so a node is believed within bounds alone:
its addresses have TLS exactly if the connection they came by had it, and mean this machine only if the node was itself
reached as being on it.
"""

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from twisted.internet.abstract import isIPv6Address

from naivechat.client.address import Host, ServerAddress
from naivechat.client.errors import AddressError

MOST_TOLD: Final = 16
"""Addresses that are taken from one node; the rest is passed over."""
LONGEST_TOLD: Final = 300
"""Characters of an address; a longer one is passed over."""
_HOST_NAME: Final = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]*")


def is_loopback(name: str) -> bool:
    """Whether a host's name or address means the machine itself, in whatever way the resolver would read it."""
    name = name.rstrip(".").lower()
    address = _literal(name)
    if address is None:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _literal(name: str) -> IPv4Address | IPv6Address | None:
    """The address that a name is, also as `127.1`, `0x7f000001` or `::ffff:127.0.0.1`; None if it is a name."""
    try:
        return IPv4Address(socket.inet_aton(name))
    except OSError:
        pass
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class KnownNodes:
    """Which nodes there are, and in which order to try them.

    Args:
        given: what the user gave. secure: whether connections speak TLS.
        draw: gives random numbers, 0 ≤ x < 1; so the clients of a node that went away spread over the others.
    """

    def __init__(self, given: ServerAddress, *, secure: bool, draw: Callable[[], float]) -> None:
        self._given = given.hosts
        self._secure = secure
        self._draw = draw
        self._told: tuple[Host, ...] = ()
        self._first: Host | None = None
        self._last: Host | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What nodes have told, each as `[tls:]host:port`, for `remember` of a later run."""
        return tuple(str(ServerAddress(hosts=(host,), secure=self._secure)) for host in self._told)

    def remember(self, addresses: Iterable[str]) -> None:
        """Take what an earlier run with the same given address was told; what has TLS otherwise than now is passed over."""
        self._told = self._usable(addresses)

    def in_order(self) -> tuple[Host, ...]:
        """All nodes, each once: the one that served last, those given behind the one that failed last, those told at random.

        The one that failed last ends the round.
        """
        given = self._given
        if self._last in given:
            place = given.index(self._last) + 1
            given = given[place:] + given[:place]
        hosts = dict.fromkeys((*given, *sorted(self._told, key=lambda _: self._draw())))
        return tuple(sorted(hosts, key=lambda host: 1 - (host == self._first) + (host == self._last)))

    def served(self, host: Host, addresses: tuple[str, ...] | None) -> None:
        """A node has let the client in and told these addresses of others, which replace the older ones; None says nothing.

        The node itself stays known: the next one may not name it.
        """
        self._first, self._last = host, None
        if addresses is None:
            return
        usable = self._usable(addresses[:MOST_TOLD])
        if not is_loopback(host.name):
            usable = tuple(told for told in usable if not is_loopback(told.name))
        known = (*usable, *(told for told in self._told if told == host))
        self._told = tuple(dict.fromkeys(known))

    def leave(self, host: Host) -> None:
        """A node failed or went away: the others are tried before it."""
        self._last = host
        if self._first == host:
            self._first = None

    def _usable(self, addresses: Iterable[str]) -> tuple[Host, ...]:
        parsed = (_parse(address) for address in addresses)
        return tuple(node.hosts[0] for node in parsed if node is not None and node.secure == self._secure)


def _parse(address: str) -> ServerAddress | None:
    """The address of one node; None for anything else."""
    if len(address) > LONGEST_TOLD:
        return None
    try:
        node = ServerAddress.parse(address)
    except AddressError:
        return None
    name = node.hosts[0].name
    is_host = _HOST_NAME.fullmatch(name) is not None or isIPv6Address(name)
    return node if is_host and len(node.hosts) == 1 and node.user_id is None else None
