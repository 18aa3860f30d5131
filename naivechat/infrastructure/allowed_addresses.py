"""Which addresses a program of others may be sought at: those of the public internet, and networks that an operator has named.

Without this an operator's URL, or a name in the DNS of whoever receives, could make a node knock at what only the node can reach:
itself, its neighbours, the service where a cloud's machines ask for their keys.
Source: the registries of special-purpose addresses, RFC 6890 and its successors.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import attrs

Network = IPv4Network | IPv6Network

_GLOBAL_IPV6 = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a network of IPv6 alone writes them (NAT64): their last four bytes."""

_NOT_PUBLIC: tuple[Network, ...] = (
    IPv4Network("168.63.129.16/32"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)
"""What Python's tables, or some versions of them, take for public: services of two clouds, relays, and what is for documents."""


@attrs.frozen
class AllowedAddresses:
    """The public internet, and `_networks`."""

    _networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> "AllowedAddresses":
        """Those of networks like 10.1.0.0/16 or fd00::/8, or addresses. ValueError."""
        return cls(tuple(ip_network(network) for network in networks))

    def allows(self, address: str) -> bool:
        """Whether one may connect to an address; an IPv4 address within an IPv6 address is judged by itself."""
        ip = ip_address(address)
        if any(ip in network for network in self._networks):
            return True
        if isinstance(ip, IPv4Address):
            return _is_public(ip)
        inner = _inner(ip)
        if inner is not None:
            return self.allows(str(inner))
        return ip in _GLOBAL_IPV6 and _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_PUBLIC)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped
