"""Arabic letters joined to their neighbours, for fonts drawn one glyph at a time.

Source: the joining rules of Unicode's chapter 9.2; the forms are those of its presentation blocks, by their decompositions.
"""

import re
import unicodedata
from functools import cache
from typing import Final

import attrs

_BLOCKS: Final = (range(0xFB50, 0xFDFD), range(0xFE70, 0xFEFD))
_ARABIC: Final = re.compile("[\u0620-\u06ff]+")
_STRETCH: Final = "\u0640"


@attrs.frozen
class _Forms:
    """Glyphs by the letter or the ligature's letters, by whether they join what is before and what is after."""

    alone: dict[str, str]
    initial: dict[str, str]
    medial: dict[str, str]
    final: dict[str, str]


def join_letters(text: str) -> str:
    """The same text, in logical order, with each Arabic letter in the form that its place in the word asks for."""
    return _ARABIC.sub(lambda match: _joined(match.group()), text)


def _joined(word: str) -> str:
    forms = _forms()
    units = _units(word, forms)
    letters = [place for place, unit in enumerate(units) if not unicodedata.combining(unit[0])]
    shaped = list(units)
    for place, before, after in zip(letters, [None, *letters[:-1]], [*letters[1:], None], strict=True):
        joins_before = (
            before is not None and _joins_next(units[before], forms) and _joins_last(units[place], forms)
        )
        joins_after = (
            after is not None and _joins_next(units[place], forms) and _joins_last(units[after], forms)
        )
        shaped[place] = _form(units[place], joins_before, joins_after, forms)
    return "".join(shaped)


def _form(unit: str, joins_before: bool, joins_after: bool, forms: _Forms) -> str:
    if joins_before and joins_after:
        return forms.medial.get(unit, unit)
    if joins_before:
        return forms.final.get(unit, unit)
    return (forms.initial if joins_after else forms.alone).get(unit, unit)


def _units(word: str, forms: _Forms) -> list[str]:
    """Letters, lam with alef as one, and marks."""
    units: list[str] = []
    for letter in word:
        if units and units[-1] + letter in forms.alone:
            units[-1] += letter
        else:
            units.append(letter)
    return units


def _joins_next(unit: str, forms: _Forms) -> bool:
    return unit == _STRETCH or unit in forms.initial


def _joins_last(unit: str, forms: _Forms) -> bool:
    return unit == _STRETCH or unit in forms.final


@cache
def _forms() -> _Forms:
    forms = _Forms({}, {}, {}, {})
    tables = {
        "<isolated>": forms.alone,
        "<initial>": forms.initial,
        "<medial>": forms.medial,
        "<final>": forms.final,
    }
    for code in (code for block in _BLOCKS for code in block):
        kind, *letters = unicodedata.decomposition(chr(code)).split()[:4] or [""]
        unit = "".join(chr(int(letter, 16)) for letter in letters)
        if kind in tables and (len(unit) == 1 or _is_lam_alef(unit)):
            tables[kind].setdefault(unit, chr(code))
    return forms


def _is_lam_alef(unit: str) -> bool:
    return len(unit) == 2 and unit[0] == "\u0644" and unit[1] in "\u0622\u0623\u0625\u0627"
