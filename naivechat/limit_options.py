"""Limits as an operator writes them: `messages=10/s`, `logins=5/15min`, `connections=200`, `searches=off`."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from naivechat.domain.limits import Limits
from naivechat.domain.rates import Rate

MOST_COUNT = 1_000_000_000
LEAST_BYTES_A_S = 8_192
"""Slower, and a frame of the greatest length would not come within the 15 s that it has."""
LEAST_PAGES_A_S = 10
"""Slower, and a list that counts as ten pages would not come before clients give up waiting, with several devices."""

_UNITS_S: Mapping[str, float] = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
_RATE = re.compile(r"(?P<count>[0-9]{1,10})/(?P<length>[1-9][0-9]{0,3})?(?P<unit>s|min|h|d)")
_RATES = frozenset(
    {
        "messages",
        "bytes",
        "searches",
        "pages",
        "logins",
        "address_logins",
        "registrations",
        "new_connections",
    }
)
_MAY_BE_OFF = _RATES | {"connections", "waiting_connections"}


def read_limits(value: Any) -> Limits:
    """The limits, where some are given: as a table of names and values, or as a list or a text of `name=value`.

    Raises:
        ValueError: an unknown name, or a value that it cannot have; the text says which.
    """
    given = {name.strip().replace("-", "_"): text for name, text in _pairs(value)}
    for name in given:
        if name not in attrs.fields_dict(Limits):
            raise ValueError(f"{_shown(name)} is none of {', '.join(map(_shown, attrs.fields_dict(Limits)))}")
    limits = Limits(**{name: _read(name, text) for name, text in given.items()})
    if limits.bytes is not None and limits.bytes.count / limits.bytes.period_s < LEAST_BYTES_A_S:
        raise ValueError(f"bytes: at least {LEAST_BYTES_A_S}/s are wanted, or off")
    if limits.pages is not None and limits.pages.count / limits.pages.period_s < LEAST_PAGES_A_S:
        raise ValueError(f"pages: at least {LEAST_PAGES_A_S}/s are wanted, or off")
    return limits


def _pairs(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(name), text) for name, text in value.items()]
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list | tuple):
        raise ValueError("a table, or a list of name=value, is wanted")
    return [_pair(part) for part in value]


def _pair(part: Any) -> tuple[str, str]:
    name, equals, text = part.partition("=") if isinstance(part, str) else ("", "", "")
    if not equals:
        raise ValueError(f"name=value is wanted, not {part!r}")
    return name, text


def _read(name: str, value: Any) -> Any:
    if name in _MAY_BE_OFF and (value is False or str(value).strip().lower() == "off"):
        return None
    read: Callable[[str], Rate | int | None] = _rate if name in _RATES else _count
    found = read(str(value).strip().replace("_", "")) if type(value) in (str, int) else None
    if found is not None:
        return found
    wanted = "a rate like 10/s, 5/15min or 30/h," if name in _RATES else "a number from 1 on"
    off = " or off" if name in _MAY_BE_OFF else ""
    raise ValueError(f"{_shown(name)}: {wanted}{off} is wanted, not {value!r}")


def _rate(text: str) -> Rate | None:
    found = _RATE.fullmatch(text)
    count = _count(found["count"]) if found is not None else None
    if found is None or count is None:
        return None
    return Rate(count, int(found["length"] or 1) * _UNITS_S[found["unit"]])


def _count(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_COUNT:
        return None
    return int(text)


def _shown(name: str) -> str:
    return name.replace("_", "-")
