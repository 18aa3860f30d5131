"""The file of a backup: lines of JSON, compressed with gzip.

    {"format": "naivechat backup", "version": 1, "made_at_ms": …, "migrations": ["0001_people", …]}
    {"table": "user", "columns": ["user_id", "nickname", …]}
    ["ann", "Ann", …]                                  one row a line; bytes are {"base64": "…"}
    …                                                  the next table
    {"rows": {"user": 12, …}, "sha256": "…"}           of all lines before this one

It is the same whichever database it came from. A file without its last line was broken off.
"""

import base64
import contextlib
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import attrs

FORMAT = "naivechat backup"
VERSION = 1
COMPRESSION_LEVEL = 3
"""A few per cent larger than at level 6, in half the time."""

Row: TypeAlias = list[Any]


class BackupError(Exception):
    """A backup that cannot be made, read or restored; the text says why."""


@attrs.frozen(kw_only=True)
class Head:
    """What a backup says of itself. migrations: the names of those that its tables have, in order."""

    made_at_ms: int
    migrations: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Portion:
    """Rows of one table, in the order of `columns`."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


@attrs.frozen(kw_only=True)
class Contents:
    """What a whole backup holds. rows: how many, by table."""

    head: Head
    rows: Mapping[str, int]


class BackupWriter:
    """Writes a backup beside where it is to be: there it is, whole, once `finish` has returned."""

    def __init__(self, path: Path, head: Head) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._raw = os.fdopen(os.open(self._unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self._file = gzip.GzipFile("", "wb", COMPRESSION_LEVEL, self._raw)
        self._digest = hashlib.sha256()
        self._counts: dict[str, int] = {}
        self._put({"format": FORMAT, "version": VERSION, **attrs.asdict(head)})

    def write_table(self, table: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        """Add a table with its rows."""
        self._put({"table": table, "columns": list(columns)})
        count = 0
        for row in rows:
            self._put(list(row))
            count += 1
        self._counts[table] = count

    def finish(self) -> Mapping[str, int]:
        """Put the file in its place, on the disk: how many rows of each table it has."""
        self._put({"rows": self._counts, "sha256": self._digest.hexdigest()})
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        self._unfinished.rename(self._path)
        _sync_folder(self._path.parent)
        return self._counts

    def give_up(self) -> None:
        """Leave nothing behind."""
        self._unfinished.unlink(missing_ok=True)
        # What is left in the buffers finds no place on a full disk either.
        for stream in (self._file, self._raw):
            with contextlib.suppress(OSError):
                stream.close()

    def _put(self, value: object) -> None:
        line = (
            json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_as_object).encode() + b"\n"
        )
        self._digest.update(line)
        self._file.write(line)


def check_backup(path: Path) -> Contents:
    """Read a whole backup: what is in it.

    Raises:
        BackupError: it is none, it is damaged, or it was broken off.
    """
    lines = _Lines(path)
    head = lines.read_head()
    for _ in lines.read_portions(1):
        pass
    return Contents(head=head, rows=lines.counts)


def read_portions(path: Path, size: int) -> Iterator[Portion]:
    """All rows of a backup that `check_backup` has found to be whole, at most `size` at a time."""
    lines = _Lines(path)
    lines.read_head()
    yield from lines.read_portions(size)


class _Lines:
    def __init__(self, path: Path) -> None:
        self.counts: dict[str, int] = {}
        self._path = path
        self._digest = hashlib.sha256()
        self._lines = self._read()

    def read_head(self) -> Head:
        value = self._next()
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise BackupError(f"{self._path} is no backup of naivechat")
        if value["version"] != VERSION:
            raise BackupError(
                f"{self._path} has form {value['version']}, which another version of naivechat reads"
            )
        return Head(made_at_ms=value["made_at_ms"], migrations=tuple(value["migrations"]))

    def read_portions(self, size: int) -> Iterator[Portion]:
        portion = Portion(table="", columns=(), rows=[])
        while True:
            digest = self._digest.hexdigest()
            value = self._next()
            if isinstance(value, list):
                portion.rows.append(value)
                self.counts[portion.table] += 1
            if portion.rows and (isinstance(value, dict) or len(portion.rows) >= size):
                yield portion
                portion = attrs.evolve(portion, rows=[])
            if isinstance(value, dict) and "sha256" in value:
                return self._require_end(value, digest)
            if isinstance(value, dict):
                portion = Portion(table=value["table"], columns=tuple(value["columns"]), rows=[])
                self.counts[portion.table] = 0

    def _require_end(self, value: Mapping[str, Any], digest: str) -> None:
        if value["sha256"] != digest or value["rows"] != self.counts:
            raise BackupError(f"{self._path} is damaged: its checksum is another one")

    def _next(self) -> Any:
        line = next(self._lines, None)
        if line is None:
            raise BackupError(f"{self._path} was broken off: its end is missing")
        self._digest.update(line)
        try:
            return json.loads(line, object_hook=_as_bytes)
        except ValueError:
            raise BackupError(f"{self._path} is no backup of naivechat, or damaged") from None

    def _read(self) -> Iterator[bytes]:
        try:
            with gzip.open(self._path, "rb") as file:
                yield from file
        except EOFError:
            return
        except (gzip.BadGzipFile, zlib.error):
            raise BackupError(f"{self._path} is no backup of naivechat, or damaged") from None
        except OSError as error:
            raise BackupError(f"{self._path}: {error.strerror}") from None


def _as_object(value: object) -> object:
    if isinstance(value, bytes | bytearray):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _as_bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
