"""hypothesis strategies: packets and records built from the types of their fields."""

import typing
from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Any

import attrs
from hypothesis import strategies as st
from msgspec import Meta

from naivechat.protocol import codec  # noqa: F401 (it fills PACKETS)
from naivechat.protocol.command import REQUESTS
from naivechat.protocol.packet import PACKETS, Packet
from naivechat.protocol.words import MaxBytes

MAX_LIST = 4
MAX_TEXT = 80
MAX_INT = 2**63 - 1
ID_CHARACTERS = "ABYZabyz0189_.-"


def packets(classes: Iterable[type[Packet]] | None = None) -> st.SearchStrategy[Packet]:
    """Valid packets of the classes, of all if none are given."""
    return st.one_of([instances(cls) for cls in classes or PACKETS.values()])


def requests() -> st.SearchStrategy[Packet]:
    """Valid packets that a client may send."""
    return packets([PACKETS[command] for command in sorted(REQUESTS)])


def instances(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Valid values of an attrs class of the protocol."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return st.builds(cls, **{field.name: values(hints[field.name]) for field in attrs.fields(cls)})


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Valid values of a field's type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hasattr(hint, "__metadata__"):
        return _bounded(args[0], hint.__metadata__)
    if origin in (UnionType, typing.Union):
        return st.one_of([values(arg) for arg in args])
    if origin is tuple:
        return _tuples(args[0])
    if origin is typing.Literal:
        return st.sampled_from(args)
    if attrs.has(hint):
        return instances(hint)
    return PLAIN[hint]


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    str: st.text(max_size=MAX_TEXT),
    bytes: st.binary(max_size=MAX_TEXT),
}

cbor_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), MAX_INT)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.sampled_from(["alice\n", "\x00", "x" * 129, "字" * 43, b"u" * 16, 2**32, 2**53, 1.0]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Any value that a payload's key may have, with those among them that are nearly right."""


def _bounded(hint: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    (meta,) = (word for word in metadata if isinstance(word, Meta))
    if typing.get_origin(hint) is tuple:
        return _tuples(typing.get_args(hint)[0], meta.min_length or 0)
    if hint is int:
        return st.integers(meta.ge, MAX_INT if meta.le is None else meta.le)
    if hint is bytes:
        return st.binary(min_size=meta.min_length or 0, max_size=meta.max_length)
    limits = [word.limit for word in metadata if isinstance(word, MaxBytes)]
    return _texts(meta).filter(lambda text: all(len(text.encode()) <= limit for limit in limits))


def _texts(meta: Meta) -> st.SearchStrategy[str]:
    if meta.pattern and meta.max_length is None:
        return st.text(ID_CHARACTERS, min_size=1, max_size=32).filter(lambda text: text[0].isalnum())
    excluded = ("Cs", "Cc") if meta.pattern else ("Cs",)
    alphabet = st.characters(exclude_categories=excluded)
    return st.text(alphabet, min_size=meta.min_length or 0, max_size=min(meta.max_length or 0, MAX_TEXT))


def _tuples(hint: Any, min_size: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values(hint), min_size=min_size, max_size=MAX_LIST).map(tuple)
