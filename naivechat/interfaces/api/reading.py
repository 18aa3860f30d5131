"""A request taken apart: what it says is text until it has the shape that an operation wants, and nothing more.

JSON is taken strictly: UTF-8, no name twice in an object, none that is not known, no NaN, types as they are written. Of queries
and headers texts are all there is: there `7` is an integer and `true` a boolean, and nothing else is.
"""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote

import attrs
import msgspec
from twisted.web.iweb import IRequest

from naivechat.interfaces.api.operation import CsvText
from naivechat.interfaces.api.problem import Refused
from naivechat.interfaces.api.shapes import Part

LONGEST_JSON: Final = 64 * 1024
"""Bytes of a body that is JSON."""
MOST_FIELDS: Final = 32
JSON: Final = "application/json"
CSV: Final = "text/csv"
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_BOOLEANS: Final = {"true": True, "false": False}
_WHERE: Final = re.compile(r" - at `\$\.?(.*)`$")
_UNKNOWN: Final = re.compile(r"unknown field `(.*)`$", re.DOTALL)

P = TypeVar("P", bound=Part)


@attrs.frozen(kw_only=True)
class Asked:
    """A request as it came in, nothing of it believed yet. Header names are in small letters, of each the values in their order."""

    method: str
    path: str
    query: str
    headers: Mapping[str, Sequence[str]]
    body: bytes
    peer: str

    def header(self, name: str) -> str:
        """The last one of a name, "" where there is none."""
        return (self.headers.get(name) or ("",))[-1]


def read_asked(request: IRequest) -> Asked:
    """What a request says."""
    path, _, query = request.uri.partition(b"?")
    return Asked(
        method=request.method.decode("ascii", "replace"),
        path=path.decode("ascii", "replace"),
        query=query.decode("ascii", "replace"),
        headers={
            name.decode("latin-1").lower(): [value.decode("latin-1") for value in values]
            for name, values in request.requestHeaders.getAllRawHeaders()
        },
        body=request.content.read(),
        peer=str(getattr(request.getClientAddress(), "host", "")),
    )


def read_place(names: Sequence[str], segments: Sequence[str], kind: type[P]) -> P:
    """The variable segments of a path. What cannot be there is not there: 404."""
    try:
        texts = {
            name: unquote(segment, errors="strict") for name, segment in zip(names, segments, strict=True)
        }
        return _converted(texts, kind)
    except (UnicodeDecodeError, Refused):
        raise Refused(404, "NOT_FOUND", "There is no such thing.") from None


def read_query(text: str, kind: type[P]) -> P:
    """A query, each name at most once."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(400, "BAD_REQUEST", "The query is no text, or has too many parts.") from None
    texts = dict(pairs)
    if len(texts) < len(pairs):
        raise Refused(422, "BAD_REQUEST", "A name stands twice in the query.")
    return _converted(texts, kind)


def read_headers(asked: Asked, kind: type[P]) -> P:
    """The headers that an operation looks at."""
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    given = {name: asked.header(name.lower()) for name in names if name.lower() in asked.headers}
    return _converted(given, kind)


def read_body(asked: Asked, kind: Any) -> Any:
    """The body: a Part of JSON, or a CSV file."""
    _require_type(asked.header("content-type"), CSV if kind is CsvText else JSON)
    if kind is CsvText:
        return _csv_of(asked.body)
    if len(asked.body) > LONGEST_JSON:
        raise Refused(413, "TOO_LARGE", f"A body has at most {LONGEST_JSON:,} bytes.")
    try:
        return msgspec.convert(_json_of(asked.body), type=kind)
    except msgspec.ValidationError as error:
        raise _misshapen(error) from None


def _json_of(body: bytes) -> Any:
    """Read twice: msgspec knows what is JSON and what is text, the other reader tells of names that stand twice."""
    try:
        msgspec.json.decode(body)
        return json.loads(body, object_pairs_hook=_object_of, parse_float=_number_of)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Refused(400, "BAD_REQUEST", "The body is no JSON in UTF-8, or too deep.") from None


def _number_of(text: str) -> float | int:
    """3.0 is an integer: JSON knows one kind of number. Source: JSON Schema 2020-12, 6.1.1."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _csv_of(body: bytes) -> CsvText:
    try:
        return CsvText(body.decode())
    except UnicodeDecodeError:
        raise Refused(400, "BAD_REQUEST", "The body is no text in UTF-8.") from None


def _require_type(given: str, wanted: str) -> None:
    kind, _, rest = given.partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != wanted or charset not in ("", "utf-8"):
        raise Refused(415, "UNSUPPORTED_TYPE", f"The body has to be {wanted} in UTF-8.")


def _object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise Refused(422, "BAD_REQUEST", "A name stands twice in an object.")
    return values


def _converted(texts: Mapping[str, str], kind: type[P]) -> P:
    numbers = _numbers_and_booleans(kind)
    values = {name: _value_of(text, numbers.get(name)) for name, text in texts.items()}
    try:
        return msgspec.convert(values, type=kind)
    except msgspec.ValidationError as error:
        raise _misshapen(error) from None


def _value_of(text: str, kind: type | None) -> Any:
    if kind is bool:
        return _BOOLEANS.get(text, text)
    if kind is int and _INTEGER.fullmatch(text):
        return int(text)
    return text


@functools.cache
def _numbers_and_booleans(kind: type[Part]) -> Mapping[str, type]:
    """The fields of a Part that are no texts."""
    shape: Any = msgspec.inspect.type_info(kind)
    found: dict[str, type] = {}
    for field in shape.fields:
        for member in getattr(field.type, "types", (field.type,)):
            # A description wraps a type.
            plain = getattr(member, "type", member)
            if isinstance(plain, msgspec.inspect.IntType | msgspec.inspect.BoolType):
                found[field.encode_name] = int if isinstance(plain, msgspec.inspect.IntType) else bool
    return found


def _misshapen(error: msgspec.ValidationError) -> Refused:
    sentence = str(error)
    where = _WHERE.search(sentence)
    unknown = _UNKNOWN.search(sentence)
    field = where[1] if where else unknown[1] if unknown else ""
    return Refused(422, "BAD_REQUEST", sentence, field=field)
