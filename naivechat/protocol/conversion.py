"""Packets as maps of plain values, and back with every check that the packet's class asks for."""

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import msgspec

from naivechat.protocol.errors import BadRequest, UnsupportedVersion
from naivechat.protocol.packet import Packet
from naivechat.protocol.shape import Nested, Shape
from naivechat.protocol.words import PROTOCOL_VERSION

_BUILTIN_TYPES: Final = (bytes,)
_Fault = tuple[str, str]
"""The key that is wrong, with the way to it, and what is wrong with it."""


def fields_of(value: Any, shape: Shape) -> dict[str, Any]:
    """Turn a packet or record into a map, without the fields that are None."""
    fields = dict(zip(shape.names, shape.read(value), strict=True))
    for name in shape.optional:
        if fields[name] is None:
            del fields[name]
    for nested in shape.nested:
        inner = fields[nested.name]
        if nested.is_list and nested.shape.is_plain:
            names, read = nested.shape.names, nested.shape.read
            fields[nested.name] = [dict(zip(names, read(each), strict=True)) for each in inner]
        elif nested.is_list:
            fields[nested.name] = [fields_of(each, nested.shape) for each in inner]
        else:
            fields[nested.name] = fields_of(inner, nested.shape)
    return fields


def packet_of(fields: dict[Any, Any], shape: Shape) -> Packet:
    """Turn a map into a packet of the shape's class; unknown keys are ignored.

    Raises:
        BadRequest: a key is missing, of the wrong type or out of range.
        UnsupportedVersion: the packet names a version, and it is not this one.
    """
    try:
        packet: Packet = msgspec.convert(fields, shape.cls, builtin_types=_BUILTIN_TYPES)
    except msgspec.ValidationError as error:
        _refuse(fields, shape, _explain(str(error)))
    fault = _find_fault(packet, fields, shape)
    if fault is not None:
        _refuse(fields, shape, fault)
    return packet


def rid_of(fields: Mapping[Any, Any]) -> int:
    """The request id in a map, whatever else is wrong with it; 0 if there is none."""
    rid = fields.get("rid")
    return rid if type(rid) is int and 0 <= rid < 2**32 else 0


def _refuse(fields: Mapping[Any, Any], shape: Shape, fault: _Fault) -> NoReturn:
    version = fields.get("protocol") if "protocol" in shape.names else None
    if type(version) is int and version != PROTOCOL_VERSION:
        reason = f"this is version {PROTOCOL_VERSION} of the protocol"
        raise UnsupportedVersion(reason, rid=rid_of(fields)) from None
    raise BadRequest(*fault, rid=rid_of(fields)) from None


def _find_fault(value: Any, fields: Mapping[str, Any], shape: Shape) -> _Fault | None:
    """Find what msgspec lets pass: a text of too many bytes, an optional key that is null."""
    for name, limit in shape.byte_limits:
        text = getattr(value, name)
        if text is not None and 4 * len(text) > limit and len(text.encode()) > limit:
            return name, f"expected at most {limit} bytes of UTF-8"
    for name in shape.optional:
        if name in fields and fields[name] is None:
            return name, "expected a value, got `null`"
    for nested in shape.nested:
        fault = _find_nested_fault(getattr(value, nested.name), fields[nested.name], nested)
        if fault is not None:
            return fault
    return None


def _find_nested_fault(value: Any, fields: Any, nested: Nested) -> _Fault | None:
    if not nested.is_list:
        return _prefixed(nested.name, _find_fault(value, fields, nested.shape))
    for index, (record, map_of_it) in enumerate(zip(value, fields, strict=True)):
        fault = _find_fault(record, map_of_it, nested.shape)
        if fault is not None:
            return _prefixed(f"{nested.name}[{index}]", fault)
    return None


def _prefixed(way: str, fault: _Fault | None) -> _Fault | None:
    return fault and (f"{way}.{fault[0]}", fault[1])


_PATH = re.compile(r" - at `(?:key` in `)?\$\.?(?P<path>[^`]*)`\Z")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")


def _explain(error: str) -> _Fault:
    """Read msgspec's sentence, such as "Expected `int`, got `str` - at `$.talks[3].unread`"."""
    found = _PATH.search(error)
    path = found["path"] if found else ""
    reason = error[: found.start()] if found else error
    missing = _MISSING.match(reason)
    if missing:
        return f"{path}.{missing['key']}".lstrip("."), "missing"
    if reason.startswith("Invalid enum value"):
        return path, "not one of the known values"
    return path, reason.replace(" | null", "").replace("Expected", "expected")
