"""What an operator may tell a node to do."""

import enum
from typing import Protocol, TypeAlias

import attrs


class LogLevel(enum.StrEnum):
    """From which level on a node writes its log."""

    WARN = "warn"
    INFO = "info"
    DEBUG = "debug"


@attrs.frozen
class Drain:
    """Take no more connections, and ask everybody to go to another node; stay up."""


@attrs.frozen
class Resume:
    """Take connections again. Nothing happens on a node that leaves."""


@attrs.frozen
class SetLogLevel:
    """Log from this level on, until told otherwise or started anew."""

    level: LogLevel


NodeOrder: TypeAlias = Drain | Resume | SetLogLevel


class NodeSwitches(Protocol):
    """What can be turned on this node."""

    def carry_out(self, order: NodeOrder) -> None:
        """Begin to do as told; what is so already stays so. Never raises, never waits."""


class OrderLine(Protocol):
    """Carries orders to other nodes. A hint as all that nodes say: the node's next heartbeat shows whether it was heard."""

    async def send(self, instance: str, order: NodeOrder) -> None:
        """Tell the run of a node that `instance` names.

        Raises:
            Unavailable: the bus is away. NotFound: nobody of that name listens: it has gone, or is of a version without orders.
        """
