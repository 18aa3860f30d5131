"""Where somebody comes from, as far as it tells one from another."""

import ipaddress


def address_key(address: str) -> str:
    """An IPv4 address; of an IPv6 one the network, for whoever has one address there has 2^64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
