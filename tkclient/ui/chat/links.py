"""Opening what a link in a message leads to."""

import shutil
import subprocess
import webbrowser
from typing import Final
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset({"http", "https"})
_opened: list[subprocess.Popen[bytes]] = []


def may_be_opened(url: str) -> bool:
    """Only pages of the web: anything else could start a program."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc)


def open_link(url: str) -> None:
    """Show a page in the user's browser, without waiting for it; nothing if it is no page of the web."""
    if not may_be_opened(url):
        return
    opener = shutil.which("xdg-open")
    if opener is None:
        webbrowser.open(url)
        return
    # webbrowser would first ask other programs which browser is wanted, and wait for them.
    _opened[:] = [process for process in _opened if process.poll() is None]
    quiet = subprocess.DEVNULL
    _opened.append(
        subprocess.Popen([opener, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    )
