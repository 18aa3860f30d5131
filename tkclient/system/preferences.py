"""What the user has chosen, in a JSON file."""

import enum
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs
from twisted.logger import Logger

from tkclient.model.last_login import LastLogin
from tkclient.model.preferences import LANGUAGES, TEXT_SIZES, Preferences

_log = Logger()
_T = TypeVar("_T", Preferences, LastLogin)
_ALLOWED: Final[dict[str, tuple[Any, ...]]] = {"language": LANGUAGES, "text_size": TEXT_SIZES}


class FileChoices:
    """Keeps choices in a file. Whatever in it cannot be read, or is no choice, counts as not chosen.

    A file that cannot be written is logged: the choice then holds until the program ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        told = _read(path)
        self._preferences = _value_of(Preferences, told.get("preferences"))
        self._last_login = _value_of(LastLogin, told.get("last_login"))

    @property
    def preferences(self) -> Preferences:
        """The choices."""
        return self._preferences

    @property
    def last_login(self) -> LastLogin:
        """Who was there last."""
        return self._last_login

    def keep_preferences(self, preferences: Preferences) -> None:
        """Keep these choices."""
        self._preferences = preferences
        self._write()

    def keep_last_login(self, login: LastLogin) -> None:
        """Keep who is there."""
        self._last_login = login
        self._write()

    def _write(self) -> None:
        told = {"preferences": _plain(self._preferences), "last_login": _plain(self._last_login)}
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self._path, text)
        except OSError as error:
            _log.warn("The choices were not kept: {reason}", reason=error.strerror)


def _replace(path: Path, text: str) -> None:
    """Write a whole file or none: a program that dies meanwhile leaves the old one."""
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        _log.warn("The file of choices cannot be read: {name}", name=path.name)
        return {}
    return told if isinstance(told, dict) else {}


def _value_of(cls: type[_T], told: Any) -> _T:
    if not isinstance(told, dict):
        return cls()
    chosen = {field.name: _choice_of(field, told.get(field.name)) for field in attrs.fields(cls)}
    return cls(**{name: value for name, value in chosen.items() if value is not None})


def _choice_of(field: "attrs.Attribute[Any]", told: Any) -> Any:
    """What was chosen, if it is one of the choices, else None."""
    kind = type(field.default)
    if issubclass(kind, enum.Enum):
        return next((choice for choice in kind if choice.value == told), None)
    if type(told) is not kind or told not in _ALLOWED.get(field.name, (told,)):
        return None
    return told


def _plain(value: Preferences | LastLogin) -> dict[str, Any]:
    return attrs.asdict(value, value_serializer=lambda _, __, each: getattr(each, "value", each))
