"""The words of the console, in the operator's language."""

import functools
import gettext
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
from babel.core import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

FOLDER: Final = Path(__file__).parent / "locale"
"""Where the catalogues are: one file a language, in gettext's format."""
SOURCE_LANGUAGE: Final = "en"
"""What msgids are written in; it needs no catalogue."""
LANGUAGES: Final = (SOURCE_LANGUAGE, *sorted(path.stem for path in FOLDER.glob("*.po")))


@attrs.frozen
class Words:
    """Translates msgids, which are English sentences with placeholders in braces, into one of `LANGUAGES`."""

    language: str = SOURCE_LANGUAGE

    def __call__(self, msgid: str, /, **values: object) -> str:
        """A sentence, with `values` in the places of their names."""
        text = _translations(self.language).gettext(msgid)
        return text.format_map(values) if values else text

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """A sentence about `n` things, which stands in the place of `{count}`."""
        text = _translations(self.language).ngettext(singular, plural, n)
        return text.format_map({"count": n, **values})

    def number(self, value: float) -> str:
        """A number as it is written in this language, with at most one decimal place."""
        return format_decimal(round(value, 1), locale=self.language)

    @property
    def html_language(self) -> str:
        """The language as HTML names it: zh-CN."""
        return self.language.replace("_", "-")


def choose_language(chosen: str, accepted: str) -> str:
    """The language for somebody who has chosen one ("" for none) and whose browser accepts some.

    Args:
        accepted: an Accept-Language header; what cannot be understood in it is passed over.
    """
    if chosen in LANGUAGES:
        return chosen
    wanted = [name for name in map(_locale_name, _by_preference(accepted)) if name]
    return negotiate_locale(wanted, LANGUAGES) or SOURCE_LANGUAGE


def _by_preference(accepted: str) -> Sequence[str]:
    tags = (part.partition(";") for part in accepted[:200].split(","))
    return [tag.strip() for _, tag in sorted((-_quality(rest), tag) for tag, _, rest in tags)]


def _quality(parameters: str) -> float:
    try:
        return float(parameters.strip().removeprefix("q="))
    except ValueError:
        return 1.0


def _locale_name(tag: str) -> str:
    """zh, zh-Hans and zh-CN are written alike; zh-TW is not."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return ""
    if locale.language == "zh" and (locale.script == "Hans" or (not locale.territory and not locale.script)):
        return "zh_CN"
    return str(locale)


@functools.cache
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
