"""Where the desktop client keeps its files."""

import hashlib
import re
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

_PROGRAM: Final = "naivechat"
_LONGEST: Final = 60
_HARMFUL: Final = re.compile(r"[^A-Za-z0-9._-]+")


class UserFolders:
    """The user's own folder, or the one that was given. All of it is readable by its owner alone."""

    def __init__(self, data_dir: Path | None = None) -> None:
        self._root = data_dir or user_data_path(_PROGRAM, appauthor=False, roaming=False)

    @property
    def choices_path(self) -> Path:
        """The file of `FileChoices`."""
        return self._root / "settings.json"

    def store_path(self, server: str, user_id: str) -> Path:
        """The file for what is kept of one account on one system; its folder is made."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._root / "accounts" / folder_name(server, user_id)
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, exist_ok=True)
        return folder / "history.db"


def folder_name(server: str, user_id: str) -> str:
    """A name for an account's folder: readable, harmless on every system, and no other account's.

    A hash tells apart what only differs in case, or in what is left out.
    """
    readable = _HARMFUL.sub("_", f"{user_id}@{server}")[:_LONGEST].lstrip("-") or "_"
    digest = hashlib.sha256(f"{user_id}\n{server}".encode()).hexdigest()[:12]
    return f"{readable}-{digest}"
