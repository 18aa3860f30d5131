"""The words of the interface, in the user's language."""

import gettext
import io
from pathlib import Path
from typing import Final

from babel.core import default_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).parents[2] / "assets" / "locale"
"""Where the catalogues are: one file a language, in gettext's format."""
SOURCE_LANGUAGE: Final = "en"
"""What msgids are written in; it needs no catalogue."""


class Words:
    """Translates msgids, which are English sentences with placeholders in braces.

    Args:
        language: as "zh_CN" or "en"; "" is the system's. One without a catalogue is spoken in English.
    """

    def __init__(self, language: str = "") -> None:
        self.language = choose_language(language)
        self._translations = _translations(self.language)

    def __call__(self, msgid: str, /, **values: object) -> str:
        """A sentence, with `values` in the places of their names."""
        text = self._translations.gettext(msgid)
        return text.format_map(values) if values else text

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """A sentence about `n` things, which stands in the place of `{count}`."""
        return self._translations.ngettext(singular, plural, n).format_map({"count": n, **values})


def choose_language(wanted: str = "") -> str:
    """The language we have for `wanted`, or for the system's if that is "": by name, else by its language alone, else English."""
    name = (wanted or default_locale("LC_MESSAGES") or SOURCE_LANGUAGE).replace("-", "_").partition(".")[0]
    available = [SOURCE_LANGUAGE, *sorted(path.stem for path in FOLDER.glob("*.po"))]
    if name in available:
        return name
    language = name.partition("_")[0]
    return next((each for each in available if each.partition("_")[0] == language), SOURCE_LANGUAGE)


def _translations(language: str) -> gettext.NullTranslations:
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
