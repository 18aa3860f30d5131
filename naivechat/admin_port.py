"""Where a node serves its operators: it opens after the doors for clients, and closes when all the rest has ended."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from twisted.internet.defer import DeferredList
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat.listening import Listener, place
from naivechat.periodic import Periodic

_log = Logger()


class Site(Protocol):
    """What answers HTTP."""

    def buildProtocol(self, addr: Any) -> Any:
        """The protocol of a new connection."""

    def end(self) -> None:
        """Cut all connections off."""


class AdminPort:
    """Listens for HTTP at `listeners`, none where the admin port is off, and takes a node's figures every so often.

    Args:
        ended: ends what is streamed.
        take_figures: adds a point to the history; never raises but for what is a mistake of ours.
    """

    def __init__(
        self,
        listeners: Sequence[Listener],
        site: Site,
        *,
        ended: Callable[[], None],
        take_figures: Callable[[], Awaitable[object]],
        every_s: float,
        clock: IReactorTime,
    ) -> None:
        self._listeners = listeners
        self._site = site
        self._ended = ended
        self._figures = Periodic("figures", take_figures, lambda: every_s, clock)
        self._ports: list[Any] = []

    async def open(self, node_name: str) -> None:
        """Listen, and say where. CannotListenError when no port is free."""
        for listener in self._listeners:
            port = await listener.endpoint.listen(self._site)
            self._ports.append(port)
            where = place(port.getHost())
            _log.info(
                "naivechat node {node} serves operators at http://{where}/", node=node_name, where=where
            )
        self._figures.start()

    async def close(self) -> None:
        """Listen no more and cut off who is connected."""
        await self._figures.stop()
        await DeferredList([port.stopListening() for port in self._ports])
        self._ended()
        self._site.end()
