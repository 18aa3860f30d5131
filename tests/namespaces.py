"""A network of its own for a process, beside this one: what goes through its links can be cut, and healed again."""

import ipaddress
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from unittest import SkipTest

import attrs

_NOT_ROUTED = int(ipaddress.IPv4Address("198.18.0.0"))
"""198.18.0.0/15 is for tests of networks (RFC 2544): nothing else is there."""
_ADDRESSES = 1 << 17
_NOBODY = "02:00:00:00:00:00"
"""An Ethernet address that no end of a link has."""


@attrs.frozen
class Link:
    """A cable into a namespace. `here` and `there` are the IPv4 addresses of its ends."""

    here: str
    there: str
    _interface: str

    def cut(self) -> None:
        """Pull the cable: nothing passes either way, and nobody is told."""
        _ip("link", "set", self._interface, "down")

    def lose_what_goes_in(self) -> None:
        """From now on what is sent from here vanishes, while what comes from there still arrives."""
        _ip("neigh", "replace", self.there, "lladdr", _NOBODY, "nud", "permanent", "dev", self._interface)

    def heal(self) -> None:
        """All passes again, whatever was cut."""
        _ip("link", "set", self._interface, "up")
        _ip("neigh", "flush", "nud", "permanent", "dev", self._interface)


@attrs.frozen
class Namespace:
    """A network namespace, into which nothing leads but the links laid."""

    name: str

    def entering(self, command: Sequence[str]) -> list[str]:
        """The command line that runs `command` in here, as the same process."""
        return ["ip", "netns", "exec", self.name, *command]

    def lay_link(self) -> Link:
        """A new cable between here and there; it goes with the namespace."""
        token = secrets.token_hex(4)
        outer, inner = f"nc{token}o", f"nc{token}i"
        network = _NOT_ROUTED + 4 * secrets.randbelow(_ADDRESSES // 4)
        here, there = (str(ipaddress.IPv4Address(network + number)) for number in (1, 2))
        _ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", self.name)
        for place, interface, address in (((), outer, here), (("-n", self.name), inner, there)):
            _ip(*place, "addr", "add", f"{address}/30", "dev", interface)
            _ip(*place, "link", "set", interface, "up")
        return Link(here, there, outer)


@contextmanager
def new_namespace() -> Iterator[Namespace]:
    """A namespace that goes, with its links, at the end.

    Raises:
        SkipTest: only root may make one, or this root may not, or the tool is missing and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    _require_tool()
    namespace = Namespace(f"naivechat-{secrets.token_hex(4)}")
    with ExitStack() as ending:
        try:
            _ip("netns", "add", namespace.name)
            ending.callback(_ip, "netns", "del", namespace.name)
            _ip("-n", namespace.name, "link", "set", "lo", "up")
            namespace.lay_link()
        except NotAllowed as error:
            raise SkipTest(f"no network namespaces here: {error}") from None
        yield namespace


class NotAllowed(Exception):
    """The system does not let us change its network."""


def _require_tool() -> None:
    if os.geteuid() != 0:
        raise SkipTest("only root may make network namespaces")
    if shutil.which("ip") is not None:
        return
    reason = "ip is not installed (Debian: apt install iproute2)"
    if os.environ.get("NAIVECHAT_REQUIRE_SERVERS") == "1":
        raise AssertionError(reason)
    raise SkipTest(reason)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotAllowed(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
