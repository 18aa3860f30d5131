"""One full payload of every packet: all keys, optional ones too, and one entry in every list."""

import typing
from types import NoneType, UnionType
from typing import Any

import attrs
import cbor2

from naivechat.protocol import codec  # noqa: F401 (it fills PACKETS)
from naivechat.protocol.command import Command
from naivechat.protocol.packet import PACKETS
from naivechat.protocol.shape import shape_of

Path = tuple[str | int, ...]

EXACT: dict[str, Any] = {"msg_uuid": b"u" * 16, "protocol": 1}


def full_map(cls: type[Any]) -> dict[str, Any]:
    """A valid map of a packet or record."""
    hints = typing.get_type_hints(cls)
    return {field.name: EXACT.get(field.name, _sample(hints[field.name])) for field in attrs.fields(cls)}


def _sample(hint: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (UnionType, typing.Union):
        return _sample(next(arg for arg in args if arg is not NoneType))
    if origin is tuple:
        return [_sample(args[0])]
    if origin is typing.Literal:
        return args[0]
    return full_map(hint) if attrs.has(hint) else {int: 1, str: "alice", bytes: b"t" * 16, bool: True}[hint]


FULL: dict[int, dict[str, Any]] = {command: full_map(cls) for command, cls in PACKETS.items()}


def paths(value: Any, path: Path = ()) -> list[Path]:
    """The ways to all values below a map or list, in order."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, inner in pairs for way in ((*path, key), *paths(inner, (*path, key)))]


def name_of(path: Path) -> str:
    """A way as the codec says it: ``talks[0].unread``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def is_optional(command: int, path: Path) -> bool:
    """Whether the key at the end of the way may be missing."""
    shape = shape_of(PACKETS[Command(command)])
    for key in path[:-1]:
        shape = next((nested.shape for nested in shape.nested if nested.name == key), shape)
    return path[-1] in shape.optional


def replaced(value: Any, path: Path, replacement: Any) -> Any:
    """A copy with another value at the end of the way."""
    copy = cbor2.loads(cbor2.dumps(value))
    parent = _parent(copy, path)
    parent[path[-1]] = replacement
    return copy


def without(value: Any, path: Path) -> Any:
    """A copy without the key or entry at the end of the way."""
    copy = cbor2.loads(cbor2.dumps(value))
    del _parent(copy, path)[path[-1]]
    return copy


def _parent(value: Any, path: Path) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value
