"""Styles and scripts: read once at the start, so that no request's path ever reaches the disk."""

import functools
import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

FOLDER: Final = Path(__file__).parent / "static"
KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}


@attrs.frozen(kw_only=True)
class StaticFile:
    """A file in memory, plain and compressed. `version` changes with its content."""

    content: bytes = attrs.field(repr=False)
    compressed: bytes = attrs.field(repr=False)
    kind: str
    version: str

    def begin(self, request: Any) -> None:
        """Write it as the browser takes it."""
        accepted = request.requestHeaders.getRawHeaders("accept-encoding") or []
        packed = any("gzip" in each for each in accepted)
        body = self.compressed if packed else self.content
        if packed:
            request.setHeader("Content-Encoding", "gzip")
        request.setHeader("Content-Length", str(len(body)))
        request.write(body)
        request.finish()


@functools.cache
def static_files() -> Mapping[str, StaticFile]:
    """All files by name."""
    return {path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(
        content=content,
        compressed=gzip.compress(content, mtime=0),
        kind=KINDS[path.suffix],
        version=hashlib.sha256(content).hexdigest()[:12],
    )
