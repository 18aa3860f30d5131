"""What can be turned on a node while it runs: whether it takes connections, and how much it logs."""

from collections.abc import Callable
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel

_log = Logger()


class PausableDoors(Protocol):
    """What takes connections: the factory."""

    async def pause(self) -> None:
        """Take no connections, and let those that are there go, each told to come back elsewhere."""

    def resume(self) -> bool:
        """Take connections again; False where the node leaves."""


class Draining(Protocol):
    """What the node says of itself."""

    draining: bool


class LevelledLog(Protocol):
    """What is written to the log."""

    level: LogLevel


class Switches:
    """Implements `domain.node_order.NodeSwitches`. `tell` is called when others are to know soon what has changed."""

    def __init__(self, doors: PausableDoors, portrait: Draining, log: LevelledLog) -> None:
        self.tell: Callable[[], None] = _nobody_asks
        self._doors = doors
        self._portrait = portrait
        self._log = log

    def carry_out(self, order: NodeOrder) -> None:
        """Begin to do as told."""
        match order:
            case Drain():
                self._drain()
            case Resume():
                self._resume()
            case SetLogLevel():
                # As a warning, for that is read whatever the level is.
                _log.warn("the log is written from level {wanted} on", wanted=order.level.value)
                self._log.level = order.level
        self.tell()

    def _drain(self) -> None:
        if self._portrait.draining:
            return
        _log.info("this node is drained: it takes no connections, and sends its people to the others")
        self._portrait.draining = True
        Deferred.fromCoroutine(self._doors.pause()).addErrback(_report)

    def _resume(self) -> None:
        if self._doors.resume():
            self._portrait.draining = False
            _log.info("this node takes connections")


def _nobody_asks() -> None:
    """Nobody is told until a membership takes the place of this."""


def _report(failure: Failure) -> None:
    _log.failure("this node was not drained", failure)
