"""What a connection's transport tells of its peer: where it is, and whether anybody on the way could read along.

A balancer may stand between: then the peer is who the PROXY header names, and until the header is there, nobody knows who.
"""

import struct
from typing import Any, Final

from twisted.internet.interfaces import ISSLTransport

from naivechat.sockets.neighbours import is_loopback

_SIGNATURE: Final = b"\r\n\r\n\x00\r\nQUIT\n"
_HEADER_BYTES: Final = 16
_ADDRESS_BYTES: Final = {0x1: 12, 0x2: 36, 0x3: 216}
"""Of version 2, by family: IPv4, IPv6, Unix."""
_PP2_TYPE_SSL: Final = 0x20
_PP2_CLIENT_SSL: Final = 0x01
_DIRECT: Final = object()


def is_introduced(transport: Any) -> bool:
    """Whether it is known who the peer is: False while a balancer has not said for whom it speaks."""
    return _proxy_info(transport) is not None


def address_of(transport: Any) -> str:
    """The peer's address, "" where it has none: on a Unix socket."""
    return getattr(transport.getPeer(), "host", "")


def is_private(transport: Any) -> bool:
    """Whether nobody between the peer and this machine can read along: by TLS, or because there is no network between.

    Of a peer behind a balancer the balancer has to say so, which version 2 of the PROXY protocol can (HAProxy: `send-proxy-v2-ssl`).
    """
    if ISSLTransport.providedBy(transport):
        return True
    info = _proxy_info(transport)
    if info is not None and info is not _DIRECT and _spoke_tls(info.header):
        return True
    address = address_of(transport)
    return not address or is_loopback(address)


def _proxy_info(transport: Any) -> Any:
    """What the PROXY header said, None while it has not come, `_DIRECT` where there is none.

    Twisted's wrapper keeps it in an attribute that has no public name.
    """
    return getattr(transport, "_proxyInfo", _DIRECT)


def _spoke_tls(header: bytes) -> bool:
    """Whether a header of version 2 tells that the client came by TLS.

    Source: the PROXY protocol, version 2, sections 2.2 and 2.2.5.
    """
    if not header.startswith(_SIGNATURE):
        return False
    at = _HEADER_BYTES + _ADDRESS_BYTES.get(header[13] >> 4, 0)
    while at + 3 <= len(header):
        kind, length = struct.unpack_from("!BH", header, at)
        value = header[at + 3 : at + 3 + length]
        if kind == _PP2_TYPE_SSL and value:
            return bool(value[0] & _PP2_CLIENT_SSL)
        at += 3 + length
    return False
