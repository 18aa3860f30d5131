"""Where a node is: `[tls:][user@]host[:port][,host[:port]…]`."""

from typing import Final

import attrs

from naivechat.client.errors import AddressError

DEFAULT_PORT: Final = 7397
_TLS_PREFIX: Final = "tls:"
_GREATEST_PORT: Final = 65_535


@attrs.frozen(kw_only=True)
class Host:
    """One place to connect to: a name, an IPv4 or an IPv6 address (without brackets), and a port."""

    name: str
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"


@attrs.frozen(kw_only=True)
class ServerAddress:
    """The nodes of one system, in order of preference, and who logs in there.

    hosts: at least one; the next is tried when one fails.
    user_id: None if the address does not say. secure: whether to speak TLS.
    """

    hosts: tuple[Host, ...]
    user_id: str | None = None
    secure: bool = False

    @classmethod
    def parse(cls, text: str) -> "ServerAddress":
        """Read an address such as `li@chat.example`, `tls:li@a.example:7397,b.example` or `li@[::1]:7397`.

        Raises:
            AddressError: it cannot be read; its text says what is wrong.
        """
        secure = text.startswith(_TLS_PREFIX)
        user_id, at, places = text.removeprefix(_TLS_PREFIX).rpartition("@")
        if at and not user_id:
            raise AddressError("there is no user before the @")
        hosts = tuple(_parse_host(place.strip()) for place in places.split(","))
        return cls(hosts=hosts, user_id=user_id or None, secure=secure)

    @property
    def places(self) -> str:
        """The address without the user: which system it leads to."""
        return str(attrs.evolve(self, user_id=None))

    def __str__(self) -> str:
        prefix = _TLS_PREFIX if self.secure else ""
        user = f"{self.user_id}@" if self.user_id else ""
        return prefix + user + ",".join(map(str, self.hosts))


def _parse_host(place: str) -> Host:
    name, port = _split(place)
    if not name:
        raise AddressError("a host is missing")
    return Host(name=name, port=_parse_port(port))


def _split(place: str) -> tuple[str, str]:
    if place.startswith("["):
        name, bracket, rest = place[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise AddressError("an IPv6 address in brackets looks like [::1]:7397")
        return name, rest[1:] if rest else str(DEFAULT_PORT)
    if place.count(":") == 1:
        name, _, port = place.partition(":")
        return name, port
    return place, str(DEFAULT_PORT)


def _parse_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _GREATEST_PORT):
        raise AddressError(f"a port is a number from 1 to {_GREATEST_PORT}")
    return int(text)
