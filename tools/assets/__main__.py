"""Fetches two packages from npm and writes `tkclient/assets/`: all of it, or what is named ("icons", "emoji")."""

import argparse
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

from tools.assets.emoji import write_emoji
from tools.assets.icons import write_icons

ASSETS: Final = Path(__file__).parents[2] / "tkclient" / "assets"


@attrs.frozen(kw_only=True)
class Source:
    """A package of npm, in the version from which ours are made.

    write: makes the files from its folder. licence: what its text is called beside them.
    """

    package: str
    licence: str
    write: Callable[[Path, Path], None]


SOURCES: Final[Mapping[str, Source]] = {
    "icons": Source(
        package="bootstrap-icons@1.13.2", licence="LICENSE.bootstrap-icons.txt", write=write_icons
    ),
    "emoji": Source(
        package="emoji-datasource-google@16.0.0", licence="LICENSE.emoji-data.txt", write=write_emoji
    ),
}


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.assets", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="icons|emoji", help="what to make; everything by default")
    names = parser.parse_args().names or list(SOURCES)
    if unknown := set(names) - set(SOURCES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    for name in names:
        _make(SOURCES[name])


def _make(source: Source) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = _fetched(source.package, Path(folder))
        source.write(package, ASSETS)
        text = (package / "LICENSE").read_text(encoding="utf-8")
        (ASSETS / source.licence).write_text(text, encoding="utf-8")


def _fetched(package: str, folder: Path) -> Path:
    """Where a package's files are now, below `folder`."""
    command = ["npm", "pack", "--silent", package]
    archive = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    with tarfile.open(folder / archive) as files:
        files.extractall(folder, filter="data")
    return folder / "package"


if __name__ == "__main__":
    main()
