"""One TCP port for several processes of a machine: each listens by itself, and the kernel deals connections out evenly (SO_REUSEPORT).

A process that dies takes along what it had not accepted yet, and gets nothing more: nobody waits behind it.
"""

import errno
import socket
from collections.abc import Iterable

from twisted.internet.error import CannotListenError

from naivechat.fair_port import FairPort, FairReactor


class _SharedPort(FairPort):
    def createInternetSocket(self) -> socket.socket:
        created: socket.socket = super().createInternetSocket()  # type: ignore[no-untyped-call]
        created.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return created


class SharingReactor(FairReactor):
    """A reactor whose TCP ports other processes of the same user may listen on, too, if they share them likewise."""

    port_class = _SharedPort


def reserve_port(ports: Iterable[int], interface: str) -> socket.socket:
    """A socket at the first of `ports` that nobody listens on: while it is open, only who shares the port may. It does not listen.

    Raises:
        CannotListenError: all are taken, or one cannot be had for another reason.
    """
    taken: OSError | None = None
    for port in ports:
        try:
            with _bound(interface, port) as probe:
                found = probe.getsockname()[1]
            return _bound(interface, found, socket.SO_REUSEPORT)
        except OSError as error:
            taken = error
            if error.errno != errno.EADDRINUSE:
                break
    raise CannotListenError(interface, port, taken)


def _bound(interface: str, port: int, *options: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in interface else socket.AF_INET
    bound = socket.socket(family)
    try:
        for option in (socket.SO_REUSEADDR, *options):
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
        bound.bind((interface, port))
    except OSError:
        bound.close()
        raise
    return bound
