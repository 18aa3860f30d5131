"""Histories in files: a line of JSON an event, compressed by gzip. Records that many events share are told once, by number."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import attrs

from tests.history import event as events
from tests.history.event import Event, Record

_CLASSES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        events.Send,
        events.Ok,
        events.Fail,
        events.Info,
        events.Wire,
        events.Recv,
        events.HeadRead,
        events.MemberOn,
        events.MemberOff,
        events.Drain,
        events.Stored,
        events.Fault,
    )
}
_RECORD = "Record"


def write(path: Path, history: Iterable[Event]) -> None:
    """Write a history; the folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        writer = _Writer(file)
        for event in history:
            writer.write(event)


def read(path: Path) -> Iterator[Event]:
    """The events of a file that `write` made, in order.

    Raises:
        OSError: the file cannot be read. ValueError, KeyError: it holds no history.
    """
    records: list[Record] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            kind, fields = json.loads(line)
            if kind == _RECORD:
                records.append(Record(**_decoded(fields)))
            else:
                yield _CLASSES[kind](**_decoded(fields, records))


class _Writer:
    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._numbers: dict[Record, int] = {}

    def write(self, event: Event) -> None:
        record = getattr(event, "record", None)
        if record is not None and record not in self._numbers:
            self._numbers[record] = len(self._numbers)
            self._line(_RECORD, record)
        self._line(type(event).__name__, event)

    def _line(self, kind: str, value: Any) -> None:
        fields = {
            field.name: self._encoded(getattr(value, field.name)) for field in attrs.fields(type(value))
        }
        self._file.write(json.dumps([kind, fields], ensure_ascii=False, separators=(",", ":")) + "\n")

    def _encoded(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return value.hex()
        return self._numbers[value] if isinstance(value, Record) else value


def _decoded(fields: dict[str, Any], records: list[Record] | None = None) -> dict[str, Any]:
    if "msg_uuid" in fields:
        fields["msg_uuid"] = bytes.fromhex(fields["msg_uuid"])
    if "record" in fields and records is not None:
        fields["record"] = records[fields["record"]]
    if "missing" in fields:
        fields["missing"] = tuple(fields["missing"])
    return fields
