"""Where browsers and scripts reach a node's admin port, and who they are where a proxy stands between."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

import attrs

LONGEST_ADDRESS: Final = 64


@attrs.frozen(kw_only=True)
class PublicAddress:
    """Where browsers reach the console. `origin`: scheme, host and port where a setting says so; "" where it is the node's own address."""

    origin: str = ""

    @classmethod
    def of_url(cls, url: str) -> "PublicAddress":
        """The address that a setting names, or the node's own for ""."""
        parts = urlsplit(url)
        return cls(origin=f"{parts.scheme}://{parts.netloc}".lower() if url else "")

    @property
    def is_secure(self) -> bool:
        """Whether cookies may travel encrypted only."""
        return self.origin.startswith("https://")

    def is_asked_at(self, host: str) -> bool:
        """Whether a request with this Host header was meant for the console."""
        if self.origin:
            return host.lower() == self.origin.partition("://")[2] or _is_literal(host)
        return _is_literal(host)

    def is_origin(self, origin: str, host: str) -> bool:
        """Whether a page of this Origin is the console's, as it was asked at `host`."""
        if self.origin and origin.lower() == self.origin:
            return True
        return _is_literal(host) and origin.lower() == f"http://{host.lower()}"

    def address_of(self, peer: str, forwarded_for: str) -> str:
        """Who makes a request: behind a proxy of this machine, whom that has named last; else the peer."""
        if not self.origin or not _is_loopback(peer):
            return peer
        named = forwarded_for.rpartition(",")[2].strip()[:LONGEST_ADDRESS]
        return named if _is_ip(named) else peer


def _is_literal(host: str) -> bool:
    """Whether a Host header names an address that no stranger can make lead elsewhere."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_ip(name)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(text: str) -> bool:
    return _is_ip(text) and ipaddress.ip_address(text).is_loopback
