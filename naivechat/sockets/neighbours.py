"""Where clients of this node find the others."""

import ipaddress
import random
from functools import lru_cache

import attrs

from naivechat.application.nodes import Nodes

MOST_ADDRESSES = 16


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host's name or address means the machine itself."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost"
    # A node that listens on :: sees IPv4 addresses as ::ffff:127.0.0.1.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


@attrs.frozen
class Neighbours:
    """The other nodes, as they are told to clients."""

    _nodes: Nodes

    @property
    def name(self) -> str:
        """What this node is called."""
        return self._nodes.now.name

    def addresses_for(self, is_local: bool) -> tuple[str, ...]:
        """Addresses of nodes that take connections, in any order, at most 16; loopback ones only for clients of this machine."""
        if not self._nodes.now.others:
            return ()
        # Workers of one machine are found at one address.
        found = {
            address: None
            for node in self._nodes.now.others
            if not node.draining
            for address in node.addresses
            if is_local or not is_loopback(address.removeprefix("tls:").rpartition(":")[0])
        }
        return tuple(random.sample(tuple(found), min(len(found), MOST_ADDRESSES)))
