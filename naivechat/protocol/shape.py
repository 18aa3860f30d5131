"""The shape of a packet or record, read once from its class.

msgspec checks and builds packets; here is what it cannot say of them:
which keys are optional, how many bytes a text may have, and where the nested records are.
"""

import typing
from collections.abc import Callable
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any

import attrs

from naivechat.protocol.words import MaxBytes


@attrs.frozen(kw_only=True)
class Nested:
    """A field that holds a record, or a tuple of records."""

    name: str
    shape: "Shape"
    is_list: bool


@attrs.frozen(kw_only=True)
class Shape:
    """What the codec needs to know of a class.

    Attributes:
        cls: the class.
        names: its fields, in their order.
        read: gives the values of all fields, in that order.
        optional: the fields that may be None, which is how a missing key reads.
        byte_limits: the fields whose UTF-8 is bounded, each with its most bytes.
        nested: the fields that hold records.
    """

    cls: type
    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    optional: tuple[str, ...]
    byte_limits: tuple[tuple[str, int], ...]
    nested: tuple[Nested, ...]

    @property
    def is_plain(self) -> bool:
        """Whether its fields go into a map as they are: a list of thousands of such records is most of a large answer."""
        return not self.optional and not self.nested


def shape_of(cls: type) -> Shape:
    """Read the shape of an attrs class."""
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = {field.name: hints[field.name] for field in attrs.fields(cls)}
    required = {name: _without_none(hint) for name, hint in fields.items()}
    return Shape(
        cls=cls,
        names=tuple(fields),
        read=_reader(tuple(fields)),
        optional=tuple(name for name, hint in fields.items() if required[name] is not hint),
        byte_limits=tuple(limit for name, hint in required.items() for limit in _byte_limits(name, hint)),
        nested=tuple(nested for name, hint in required.items() for nested in _nested(name, hint)),
    )


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) not in (UnionType, typing.Union):
        return hint
    (rest,) = (each for each in typing.get_args(hint) if each is not NoneType)
    return rest


def _byte_limits(name: str, hint: Any) -> list[tuple[str, int]]:
    words = getattr(hint, "__metadata__", ())
    return [(name, word.limit) for word in words if isinstance(word, MaxBytes)]


def _nested(name: str, hint: Any) -> list[Nested]:
    is_list = typing.get_origin(hint) is tuple
    cls = typing.get_args(hint)[0] if is_list else hint
    if not attrs.has(cls):
        return []
    return [Nested(name=name, shape=shape_of(cls), is_list=is_list)]
