"""A disk that is soon full, for tests."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import SkipTest


class SmallDisk:
    """A file system of some megabytes in memory, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with open(self._ballast, "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                _write_all(file.fileno(), bytes(size))

    @property
    def is_full(self) -> bool:
        """Whether there is no byte left."""
        return os.statvfs(self.path).f_bavail == 0

    def make_room(self) -> None:
        """Take back what `fill` has filled."""
        self._ballast.unlink()


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Mount one, and unmount it.

    Raises:
        SkipTest: this process may not mount, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    with TemporaryDirectory(prefix="naivechat-disk-") as folder:
        options = f"size={megabytes}m,mode=700"
        mount = ["mount", "-t", "tmpfs", "-o", options, "naivechat-test", folder]
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
        if mounted.returncode:
            if os.environ.get("NAIVECHAT_REQUIRE_SERVERS") == "1":
                raise AssertionError(f"no small disk: {mounted.stderr}")
            raise SkipTest(f"a small disk needs the right to mount: {mounted.stderr.strip()}")
        try:
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _write_all(descriptor: int, piece: bytes) -> None:
    try:
        while os.write(descriptor, piece):
            pass
    except OSError:
        return
