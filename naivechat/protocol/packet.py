"""What all packets share: their command, and the registry that finds a packet's class by it."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from naivechat.protocol.command import Command


class Packet:
    """One payload: an immutable value whose fields are the keys of the CBOR map.

    A field that is None is an optional key left out.
    Lists are tuples.
    """

    __slots__ = ()

    command: ClassVar[Command]


PACKETS: dict[Command, type[Packet]] = {}
"""The class of every command; whole once `naivechat.protocol.codec` is imported."""

_P = TypeVar("_P", bound=Packet)


def packet(command: Command) -> Callable[[type[_P]], type[_P]]:
    """Class decorator: this attrs class is the payload of ``command``."""

    def register(cls: type[_P]) -> type[_P]:
        cls.command = command
        PACKETS[command] = cls
        return cls

    return register
