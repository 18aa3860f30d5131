"""Debian packages unpacked into a folder: their programs can be run from there, and nothing of the system is touched.

Nothing is installed: no service starts, no user is made, no configuration is written outside the folder.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.site import Missing
from tests.servers import REPOSITORY

KEPT_IN = REPOSITORY / "var" / "peers"


def unpacked(packages: Sequence[str]) -> Path:
    """The folder that holds these packages, and of what they need that which is not installed; downloaded once.

    Raises:
        Missing: this is no Debian, or its archive cannot be reached.
    """
    folder = KEPT_IN / "-".join(packages)
    if folder.is_dir():
        return folder
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Missing("packages come from Debian's archive, by apt-get and dpkg-deb")
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT_IN) as name:
        downloads, root = Path(name) / "downloads", Path(name) / "root"
        downloads.mkdir()
        _run(["apt-get", "download", "-q", *_with_needs(packages)], downloads)
        for package in sorted(downloads.glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(root)], downloads)
        root.rename(folder)
    return folder


def library_path(folder: Path) -> str:
    """Where shared libraries of unpacked packages are."""
    return os.pathsep.join(map(str, sorted((folder / "usr" / "lib").glob("*-linux-gnu*"))))


def _with_needs(packages: Sequence[str]) -> list[str]:
    """What an installation would bring: it is only played through."""
    said = _run(["apt-get", "-s", "-qq", "install", "--no-install-recommends", *packages], KEPT_IN)
    return [line.split()[1] for line in said.splitlines() if line.startswith("Inst ")]


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{command[0]} failed ({command[-1]}): {done.stderr.strip()[-300:]}")
    return done.stdout
