"""Files that are for their owner alone."""

import contextlib
import os
from pathlib import Path


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, unless it is there.

    One that is there is not opened: closing it would drop all locks that this process has on it, SQLite's among them, and
    another process that ends would take itself for the last one and remove the write-ahead log.
    Source: https://www.sqlite.org/howtocorrupt.html, "POSIX advisory locks canceled by a separate thread doing close()".
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
