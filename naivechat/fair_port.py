"""TCP ports that let others have their turn, however many connections wait."""

from typing import Any

from twisted.internet.tcp import Port
from twisted.protocols.tls import TLSMemoryBIOFactory

MOST_ACCEPTED_A_TURN = 20
"""As many as come in some 2 ms; others are heard before the next ones."""


class FairPort(Port):
    """Takes at most `MOST_ACCEPTED_A_TURN` connections in a turn of the reactor.

    Twisted's takes 20 more in each turn than in the one before, as long as so many wait: four thousand of them, which somebody who
    comes and goes without end soon has waiting, held everybody up for a quarter of a second.
    """

    def doRead(self) -> None:
        self.numberAccepts = min(self.numberAccepts, MOST_ACCEPTED_A_TURN)
        super().doRead()  # type: ignore[no-untyped-call]


class FairReactor:
    """A reactor whose TCP ports are fair."""

    port_class = FairPort

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> Port:
        opened = self.port_class(port, factory, backlog, interface, self._reactor)
        opened.startListening()
        return opened

    def listenSSL(
        self, port: int, factory: Any, context: Any, backlog: int = 50, interface: str = ""
    ) -> Port:
        return self.listenTCP(port, TLSMemoryBIOFactory(context, False, factory), backlog, interface)
